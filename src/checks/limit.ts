import { type CheckResult, unscored, verdictOf } from '../core/eval/result.js'

/** A measured value that must not exceed its limit; both in the same unit. */
export interface Limit {
  what: string
  value: number | undefined
  max: number
  show(value: number): string
}

/** Passes where no value exceeds its limit; exactly at it passes. One that is exceeded fails, whatever is unknown beside it. */
export function judgeLimits(limits: readonly Limit[]): CheckResult {
  const known = limits.filter(isMeasured)
  const isOver = known.some(({ value, max }) => value > max)
  if (known.length < limits.length && !isOver) {
    const unknown = limits.filter((limit) => !isMeasured(limit)).map(({ what }) => what)
    return unscored(`not measured: ${unknown.join(', ')}`)
  }
  const reason = known.map(({ what, value, max, show }) => `${what} ${show(value)}, at most ${show(max)}`).join('; ')
  const [first] = limits
  return verdictOf(!isOver, reason, first && isMeasured(first) ? first.value : undefined)
}

/** A negative latency or cost is a fault of a clock or an export: taken as it is, it would pass. */
function isMeasured(limit: Limit): limit is Limit & { value: number } {
  return limit.value !== undefined && Number.isFinite(limit.value) && limit.value >= 0
}
