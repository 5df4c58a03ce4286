import type { TraceState } from './evidence.js'
import { foldText } from './fold-text.js'
import type { Pricer } from './prices.js'
import { type Run, readRun } from './run.js'
import { startOf } from './select.js'
import type { Feedback } from './span.js'
import { readStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'

/** One trace in one line: what a list shows, sorts and filters by. */
export interface TraceRow {
  platform: string
  traceId: string
  root: string
  startMs: number | undefined
  latencyMs: number | undefined
  /** `error` when any span failed. */
  status: 'ok' | 'error'
  state: TraceState
  spans: number
  tokens: { input: number | undefined; output: number | undefined }
  costUsd: number | undefined
  tenants: string[]
  users: string[]
  releases: string[]
  models: string[]
  /** `name@version`, or the name alone where the version is unknown. */
  prompts: string[]
  requests: string[]
  sessions: string[]
}

/** The row of a trace; undefined for one without spans. */
export function traceRow(trace: Trace, price: Pricer): TraceRow | undefined {
  const structure = readStructure(trace)
  const { root } = structure
  return root && runRow(readRun(trace, structure, root, price))
}

/** The row of a trace that was read as a run; its root is the one that stands for the run. */
export function runRow({ trace, structure, root, ...run }: Run): TraceRow {
  const distinct = (read: (span: TraceSpan) => string | undefined) => [
    ...new Set(trace.spans.map(read).filter((value) => value !== undefined)),
  ]
  return {
    platform: trace.platform,
    traceId: trace.traceId,
    root: root.name,
    startMs: startOf(trace),
    latencyMs: run.latencyMs,
    status: trace.spans.some(({ status }) => status === 'error') ? 'error' : 'ok',
    state: structure.state,
    spans: trace.spans.length,
    tokens: { input: run.usage.tokens.input, output: run.usage.tokens.output },
    costUsd: run.cost.total,
    tenants: distinct(({ tenant }) => tenant),
    users: distinct(({ user }) => user),
    releases: distinct(({ release }) => release),
    models: [
      ...new Set([...distinct(({ requestModel }) => requestModel), ...distinct(({ responseModel }) => responseModel)]),
    ],
    prompts: distinct(({ promptName, promptVersion }) =>
      promptName === undefined || promptVersion === undefined ? promptName : `${promptName}@${promptVersion}`,
    ),
    requests: distinct(({ request }) => request),
    sessions: distinct(({ session }) => session),
  }
}

/** What a list of traces is narrowed to; every condition must hold. */
export interface TraceFilter {
  platform?: string | undefined
  sinceMs?: number | undefined
  untilMs?: number | undefined
  status?: 'ok' | 'error' | undefined
  /** Of people and sessions: one of these spellings, whatever its case. */
  tenant?: readonly string[] | undefined
  user?: readonly string[] | undefined
  session?: readonly string[] | undefined
  /** The id of a request, and of the trace that the request log joins to it. */
  request?: { id: string; traceId: string | undefined } | undefined
  /** Begun at most `withinMs` before or after. */
  near?: { ms: number; withinMs: number } | undefined
  model?: string | undefined
  /** `name` or `name@version`. */
  prompt?: string | undefined
  release?: string | undefined
  minLatencyMs?: number | undefined
  minCostUsd?: number | undefined
}

/** True when a row meets the filter; an unknown latency or cost meets no minimum. */
export function meets(row: TraceRow, filter: TraceFilter): boolean {
  const holds = (wanted: string | undefined, values: readonly string[]) =>
    wanted === undefined || values.includes(wanted)
  const atLeast = (least: number | undefined, value: number | undefined) =>
    least === undefined || (value !== undefined && value >= least)
  const { prompt, request, near } = filter
  return (
    atLeast(filter.sinceMs, row.startMs) &&
    (filter.untilMs === undefined || (row.startMs !== undefined && row.startMs < filter.untilMs)) &&
    holds(filter.status, [row.status]) &&
    isSpelled(filter.tenant, row.tenants) &&
    isSpelled(filter.user, row.users) &&
    isSpelled(filter.session, row.sessions) &&
    (request === undefined || row.requests.includes(request.id) || row.traceId === request.traceId) &&
    (near === undefined || awayFrom(row, near.ms) <= near.withinMs) &&
    holds(filter.model, row.models) &&
    (prompt === undefined || row.prompts.some((used) => used === prompt || used.startsWith(`${prompt}@`))) &&
    holds(filter.release, row.releases) &&
    atLeast(filter.minLatencyMs, row.latencyMs) &&
    atLeast(filter.minCostUsd, row.costUsd)
  )
}

function isSpelled(wanted: readonly string[] | undefined, values: readonly string[]): boolean {
  if (wanted === undefined) return true
  return values.some((value) => wanted.some((spelling) => spelling === value || foldText(spelling) === foldText(value)))
}

/** Milliseconds from a moment to the start of a run, either way; infinite where the start is unknown. */
export function awayFrom({ startMs }: Pick<TraceRow, 'startMs'>, ms: number): number {
  return startMs === undefined ? Number.POSITIVE_INFINITY : Math.abs(startMs - ms)
}

/** Compares rows for a list that begins with the nearest to a moment. */
export function byNearness(ms: number): (a: TraceRow, b: TraceRow) => number {
  return (a, b) => {
    const [near, far] = [awayFrom(a, ms), awayFrom(b, ms)]
    return near === far ? (a.traceId < b.traceId ? -1 : 1) : near - far
  }
}

export const traceOrders = ['time', 'latency', 'cost', 'tokens'] as const
export type TraceOrder = (typeof traceOrders)[number]

/** Compares rows for a list: the newest, longest, dearest or largest first, unknown values last. */
export function byOrder(order: TraceOrder): (a: TraceRow, b: TraceRow) => number {
  const value: Record<TraceOrder, (row: TraceRow) => number | undefined> = {
    time: (row) => row.startMs,
    latency: (row) => row.latencyMs,
    cost: (row) => row.costUsd,
    tokens: ({ tokens }) =>
      tokens.input === undefined && tokens.output === undefined
        ? undefined
        : (tokens.input ?? 0) + (tokens.output ?? 0),
  }
  const read = (row: TraceRow) => value[order](row) ?? Number.NEGATIVE_INFINITY
  return (a, b) => read(b) - read(a) || (a.traceId < b.traceId ? -1 : 1)
}

/** What feedback a list can be narrowed to. */
export const feedbackFilters = ['any', 'up', 'down', 'rating', 'edit', 'retry', 'escalation', 'comment'] as const
export type FeedbackFilter = (typeof feedbackFilters)[number]

/** True when one piece of feedback is of the wanted sort. */
export function isFeedback({ kind, value }: Feedback, wanted: FeedbackFilter): boolean {
  if (wanted === 'any') return true
  if (wanted === 'up' || wanted === 'down') return kind === 'thumbs' && value === (wanted === 'up' ? 1 : -1)
  return kind === wanted
}
