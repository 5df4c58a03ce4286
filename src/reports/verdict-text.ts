import type { Measurement, Unit } from '../core/measurement.js'
import type { Cell, Row } from '../core/scorecard.js'
import { formatTarget } from '../core/target.js'
import type { Judgement } from '../core/verdict.js'
import {
  formatBounds,
  formatCount,
  formatDuration,
  formatMinutesInterval,
  formatShare,
  formatUsd,
  formatValue,
} from './number.js'
import { formatRange } from './percentile-text.js'

/** A criterion on one platform. */
export type Place = readonly [row: Row, cell: Cell]

/** Criteria in sentences: verdict, number, target and what would change the verdict. What is not measured for one reason stands together. */
export function verdictSentences(places: readonly Place[]): string[] {
  const sentences = new Map<string, string[]>()
  for (const [row, cell] of places) {
    const said = sentence(row, cell)
    const titles = sentences.get(said)
    if (titles === undefined) sentences.set(said, [row.title])
    else titles.push(row.title)
  }
  return [...sentences].map(([said, titles]) => `${titles.join(', ')}: ${said}`)
}

function sentence(row: Row, { measurement, judgement }: Cell): string {
  if (!measurement.measured) {
    const next = measurement.next === undefined ? '' : ` Next: ${measurement.next}`
    return `not measured. ${measurement.reason}${next}`
  }
  const parts = [
    `${judgement?.verdict ?? 'not a criterion'}, ${measuredText(measurement)}`,
    ...(row.target === undefined ? [] : [`target ${formatTarget(row.target, row.unit)}`]),
    ...(judgement === undefined ? [] : turningPoint(row, measurement.n, judgement)),
    ...(measurement.note === undefined ? [] : [measurement.note]),
  ]
  return `${parts.join('; ')}.`
}

/** `96.2 % (n 600, 95 % CI 94.3–97.5)`, `13 (n 600)`. */
function measuredText(measurement: Extract<Measurement, { measured: true }>): string {
  const { value, n, unit, interval } = measurement
  if (unit === 'share') return formatShare(value, n, interval)
  const bounds = boundsText(unit, interval)
  return `${formatValue(measurement)} (n ${formatCount(n)}${bounds === undefined ? '' : `, 95 % CI ${bounds}`})`
}

/** The bounds of a 95 % interval in the unit: `94.3–97.5`, `41 to 52.5`, `$0.0032–0.0036`; undefined for a unit that has none. */
export function boundsText(unit: Unit, interval: { low: number; high: number } | undefined): string | undefined {
  if (interval === undefined) return undefined
  const { low, high } = interval
  if (unit === 'minutes') return formatMinutesInterval(low, high)
  if (unit === 'usd') return formatRange(formatUsd(low), formatUsd(high))
  if (unit === 'ms') return rangeText(formatDuration(low), formatDuration(high))
  return unit === 'share' ? formatBounds(interval) : undefined
}

/** Two formatted numbers that may be negative, with their common unit said once: `-0.4 to 1.2 ms`. */
export function rangeText(low: string, high: string): string {
  const unit = high.includes(' ') ? high.slice(high.lastIndexOf(' ')) : ''
  return `${unit !== '' && low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`
}

/** From where on the criterion is met, and the n that would settle it. */
function turningPoint({ target, unit }: Row, n: number, { verdict, metAt, neededN }: Judgement): string[] {
  const met = metAt === undefined ? [] : [`met ${sideOf(metAt, n, target)} ${formatCount(metAt)} of ${formatCount(n)}`]
  if (verdict !== 'inconclusive') return met
  if (neededN !== undefined) return [...met, `n ${formatCount(neededN)} would settle it at this rate`]
  return unit === 'share' ? [...met, 'the rate is the target, so that no n settles it'] : met
}

function sideOf(metAt: number, n: number, target: Row['target']): string {
  if (target?.comparison.startsWith('<')) return metAt === 0 ? 'by only' : 'up to'
  return metAt === n || metAt === 0 ? 'by only' : 'from'
}
