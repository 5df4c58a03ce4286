import { captureTally, type RequiredFields } from './capture.js'
import { costTally, usageTally } from './cost-tally.js'
import type { RepeatCount, RunTally, TraceState } from './evidence.js'
import { groupTally } from './groups.js'
import { entryOf } from './keys.js'
import { metadataTally } from './metadata.js'
import type { Pricer } from './prices.js'
import { promptTally } from './prompts.js'
import { readRepeats, repeatBases, type SameInput } from './retries.js'
import { modelOf, type Run, readRun, stepsOf } from './run.js'
import { addCase, addValue, emptySample, emptyShare } from './sample.js'
import { entrySpans, isInWindow, type Match, runValue, selectedRoot, startOf, type Window } from './select.js'
import { durationMs, readStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'

export interface TallyOptions {
  match: Match
  /** All times when absent. */
  window?: Window | undefined
  required: RequiredFields
  price: Pricer
  sameInput: SameInput
  /** The traces that have a score. */
  scored: { has(traceId: string): boolean }
  /** Sees every run that is counted. */
  onRun?: ((run: Run) => void) | undefined
}

/** Counts the runs of one platform in one pass; what is kept of a trace is numbers, and ten examples of each sort. */
export function tallyRuns(traces: Iterable<Trace>, options: TallyOptions): RunTally {
  const roots = rootTally()
  const parts = {
    outcomes: outcomeTally(options.scored),
    workflows: workflowTally(),
    repeats: repeatTally(options.sameInput),
    usage: usageTally(),
    costs: costTally(),
    steps: stepTally(options.required),
    prompts: promptTally(),
    groups: groupTally(),
  }
  const metadata = metadataTally()
  let outsideWindow = 0
  for (const trace of traces) {
    const structure = readStructure(trace)
    const isInside = isInWindow(startOf(trace), options.window)
    const root = isInside ? selectedRoot(trace, structure, options.match) : undefined
    roots.add(entrySpans(structure), root !== undefined)
    if (!isInside) outsideWindow += 1
    if (root === undefined) continue
    const run = readRun(trace, structure, root, options.price)
    for (const part of Object.values(parts)) part.add(run)
    options.onRun?.(run)
    metadata.add(trace)
  }
  return {
    outsideWindow,
    ...roots.result(),
    ...parts.outcomes.result(),
    ...parts.workflows.result(),
    ...parts.repeats.result(),
    ...parts.usage.result(),
    ...parts.costs.result(),
    ...parts.steps.result(),
    ...parts.prompts.result(),
    groups: parts.groups.result(),
    metadata: metadata.result(),
  }
}

/** What the traces begin with, so that a wrong `workflow.match` can be seen. */
function rootTally() {
  const roots = new Map<string, RunTally['roots'][number]>()
  let traces = 0
  return {
    add(entries: readonly TraceSpan[], isSelected: boolean): void {
      traces += 1
      const inTrace = new Map(entries.map(({ name, service }) => [JSON.stringify([name, service]), { name, service }]))
      for (const [key, root] of inTrace) {
        const entry = entryOf(roots, key, (kept) => ({
          ...(kept === key ? root : { name: kept }),
          traces: 0,
          selected: 0,
        }))
        entry.traces += 1
        if (isSelected) entry.selected += 1
      }
    },
    result: () => ({ traces, roots: [...roots.values()].sort((a, b) => b.traces - a.traces).slice(0, 20) }),
  }
}

function outcomeTally(scoredTraces: TallyOptions['scored']) {
  let runs = 0
  const states: Record<TraceState, number> = { complete: 0, rootless: 0, 'several roots': 0, orphans: 0, unfinished: 0 }
  const [runErrors, spanErrors, tenantKnown, scored] = [emptyShare(), emptyShare(), emptyShare(), emptyShare()]
  const latencyPerRun = emptySample()
  return {
    add({ trace, structure, root, latencyMs }: Run): void {
      runs += 1
      states[structure.state] += 1
      addCase(runErrors, root.status === 'error')
      for (const { status } of trace.spans) addCase(spanErrors, status === 'error')
      addCase(tenantKnown, Boolean(runValue(trace, root, 'tenant')))
      addCase(scored, scoredTraces.has(trace.traceId))
      addValue(latencyPerRun, latencyMs)
    },
    result: () => ({ runs, states, runErrors, spanErrors, tenantKnown, scored, latencyPerRun }),
  }
}

/** What the selected runs call themselves, so that several workflows under one match can be seen. */
function workflowTally() {
  const workflows = new Map<string, RunTally['workflows'][number]>()
  let firstRunMs: number | undefined
  let lastRunMs: number | undefined
  return {
    add({ trace, root }: Run): void {
      const name = runValue(trace, root, 'workflow') || root.name
      entryOf(workflows, name, (kept) => ({ name: kept, runs: 0 })).runs += 1
      const startMs = startOf(trace)
      if (startMs === undefined) return
      firstRunMs = Math.min(firstRunMs ?? startMs, startMs)
      lastRunMs = Math.max(lastRunMs ?? startMs, startMs)
    },
    result: () => ({ firstRunMs, lastRunMs, workflows: [...workflows.values()].sort((a, b) => b.runs - a.runs) }),
  }
}

function repeatTally(sameInput: SameInput) {
  const none = (): RepeatCount => ({
    runs: 0,
    spans: 0,
    examples: [],
    stated: { runs: 0, spans: 0 },
    inferred: { runs: 0, spans: 0 },
  })
  const repeats = { retries: none(), fallbacks: none() }
  return {
    add({ trace, calls }: Run): void {
      const found = readRepeats(trace.spans, calls, sameInput)
      for (const sort of ['retries', 'fallbacks'] as const) {
        const count = repeats[sort]
        for (const basis of repeatBases) {
          const spans = found[basis][sort].length
          if (spans === 0) continue
          count.spans += spans
          count[basis].spans += spans
          count[basis].runs += 1
        }
        if (found.stated[sort].length + found.inferred[sort].length === 0) continue
        count.runs += 1
        if (count.examples.length < 10) count.examples.push(trace.traceId)
      }
    },
    result: () => repeats,
  }
}

function stepTally(required: RequiredFields) {
  const [modelKnown, stepsTimed] = [emptyShare(), emptyShare()]
  const capture = captureTally(required)
  return {
    add(run: Run): void {
      const isCall = new Set(run.calls)
      for (const call of run.calls) addCase(modelKnown, modelOf(call) !== undefined)
      for (const step of stepsOf(run)) addCase(stepsTimed, durationMs(step) !== undefined)
      // A wrapper around a model call is none: what it lacks, the call has.
      for (const span of run.trace.spans) if (span.kind !== 'llm' || isCall.has(span)) capture.add(span)
    },
    result: () => ({ modelKnown, stepsTimed, capture: capture.result() }),
  }
}
