import { costBySpan } from './cost.js'
import { criticalPath } from './critical-path.js'
import type { Sample, Share } from './evidence.js'
import { entryOf } from './keys.js'
import type { Run } from './run.js'
import { addCase, addValue, emptySample, emptyShare } from './sample.js'
import { selfTimes } from './self-time.js'
import type { SpanKind } from './span.js'
import { fieller } from './stats/ratio.js'
import { stepName } from './step.js'
import { durationMs } from './structure.js'
import type { TraceSpan } from './trace.js'

/** Where the time and the money of one step went, over all runs whose latency is known. Every span is a step here. */
export interface StepTime {
  step: string
  /** Undefined of steps that are counted together. */
  kind: SpanKind | undefined
  /** Runs in which it occurs. */
  runs: number
  spans: number
  /** Of each span, from its start to its end. */
  wallMs: Sample
  /** In the step itself, and its part of that of all steps; undefined where no span of it is timed. */
  selfMs: number | undefined
  selfShare: number | undefined
  /** On the critical path, and its part of the time of all runs; undefined where no span of it is timed. */
  pathMs: number | undefined
  pathShare: number | undefined
  /** 95 %, over the runs; undefined where too few of them have the step. */
  pathInterval: { low: number; high: number } | undefined
  /** Undefined where the cost of no span is known; what a step above repeats is not counted twice. */
  costUsd: number | undefined
  costShare: number | undefined
  errors: Share
}

/** Which steps the time of the runs was spent in. */
export interface CriticalPath {
  /** Runs whose latency is known. */
  runs: number
  /** Runs whose latency is not. */
  leftOut: number
  /** Of all these runs together; undefined of none. */
  totalMs: number | undefined
  /** What is known of their cost, and of how many it is not wholly known. */
  costUsd: number | undefined
  costUnknownRuns: number
  /** The most time on the critical path first. */
  steps: StepTime[]
}

/** From so many runs that have the step on, the interval of its share is shown: of fewer it would be too narrow. */
const fewestRuns = 20

interface Entry {
  step: string
  kind: SpanKind | undefined
  runs: number
  spans: number
  wallMs: Sample
  timed: number
  selfMs: number
  pathMs: number
  /** Sums over the runs of the time on the path squared, and times the latency. */
  pathSquares: number
  pathByLatency: number
  costUsd: number | undefined
  errors: Share
}

interface Totals {
  runs: number
  leftOut: number
  costUnknownRuns: number
  latencyMs: number
  latencySquares: number
}

/** Adds up time and cost per step over runs that are added one by one; only numbers are kept of them. */
export function criticalPathTally() {
  const steps = new Map<string, Entry>()
  const totals: Totals = { runs: 0, leftOut: 0, costUnknownRuns: 0, latencyMs: 0, latencySquares: 0 }
  return {
    add(run: Run): void {
      if (run.latencyMs === undefined) totals.leftOut += 1
      else {
        totals.runs += 1
        totals.latencyMs += run.latencyMs
        totals.latencySquares += run.latencyMs ** 2
        if (run.cost.total === undefined) totals.costUnknownRuns += 1
        addRun(steps, run, run.latencyMs)
      }
    },
    result: (): CriticalPath => resultOf([...steps.values()], totals),
  }
}

function addRun(steps: Map<string, Entry>, { trace, structure, root, cost }: Run, latencyMs: number): void {
  const self = selfTimes(trace, structure)
  const costs = costBySpan(trace, structure, cost)
  const onPath = pathTimes(criticalPath(trace, structure, root))
  const pathMs = new Map<Entry, number>()
  for (const span of trace.spans) {
    const step = stepName(span)
    const entry = entryOf(steps, `${span.kind} ${step}`, (kept) => emptyEntry(span.kind, step, kept))
    addSpan(entry, span, { selfMs: self.get(span), costUsd: costs.get(span) })
    pathMs.set(entry, (pathMs.get(entry) ?? 0) + (onPath.get(span) ?? 0))
  }
  for (const [entry, ms] of pathMs) {
    entry.runs += 1
    entry.pathMs += ms
    entry.pathSquares += ms * ms
    entry.pathByLatency += ms * latencyMs
  }
}

function pathTimes(path: ReturnType<typeof criticalPath>): Map<TraceSpan, number> {
  const times = new Map<TraceSpan, number>()
  for (const { span, startMs, endMs } of path) times.set(span, (times.get(span) ?? 0) + endMs - startMs)
  return times
}

/** Steps beyond those that are kept apart have neither name nor kind of their own. */
function emptyEntry(kind: SpanKind, step: string, kept: string): Entry {
  const named = kept === `${kind} ${step}` ? { step, kind } : { step: kept, kind: undefined }
  const counts = { runs: 0, spans: 0, timed: 0, selfMs: 0, pathMs: 0, pathSquares: 0, pathByLatency: 0 }
  return { ...named, ...counts, wallMs: emptySample(), costUsd: undefined, errors: emptyShare() }
}

function addSpan(
  entry: Entry,
  span: TraceSpan,
  { selfMs, costUsd }: { selfMs: number | undefined; costUsd: number | undefined },
): void {
  entry.spans += 1
  addValue(entry.wallMs, durationMs(span))
  addCase(entry.errors, span.status === 'error')
  if (selfMs !== undefined) {
    entry.timed += 1
    entry.selfMs += selfMs
  }
  if (costUsd !== undefined) entry.costUsd = (entry.costUsd ?? 0) + costUsd
}

function resultOf(entries: readonly Entry[], totals: Totals): CriticalPath {
  let selfMs = 0
  let costUsd: number | undefined
  for (const entry of entries) {
    selfMs += entry.selfMs
    if (entry.costUsd !== undefined) costUsd = (costUsd ?? 0) + entry.costUsd
  }
  const { runs, leftOut, costUnknownRuns, latencyMs } = totals
  return {
    ...{ runs, leftOut, costUnknownRuns, costUsd },
    totalMs: runs === 0 ? undefined : latencyMs,
    steps: entries
      .map((entry) => stepTime(entry, totals, { selfMs, costUsd: costUsd ?? 0 }))
      .sort(
        (a, b) =>
          (b.pathMs ?? -1) - (a.pathMs ?? -1) || (b.selfMs ?? -1) - (a.selfMs ?? -1) || (a.step < b.step ? -1 : 1),
      ),
  }
}

function stepTime(entry: Entry, totals: Totals, all: { selfMs: number; costUsd: number }): StepTime {
  const { step, kind, runs, spans, wallMs, timed, costUsd, errors } = entry
  const [selfMs, pathMs] = timed === 0 ? [undefined, undefined] : [entry.selfMs, entry.pathMs]
  return {
    ...{ step, kind, runs, spans, wallMs },
    selfMs,
    selfShare: shareOf(selfMs, all.selfMs),
    pathMs,
    pathShare: shareOf(pathMs, totals.latencyMs),
    pathInterval: pathMs === undefined || runs < fewestRuns ? undefined : pathInterval(entry, totals),
    costUsd,
    costShare: shareOf(costUsd, all.costUsd),
    errors,
  }
}

function pathInterval(entry: Entry, { runs, latencyMs, latencySquares }: Totals) {
  const [meanX, meanY] = [latencyMs / runs, entry.pathMs / runs]
  const interval = fieller({
    ...{ n: runs, meanX, meanY },
    xx: latencySquares - latencyMs * meanX,
    yy: entry.pathSquares - entry.pathMs * meanY,
    xy: entry.pathByLatency - latencyMs * meanY,
  })
  return interval && { low: Math.max(0, interval.low), high: Math.min(1, interval.high) }
}

function shareOf(part: number | undefined, whole: number): number | undefined {
  return part === undefined || whole === 0 ? undefined : part / whole
}
