import type { Measurement, Unit } from '../core/measurement.js'

/** What is shown where there is no value; never 0 and never NaN. */
export const nothing = '—'

/** `1,234`; fractions are rounded off. */
export function formatCount(count: number | undefined): string {
  return isKnown(count) ? Math.round(count).toLocaleString('en-US') : nothing
}

/** A share in per cent: `96.2 %`. Only a share that is exactly 0 or 1 reads `0 %` or `100 %`. */
export function formatPercent(share: number | undefined): string {
  return isKnown(share) ? `${perCent(share)} %` : nothing
}

/** A chance in whole per cent: `31 %`; `less than 1 %` and `more than 99 %` for what is neither none nor certain. */
export function formatChance(share: number): string {
  const rounded = Math.round(share * 100)
  if (rounded === 0 && share > 0) return 'less than 1 %'
  return rounded === 100 && share < 1 ? 'more than 99 %' : `${rounded} %`
}

/** The bounds of a share in per cent, without the sign: `94.3–97.5`. */
export function formatBounds({ low, high }: { low: number; high: number }): string {
  return `${perCent(low)}–${perCent(high)}`
}

/** `96.2 % (n 600, 95 % CI 94.3–97.5)`; `not measured` when n is 0. */
export function formatShare(share: number, n: number, interval?: { low: number; high: number }): string {
  if (n === 0) return 'not measured'
  const bounds = interval === undefined ? '' : `, 95 % CI ${formatBounds(interval)}`
  return `${formatPercent(share)} (n ${formatCount(n)}${bounds})`
}

/** `$0.0123` below a dollar, `$1,234.50` from there on, `< $0.0001` for what would round to nothing. */
export function formatUsd(usd: number | undefined): string {
  if (!isKnown(usd)) return nothing
  const size = Math.abs(usd)
  if (size > 0 && size < 0.00005) return usd > 0 ? '< $0.0001' : '> -$0.0001'
  const digits = size > 0 && size < 0.99995 ? 4 : 2
  return `${usd < 0 ? '-' : ''}$${size.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

/** Milliseconds as a person says them: `0.4 ms`, `320 ms`, `1.24 s`, `2 min 5 s`, `1 h 3 min`. */
export function formatDuration(ms: number | undefined): string {
  if (!isKnown(ms)) return nothing
  if (ms < 0) return `-${formatDuration(-ms)}`
  if (ms < 9.95) return `${trimmed(ms, 1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  const minutes = Math.round(ms / 60_000)
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

/** Minutes of a median: `16.5 min`; undefined and infinite ones were not reached. */
export function formatMinutes(minutes: number | undefined): string {
  return isKnown(minutes) ? `${trimmed(minutes, 1)} min` : 'not reached'
}

/** The bounds of a median in minutes: `41 to not reached`. */
export function formatMinutesInterval(low: number | undefined, high: number | undefined): string {
  const text = (minutes: number | undefined) => (isKnown(minutes) ? trimmed(minutes, 1) : 'not reached')
  return `${text(low)} to ${text(high)}`
}

/** A number to so many significant digits: `2,050`, `0.667`. */
export function formatNumber(value: number, digits: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: digits })
}

/** A p-value: `0.0018`, `< 0.0001`. */
export function formatP(p: number): string {
  return p < 0.0001 ? '< 0.0001' : String(Number(p.toPrecision(2)))
}

const byUnit: Record<Unit, (value: number) => string> = {
  share: formatPercent,
  count: formatCount,
  ms: formatDuration,
  minutes: formatMinutes,
  usd: formatUsd,
  hours: (value) => (value === Number.POSITIVE_INFINITY ? 'not yet' : `${trimmed(value, 1)} h`),
}

/** The value of a measurement in its unit; `—` when there is none. */
export function formatValue(measurement: Measurement): string {
  if (!measurement.measured) return nothing
  const { value, unit } = measurement
  // What has not come yet has a word of its own.
  const isOpen = (unit === 'minutes' || unit === 'hours') && value === Number.POSITIVE_INFINITY
  return isKnown(value) || isOpen ? byUnit[unit](value) : nothing
}

/** The UTC day of a moment: `2026-03-02`. */
export function formatDay(ms: number): string {
  return formatTime(ms).slice(0, 10)
}

/** A moment in UTC: `2026-03-02T10:00:00.000Z`; `—` beyond the years that a date can hold. */
export function formatTime(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : nothing
}

function isKnown(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value)
}

/** One decimal, and more where one would make an exception vanish: 0.9999 reads 99.99, not 100.0. */
function perCent(share: number): string {
  if (share === 0 || share === 1) return String(share * 100)
  for (let digits = 1; digits < 6; digits++) {
    const text = (share * 100).toFixed(digits)
    if (Number(text) !== 0 && Number(text) !== 100) return text
  }
  return (share * 100).toFixed(6)
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
