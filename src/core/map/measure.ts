import type { Sample, Share, TraceState } from '../evidence.js'
import { type RepeatBasis, readRepeats, repeatBases, type SameInput } from '../retries.js'
import { addValue, emptySample } from '../sample.js'
import { durationMs, type TraceStructure } from '../structure.js'
import type { Trace, TraceSpan } from '../trace.js'
import { modelCalls } from '../usage.js'
import { stepFaults, structureFaults } from './conformance.js'
import { type DeclaredMap, type MapStep, stepsTaken, type Taken } from './declared.js'
import { type Recorded, recordedTally, type ToolCalls, toolTally } from './recorded.js'
import { type ObservedStep, observedSteps } from './suggest.js'
import { type Undeclared, undeclaredTally } from './undeclared.js'
import { type Verdicts, verdictTally } from './verdicts.js'

/** A trace as the pass meets it. */
export interface MetTrace {
  trace: Trace
  structure: TraceStructure
  /** The span that stands for the run; undefined where the trace is no run of the workflow by itself. */
  root: TraceSpan | undefined
}

export interface MapOptions {
  /** Empty where `workflow.map` declares nothing. */
  map: DeclaredMap
  sameInput: SameInput
  /** A step in a smaller share of the runs is not proposed. */
  minShare: number
}

/** One declared step over all runs. */
export interface StepMeasure {
  step: MapStep
  /** Runs that have it. */
  runs: number
  spans: number
  latencyMs: Sample
}

/** What the declared map and the observed traces have to say of each other. */
export interface MapMeasure extends Omit<Verdicts, 'conforming'> {
  /** Undefined without a declared map: nothing can conform to it. */
  conforming: Share | undefined
  states: Record<TraceState, number>
  steps: StepMeasure[]
  undeclared: Undeclared
  repeats: Record<'retries' | 'fallbacks', Record<RepeatBasis, { runs: number; spans: number }>>
  tools: ToolCalls
  recorded: Recorded
  observed: ObservedStep[]
}

/** Reads the traces of one platform in one pass; what is kept of a trace is numbers, and its request's id. */
export function measureMap(traces: Iterable<MetTrace>, { map, sameInput, minShare }: MapOptions): MapMeasure {
  const parts = {
    steps: stepTally(map),
    undeclared: undeclaredTally(map),
    repeats: repeatTally(sameInput),
    tools: toolTally(),
    recorded: recordedTally(),
    observed: observedSteps(),
  }
  const verdicts = verdictTally()
  const states: Record<TraceState, number> = { complete: 0, rootless: 0, 'several roots': 0, orphans: 0, unfinished: 0 }
  for (const { trace, structure, root } of traces) {
    if (root === undefined) {
      verdicts.addOther(trace)
      continue
    }
    const taken = stepsTaken(trace, structure, map)
    const calls = modelCalls(trace, structure)
    verdicts.addRun(trace, [...structureFaults(trace, structure), ...stepFaults(taken, map)])
    states[structure.state] += 1
    parts.steps.add(taken)
    parts.undeclared.add(root, trace.spans, taken)
    parts.repeats.add(trace.spans, calls)
    parts.tools.add(trace.traceId, trace.spans)
    parts.recorded.add([...calls, ...trace.spans.filter(({ kind }) => kind !== 'llm')])
    parts.observed.add(trace.spans)
  }
  const { conforming, ...verdict } = verdicts.result()
  return {
    ...verdict,
    conforming: map.steps.length === 0 ? undefined : conforming,
    states,
    steps: parts.steps.result(),
    undeclared: parts.undeclared.result(),
    repeats: parts.repeats.result(),
    tools: parts.tools.result(),
    recorded: parts.recorded.result(),
    observed: parts.observed.result(minShare),
  }
}

/** Whether a run conforms to the map by itself; whether its request has other traces is another question. */
export function conforms({ trace, structure }: MetTrace, map: DeclaredMap): boolean {
  return (
    structureFaults(trace, structure).length === 0 && stepFaults(stepsTaken(trace, structure, map), map).length === 0
  )
}

function stepTally({ steps }: DeclaredMap) {
  const measures = new Map(steps.map((step) => [step, { step, runs: 0, spans: 0, latencyMs: emptySample() }]))
  return {
    add(taken: readonly Taken[]): void {
      for (const step of new Set(taken.map((each) => each.step))) measures.get(step)!.runs += 1 // all are declared
      for (const { step, span } of taken) {
        const measure = measures.get(step)!
        measure.spans += 1
        addValue(measure.latencyMs, durationMs(span))
      }
    },
    result: (): StepMeasure[] => [...measures.values()],
  }
}

function repeatTally(sameInput: SameInput) {
  const none = () => ({ stated: { runs: 0, spans: 0 }, inferred: { runs: 0, spans: 0 } })
  const repeats: MapMeasure['repeats'] = { retries: none(), fallbacks: none() }
  return {
    add(spans: readonly TraceSpan[], calls: readonly TraceSpan[]): void {
      const found = readRepeats(spans, calls, sameInput)
      for (const sort of ['retries', 'fallbacks'] as const)
        for (const basis of repeatBases) {
          const count = found[basis][sort].length
          repeats[sort][basis].spans += count
          if (count > 0) repeats[sort][basis].runs += 1
        }
    },
    result: () => repeats,
  }
}
