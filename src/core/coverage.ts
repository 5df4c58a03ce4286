import type { Coverage, Share } from './evidence.js'
import { isInWindow, type Window } from './select.js'
import { type Request, type RequestOrigin, requestOrigins } from './span.js'

/** A trace as far as joining a request needs it. */
export interface TraceRef {
  traceId: string
  /** When it began, epoch milliseconds. */
  startMs?: number | undefined
  /** Whether `workflow.match` and the window select it. */
  selected: boolean
}

/** Finds the traces of one platform by either id that a request has. */
export interface RequestJoin {
  byTraceId(id: string): readonly TraceRef[]
  byRequestId(id: string): readonly TraceRef[]
}

export interface CoverageOptions {
  /** How far a trace may begin from its request before it is late. */
  lateAfterMs: number
  /** Requests outside it are not counted. */
  window?: Window | undefined
  /** How many of the runs carry a request id: told when nothing joins. */
  runsWithRequestId?: Share | undefined
}

/** How many requests of each origin have their trace, or why that cannot be said. */
export interface MeasuredCoverage {
  coverage: Record<RequestOrigin, Coverage>
  /** Set when there are requests and none joins: then no count of missing traces means anything. */
  unjoinable: string | undefined
}

/** Joins requests, in order of time, to traces by trace id and by request id; a trace found by both is one trace. */
export function measureCoverage(
  requests: Iterable<Request>,
  join: RequestJoin,
  { lateAfterMs, window, runsWithRequestId }: CoverageOptions,
): MeasuredCoverage {
  const coverage = Object.fromEntries(requestOrigins.map((origin) => [origin, none()])) as Record<
    RequestOrigin,
    Coverage
  >
  const seen = { requests: 0, withTraceId: 0, joined: 0 }
  for (const request of requests) {
    if (!isInWindow(request.timeMs, window)) continue
    const traces = tracesOf(request, join)
    count(coverage[request.origin], request, traces, lateAfterMs)
    seen.requests += 1
    if (request.traceId !== undefined) seen.withTraceId += 1
    if (traces.length > 0) seen.joined += 1
  }
  return { coverage, unjoinable: seen.joined === 0 ? reasonOf(seen, runsWithRequestId) : undefined }
}

function none(): Coverage {
  const examples = { missing: [], outside: [], duplicate: [], late: [] }
  return { requests: 0, present: 0, missing: 0, outside: 0, duplicate: 0, late: 0, examples }
}

function tracesOf({ id, traceId }: Request, join: RequestJoin): TraceRef[] {
  const found = [...(traceId === undefined ? [] : join.byTraceId(traceId)), ...join.byRequestId(id)]
  return [...new Map(found.map((trace) => [trace.traceId, trace])).values()]
}

function count(coverage: Coverage, request: Request, traces: readonly TraceRef[], lateAfterMs: number): void {
  const note = (what: keyof Coverage['examples']) => {
    coverage[what] += 1
    if (coverage.examples[what].length < 10) coverage.examples[what].push(request.id)
  }
  const selected = traces.filter((trace) => trace.selected)
  coverage.requests += 1
  if (selected.length > 0) coverage.present += 1
  else note(traces.length > 0 ? 'outside' : 'missing')
  if (selected.length > 1) note('duplicate')
  if (selected.length > 0 && isLate(request, selected, lateAfterMs)) note('late')
}

/** By the trace that began closest to the request; a trace whose start is unknown is not called late. */
function isLate({ timeMs }: Request, traces: readonly TraceRef[], lateAfterMs: number): boolean {
  return traces.every(({ startMs }) => startMs !== undefined && Math.abs(startMs - timeMs) > lateAfterMs)
}

function reasonOf(seen: { requests: number; withTraceId: number }, runs: Share | undefined): string | undefined {
  if (seen.requests === 0) return undefined
  const carried = runs === undefined ? '' : ` (${runs.x} of ${runs.n} runs carry one)`
  return `Requests and traces have no id in common: of ${seen.requests} requests ${seen.withTraceId} have a trace id, which no trace has, and no request's id is the request id of a trace${carried}.`
}
