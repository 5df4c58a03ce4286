import type { Change } from '../core/releases/changes.js'
import type { ComparedMetric, Side } from '../core/releases/verdict.js'
import { formatDuration, formatNumber, formatPercent, formatUsd, nothing } from './number.js'

type Unit = ComparedMetric['unit']

/** When a change was, to the minute: `2026-03-09 12:04`. */
export function changeTime({ timeMs }: Pick<Change, 'timeMs'>): string {
  return minuteText(timeMs)
}

/** A moment in UTC to the minute: `2026-03-09 12:04`; `—` beyond the years that a date can hold. */
export function minuteText(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().slice(0, 16).replace('T', ' ') : nothing
}

/** How a change is known: `deployed`, `rolled back to`, `removed`, `seen first`. */
export function howText({ how }: Pick<Change, 'how'>): string {
  return { deploy: 'deployed', rollback: 'rolled back to', remove: 'removed', 'seen first': 'seen first' }[how]
}

const formats: Record<Unit, (value: number) => string> = {
  share: formatPercent,
  ms: formatDuration,
  usd: formatUsd,
  number: (value) => formatNumber(value, 3),
}

/** The value of one side; `—` where there is none. */
export function sideText({ value }: Side, unit: Unit): string {
  return value === undefined ? nothing : formats[unit](value)
}

/** A change with its sign and interval, the unit said once where it is the same: `+312 ms (+250 to +370)`, of a share in points. */
export function changeText({ change, interval, unit }: Pick<ComparedMetric, 'change' | 'interval' | 'unit'>): string {
  if (change === undefined) return nothing
  const value = signedText(change, unit)
  if (interval === undefined) return `${value} (too few for an interval)`
  const bounds = [interval.low, interval.high].map((bound) => signedText(bound, unit))
  const ending = unitOf(value)
  const areAlike = bounds.every((bound) => unitOf(bound) === ending)
  return `${value} (${(areAlike ? bounds.map((bound) => bound.replace(ending, '')) : bounds).join(' to ')})`
}

/** What a formatted number says beside its digits: ` ms`, ` points`, `$`. */
function unitOf(text: string): string {
  return text.replace(/^[+-]/, '').replaceAll(/[\d.,]/g, '')
}

/** A difference: `+3.2 points`, `-120 ms`, `+$0.0012`, `> -$0.0001`, `0 points`. */
function signedText(value: number, unit: Unit): string {
  const size = Math.abs(value)
  const text = unit === 'share' ? `${Number((size * 100).toFixed(1))} points` : formats[unit](size)
  if (value === 0 || text === '0 points') return text
  const sign = value < 0 ? '-' : '+'
  return text.startsWith('< ') ? `${value < 0 ? '>' : '<'} ${sign}${text.slice(2)}` : `${sign}${text}`
}
