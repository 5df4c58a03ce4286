import { PilotError } from '../core/errors.js'
import { feedbackFilters, traceOrders } from '../core/trace-row.js'
import { msOfMoment } from '../formats/time.js'
import type { TraceQuery } from '../jobs/find-traces.js'

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
  sort: string
  limit: string
}

/** The query that the options ask. Throws `PilotError` naming the option that cannot be read. */
export function readTraceFilter(flags: TraceFlags): TraceQuery {
  const { platform, tenant, user, model, prompt, release, text } = flags
  return {
    filter: {
      ...{ platform, tenant, user, model, prompt, release },
      sinceMs: time('--since', flags.since),
      untilMs: time('--until', flags.until),
      status: flags.status === undefined ? undefined : oneOf('--status', flags.status, ['ok', 'error'] as const),
      minLatencyMs: duration('--min-latency', flags.minLatency),
      minCostUsd: number('--min-cost', flags.minCost, 'US dollars, such as 0.05'),
    },
    feedback: flags.feedback === undefined ? undefined : oneOf('--feedback', flags.feedback, feedbackFilters),
    text,
    order: oneOf('--sort', flags.sort, traceOrders),
    limit: Math.max(1, Math.floor(number('--limit', flags.limit, 'a count, such as 50') ?? 20)),
  }
}

function time(option: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const ms = msOfMoment(written)
  if (ms === undefined)
    throw unreadable(option, 'a time such as 2026-03-02 or 2026-03-02T10:00Z (UTC where it names no zone)')
  return ms
}

function duration(option: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(written)
  if (!match) throw unreadable(option, 'a duration such as 500ms, 2s or 1m')
  return Number(match[1]) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h']
}

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
