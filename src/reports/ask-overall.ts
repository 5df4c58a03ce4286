import type { CostOverall } from '../core/ask/cost-overall.js'
import type { ComparedCheck } from '../core/ask/offline-overall.js'
import type { JudgedChange, QualityOverall } from '../core/ask/quality-overall.js'
import type { Share } from '../core/evidence.js'
import { formatCount, formatNumber, formatUsd } from './number.js'
import { formatRange } from './percentile-text.js'
import { shareText } from './share-text.js'

/** What a completed task costs, and when a run is one, a line each. */
export function costLines(cost: CostOverall): string[] {
  const { runs, knownRuns, unknownCost, completed, unknown, totalUsd, low, rule } = cost
  if (knownRuns === 0) return ['the cost of no run is known']
  const left = runs === knownRuns ? '' : `; ${formatCount(unknownCost)} runs of unknown cost are left out`
  const open = unknown === 0 ? '' : ` and ${formatCount(unknown)} may be`
  const basis = `${formatUsd(totalUsd)} over ${formatCount(knownRuns)} runs, of which ${formatCount(completed)} completed${open}${left}`
  const words = `a run is completed when ${rule}`
  if (low === undefined) return [`no run was completed: ${basis}`, words]
  return [`${perTask(cost)}: ${basis}`, words]
}

/** `$0.0034 per completed task (95 % CI $0.0032–0.0036)`. */
function perTask({ usd, low, high, interval }: CostOverall): string {
  const range =
    interval === undefined
      ? 'too few for an interval'
      : `95 % CI ${formatRange(formatUsd(interval.low), formatUsd(interval.high))}`
  if (high === undefined) return `at least ${formatUsd(low)} per completed task`
  return `${usd === undefined ? `${formatUsd(low)} to ${formatUsd(high)}` : formatUsd(usd)} per completed task (${range})`
}

/** What the last change did to each judgement, a line each. */
export function qualityLines({ change, judged }: QualityOverall): string[] {
  if (change === undefined) return ['no change: the runs are of one release and prompt version']
  const { what, before, after } = change
  const title = `${what} ${before}, then ${after}`
  if (judged.length === 0) return [`${title}: nothing was judged on both sides`]
  return judged.map((each) => `${title}: ${judgedText(each)}`)
}

function judgedText(judged: JudgedChange): string {
  if ('difference' in judged) {
    const { name, before, after, difference } = judged
    return `${name} good ${countText(before)}, then ${countText(after)}${pointsText(difference)}`
  }
  const { name, before, after, shift } = judged
  const { shift: by, shiftLow: low, shiftHigh: high } = shift
  const bounds =
    low === undefined || high === undefined ? 'too few for an interval' : `95 % CI ${signed(low)} to ${signed(high)}`
  return `${name} moved by ${signed(by)} (n ${formatCount(before.length)}, then ${formatCount(after.length)}, ${bounds})`
}

/** How production stands to offline results, a line per check. */
export function offlineLines(compared: readonly ComparedCheck[]): string[] {
  if (compared.length === 0) return ['no check or score has results both in production and offline']
  return compared.map(({ check, rates, means }) => {
    if (rates !== undefined)
      return `${check} passes ${shareText(rates.production)} in production, ${shareText(rates.offline)} offline${pointsText(rates.difference)}`
    if (means === undefined)
      return `${check}: its results do not compare, for one side has outcomes and the other numbers`
    const text = ({ mean, n }: { mean: number; n: number }) => `${formatNumber(mean, 3)} (n ${formatCount(n)})`
    return `${check} has a mean of ${text(means.production)} in production, ${text(means.offline)} offline`
  })
}

function countText({ x, n }: Share): string {
  return `${formatCount(x)} of ${formatCount(n)}`
}

/** `; −3.2 points (95 % CI −8.0 to 1.5)`. */
function pointsText({ difference, low, high }: { difference: number | undefined; low: number; high: number }): string {
  if (difference === undefined) return ''
  const points = (share: number) =>
    (share * 100)
      .toFixed(1)
      .replace(/^-0\.0$/, '0.0')
      .replace('-', '−')
  return `; ${points(difference)} points (95 % CI ${points(low)} to ${points(high)})`
}

function signed(value: number): string {
  return formatNumber(value, 3).replace('-', '−')
}
