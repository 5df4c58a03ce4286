import { PilotError } from '../core/errors.js'
import { feedbackFilters, traceOrders } from '../core/trace-row.js'
import type { TraceQuery } from '../jobs/find-traces.js'
import { readTime } from './ticket-time.js'

/** The options of `pilot traces` as typed. */
export interface TraceFlags {
  platform?: string
  since?: string
  until?: string
  status?: string
  tenant?: string
  user?: string
  model?: string
  prompt?: string
  release?: string
  minLatency?: string
  minCost?: string
  feedback?: string
  text?: string
  session?: string
  request?: string
  around?: string
  within?: string
  zone?: string
  sort?: string
  limit: string
}

/**
 * The query that the options ask, as typed: people and phrases are not yet as the privacy rules have left them. Throws `PilotError`
 * naming the option that cannot be read.
 */
export function readTraceFilter(flags: TraceFlags, nowMs: number): TraceQuery {
  const { platform, model, prompt, release, tenant, user, session, request, text, zone } = flags
  const time = (option: string, written: string | undefined) =>
    written === undefined ? undefined : readTime(option, written, { zone, nowMs })
  const spelled = (value: string | undefined) => (value === undefined ? undefined : [value])
  return {
    filter: {
      ...{ platform, model, prompt, release },
      ...{ tenant: spelled(tenant), user: spelled(user), session: spelled(session) },
      request: request === undefined ? undefined : { id: request.trim(), traceId: undefined },
      near: nearOf(flags, time('--around', flags.around)),
      sinceMs: time('--since', flags.since),
      untilMs: time('--until', flags.until),
      status: flags.status === undefined ? undefined : oneOf('--status', flags.status, ['ok', 'error'] as const),
      minLatencyMs: duration('--min-latency', flags.minLatency),
      minCostUsd: number('--min-cost', flags.minCost, 'US dollars, such as 0.05'),
    },
    feedback: flags.feedback === undefined ? undefined : oneOf('--feedback', flags.feedback, feedbackFilters),
    text: spelled(text),
    order: flags.sort === undefined ? undefined : oneOf('--sort', flags.sort, traceOrders),
    limit: Math.max(1, Math.floor(number('--limit', flags.limit, 'a count, such as 50') ?? 20)),
  }
}

function nearOf({ within }: TraceFlags, ms: number | undefined): { ms: number; withinMs: number } | undefined {
  if (ms !== undefined) return { ms, withinMs: duration('--within', within) ?? defaultWithinMs }
  if (within === undefined) return undefined
  throw new PilotError('--within says how far from --around.', { hint: "--around '2026-03-02 14:05' --within 15m" })
}

/** How far off a customer may be who looked at a clock. */
const defaultWithinMs = 15 * 60_000

function duration(option: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(written)
  if (!match) throw unreadable(option, 'a duration such as 500ms, 2s or 1m')
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as Unit]
}

type Unit = 'ms' | 's' | 'm' | 'h' | 'd'

function number(option: string, written: string | undefined, expected: string): number | undefined {
  if (written === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(written)) return Number(written)
  throw unreadable(option, expected)
}

function oneOf<T extends string>(option: string, written: string, known: readonly T[]): T {
  const found = known.find((value) => value === written)
  if (found === undefined) throw unreadable(option, `one of ${known.join(', ')}`)
  return found
}

function unreadable(option: string, expected: string): PilotError {
  return new PilotError(`${option} takes ${expected}.`, { hint: 'pilot traces --help has examples.' })
}
