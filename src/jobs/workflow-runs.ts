import type { Config } from '../config/schema.js'
import { createPricer } from '../core/prices.js'
import { type Run, readRun } from '../core/run.js'
import { isInWindow, selectedRoot, startOf } from '../core/select.js'
import type { Request, RequestOrigin } from '../core/span.js'
import { readStructure, type TraceStructure } from '../core/structure.js'
import type { Trace, TraceSpan } from '../core/trace.js'
import { eachTrace } from '../store/each-trace.js'
import type { Store } from '../store/open.js'
import { eachRequest } from '../store/requests.js'
import { windowOf } from './platforms.js'

/** Where a run comes from, by the request log; `not logged` are runs of no request in it. */
export type RunOrigin = RequestOrigin | 'not logged'

/** A run of the workflow in the window, and the request that it answered, where the log has it. */
interface WorkflowRun {
  run: Run
  startMs: number | undefined
  request: Request | undefined
}

interface WorkflowRuns {
  /** Those of a platform, by trace id, one at a time. */
  runsOn(platform: string): Generator<WorkflowRun>
  /** Runs that are no production, and were not asked for; counted as `runsOn` meets them. */
  refused: Partial<Record<RunOrigin, number>>
  /** False without a request log: then nobody knows what is production. */
  hasRequestLog: boolean
}

/** The runs of the workflow in the window; production only, unless more is asked for. */
export function workflowRuns(db: Store, config: Config, options: Parameters<typeof workflowTraces>[2]): WorkflowRuns {
  const traces = workflowTraces(db, config, options)
  const price = createPricer(config.prices)
  function* runsOn(platform: string): Generator<WorkflowRun> {
    for (const { trace, structure, root, startMs, request } of traces.tracesOn(platform))
      if (root !== undefined) yield { run: readRun(trace, structure, root, price), startMs, request }
  }
  return { runsOn, refused: traces.refused, hasRequestLog: traces.hasRequestLog }
}

/** A trace before anything is priced; without a root where it is no run of the workflow in the window. */
interface WorkflowTrace {
  trace: Trace
  structure: TraceStructure
  root: TraceSpan | undefined
  startMs: number | undefined
  request: Request | undefined
}

interface WorkflowTraces extends Omit<WorkflowRuns, 'runsOn'> {
  /** All of a platform but the runs that are refused, by trace id, one at a time. */
  tracesOn(platform: string): Generator<WorkflowTrace>
}

/** As `workflowRuns`, with the traces that are no run by themselves, which may be parts of one; read in full, or as `read` does. */
export function workflowTraces(
  db: Store,
  config: Config,
  {
    include,
    read = eachTrace,
  }: { include: readonly RunOrigin[]; read?: (db: Store, platform: string) => Iterable<Trace> },
): WorkflowTraces {
  const requests = requestIndex(db)
  const wanted = new Set<RunOrigin>(['production', ...include])
  const refused: WorkflowRuns['refused'] = {}
  const window = windowOf(config)
  function* tracesOn(platform: string): Generator<WorkflowTrace> {
    for (const trace of read(db, platform)) {
      const structure = readStructure(trace)
      const selected = selectedRoot(trace, structure, config.workflow.match)
      const startMs = startOf(trace)
      const root = isInWindow(startMs, window) ? selected : undefined
      const request = requestOf(trace, requests)
      const origin = originIn(request, requests)
      if (root === undefined || wanted.has(origin)) yield { trace, structure, root, startMs, request }
      else refused[origin] = (refused[origin] ?? 0) + 1
    }
  }
  return { tracesOn, refused, hasRequestLog: requests.size > 0 }
}

/** Where a run comes from: its trace asked of the request log, which is read once. */
export function originReader(db: Store): (trace: Trace) => RunOrigin {
  const requests = requestIndex(db)
  return (trace) => originIn(requestOf(trace, requests), requests)
}

/** Without a request log nobody knows what is no production. */
function originIn(request: Request | undefined, requests: ReadonlyMap<string, Request>): RunOrigin {
  return request?.origin ?? (requests.size === 0 ? 'production' : 'not logged')
}

/** Requests by their own id and by that of their trace. */
function requestIndex(db: Store): Map<string, Request> {
  const index = new Map<string, Request>()
  for (const request of eachRequest(db))
    for (const id of [request.id, request.traceId]) if (id !== undefined) index.set(id, request)
  return index
}

/** The first request of a trace that is no production, since one makes the run none, as `measuredTraces` has it; else its first. */
function requestOf(trace: Trace, requests: ReadonlyMap<string, Request>): Request | undefined {
  if (requests.size === 0) return undefined
  let first = requests.get(trace.traceId)
  if (first !== undefined && first.origin !== 'production') return first
  for (const { request: id } of trace.spans) {
    const request = id === undefined ? undefined : requests.get(id)
    if (request !== undefined && request.origin !== 'production') return request
    first ??= request
  }
  return first
}
