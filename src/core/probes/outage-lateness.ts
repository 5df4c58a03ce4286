import { newcombe } from '../stats/proportion.js'
import { type Summary, summarise } from '../summary.js'
import type { AnsweredRequest, OutageLimits } from './outage.js'

/** What the control knows of one request. */
export interface ControlRequest {
  /** In the first run without a fault, and in the second. */
  ms: number | undefined
  againMs: number | undefined
  answer: string | undefined
}

/** How much longer requests took than the same requests in the control. */
export interface Lateness {
  added: Summary
  /** Milliseconds beyond which a request is late. */
  limitMs: number
  /** Late requests, and how many are as late in the second run of the control. */
  late: number
  usuallyLate: number
  isLate: 'yes' | 'no' | 'unknown'
}

/** The share of requests that may be over the limit: the 95th percentile is held to it. */
const mayBeLate = 0.05

/**
 * Compares a run with the control, request by request. Requests are late where more than 1 in 20 are, and the 95 % interval
 * (Newcombe) says that these are more than the control has by itself; `unknown` where it does not.
 */
export function latenessOf(
  requests: readonly AnsweredRequest[],
  pairs: ReadonlyMap<number, ControlRequest>,
  { usualMs, budget }: { usualMs: number; budget: OutageLimits['latencyBudget'] },
): Lateness {
  const values: number[] = []
  let unknown = 0
  for (const { number, ms } of requests) {
    const before = pairs.get(number)
    if (before === undefined) continue
    if (ms === undefined || before.ms === undefined) unknown += 1
    else values.push(ms - before.ms)
  }
  const usual = [...pairs.values()].flatMap(({ ms, againMs }) =>
    ms === undefined || againMs === undefined ? [] : [againMs - ms],
  )
  const limitMs = Math.max(budget.ms, budget.share * usualMs)
  const isOver = (value: number) => value > limitMs
  const [late, usuallyLate] = [values.filter(isOver).length, usual.filter(isOver).length]
  const isMore = newcombe(late, values.length, usuallyLate, usual.length).low > 0
  const isMany = values.length > 0 && late / values.length > mayBeLate
  return {
    ...{ added: summarise({ values, unknown }), limitMs, late, usuallyLate },
    isLate: isMany ? (isMore ? 'yes' : 'unknown') : 'no',
  }
}
