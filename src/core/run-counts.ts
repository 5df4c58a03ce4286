import { captureTally, type RequiredFields } from './capture.js'
import type { RepeatCount, RunTally, TraceState } from './evidence.js'
import { entryOf } from './keys.js'
import { readRepeats, repeatBases, type SameInput } from './retries.js'
import { modelOf, type Run, stepsOf } from './run.js'
import { addCase, addValue, emptySample, emptyShare } from './sample.js'
import { runValue, startOf, workflowOf } from './select.js'
import { durationMs } from './structure.js'
import type { TraceSpan } from './trace.js'

/** What the traces begin with, so that a wrong `workflow.match` can be seen. */
export function rootTally() {
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

/** How runs ended, how they hang together and how long they took. */
export function outcomeTally(scoredTraces: { has(traceId: string): boolean }) {
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
export function workflowTally() {
  const workflows = new Map<string, RunTally['workflows'][number]>()
  let firstRunMs: number | undefined
  let lastRunMs: number | undefined
  return {
    add({ trace, root }: Run): void {
      const name = workflowOf(trace, root)
      entryOf(workflows, name, (kept) => ({ name: kept, runs: 0 })).runs += 1
      const startMs = startOf(trace)
      if (startMs === undefined) return
      firstRunMs = Math.min(firstRunMs ?? startMs, startMs)
      lastRunMs = Math.max(lastRunMs ?? startMs, startMs)
    },
    result: () => ({ firstRunMs, lastRunMs, workflows: [...workflows.values()].sort((a, b) => b.runs - a.runs) }),
  }
}

/** Runs in which something was done again, by where that is known from. */
export function repeatTally(sameInput: SameInput) {
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

/** Of how many model calls the model is known, and of how many steps the duration. */
export function stepTally() {
  const [modelKnown, stepsTimed] = [emptyShare(), emptyShare()]
  return {
    add(run: Run): void {
      for (const call of run.calls) addCase(modelKnown, modelOf(call) !== undefined)
      for (const step of stepsOf(run)) addCase(stepsTimed, durationMs(step) !== undefined)
    },
    result: () => ({ modelKnown, stepsTimed }),
  }
}

/** Which required fields the spans carry. */
export function fieldTally(required: RequiredFields) {
  const capture = captureTally(required)
  return {
    add(run: Run): void {
      const isCall = new Set(run.calls)
      // A wrapper around a model call is none: what it lacks, the call has.
      for (const span of run.trace.spans) if (span.kind !== 'llm' || isCall.has(span)) capture.add(span)
    },
    result: () => ({ capture: capture.result() }),
  }
}
