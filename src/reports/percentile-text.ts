import type { Percentile } from '../core/summary.js'

/** `1.24 s (1.10–1.40 s)`, or `1.24 s (needs n ≥ 72)` while the sample is too small for an interval. */
export function percentileText({ value, interval, neededN }: Percentile, format: (value: number) => string): string {
  const range =
    interval === undefined ? `needs n ≥ ${neededN}` : formatRange(format(interval.low), format(interval.high))
  return `${format(value)} (${range})`
}

/** Two formatted numbers with their common unit said once. */
export function formatRange(low: string, high: string): string {
  if (high.startsWith('$')) return `${low}–${high.slice(1)}`
  const unit = high.slice(high.indexOf(' '))
  return low.endsWith(unit) ? `${low.slice(0, -unit.length)}–${high}` : `${low}–${high}`
}
