import { ruleText } from '../core/completed.js'
import type { CompletedCost } from '../core/completed-cost.js'
import type { CompletedCosts } from '../core/completed-tally.js'
import type { Dimension } from '../core/evidence.js'
import { formatCount, formatUsd } from './number.js'
import { formatRange } from './percentile-text.js'
import type { Section } from './section.js'

/** How many tenants and releases are shown. */
const shown = 20

const dimensions = ['tenant', 'release'] as const

/** What a completed task costs: over all runs, and of each tenant and release where these are wanted. */
export function completedSection(costs: CompletedCosts, by: readonly Dimension[]): Section {
  const { all, rule } = costs
  const wanted = dimensions.filter((dimension) => by.includes(dimension) && costs[dimension].length > 0)
  const groups = wanted.flatMap((dimension) => [
    ...costs[dimension].slice(0, shown).map(({ key, ...cost }) => rowOf(nameOf(dimension, key), cost)),
    ...(costs[dimension].length > shown ? [[`and ${formatCount(costs[dimension].length - shown)} more`]] : []),
  ])
  return {
    title: 'Cost per completed task',
    table: {
      head: ['runs', 'n', 'completed', 'not', 'unknown', 'per completed task (95 % CI)'],
      align: 'lrrrrr',
      rows: [rowOf('all', all), ...groups],
    },
    lines: [`A run is completed when ${ruleText(rule)}.`, ...noteLines(all)],
  }
}

/** `tenant acme`; a key that says so itself, as ranks do (`tenant 1`), stands alone. */
function nameOf(dimension: string, key: string): string {
  return key.startsWith(`${dimension} `) ? key : `${dimension} ${key}`
}

function rowOf(name: string, cost: CompletedCost): string[] {
  const { runs, unknownCost, completed, notCompleted, unknown } = cost
  const counts = [runs - unknownCost, completed, notCompleted, unknown].map(formatCount)
  return [name, ...counts, completedText(cost)]
}

/** `$0.0034 (0.0032–0.0036)`, `$0.0030 to $0.0040 (0.0028–0.0044)` where it is unknown of some runs, or why there is none. */
function completedText({ runs, unknownCost, usd, low, high, interval, completed, unknown }: CompletedCost): string {
  if (runs === unknownCost) return 'not measured'
  if (completed === 0) return unknown === 0 ? 'no run completed' : `from ${formatUsd(low)} on`
  const range = interval === undefined ? 'too few' : formatRange(formatUsd(interval.low), formatUsd(interval.high))
  return `${usd === undefined ? `${formatUsd(low)} to ${formatUsd(high)}` : formatUsd(usd)} (${range})`
}

function noteLines({ unknown, unknownCost }: CompletedCost): string[] {
  return [
    'Runs that were not completed are paid for too.',
    ...(unknown === 0
      ? []
      : [`Unknown whether completed: ${formatCount(unknown)}. The range goes from all of them completed to none.`]),
    ...(unknownCost === 0 ? [] : [`Runs of unknown cost, left out: ${formatCount(unknownCost)}.`]),
  ]
}

/** The same for `--json`, in US dollars; null where it is not measured. */
export function completedJson(costs: CompletedCosts, by: readonly Dimension[]) {
  const groups = dimensions.filter((dimension) => by.includes(dimension))
  return {
    ...costJson(costs.all),
    rule: ruleText(costs.rule),
    by: Object.fromEntries(
      groups.map((dimension) => [dimension, costs[dimension].map(({ key, ...cost }) => ({ key, ...costJson(cost) }))]),
    ),
  }
}

/** One such cost for `--json`: null where it is not measured. */
export function costJson<Cost extends CompletedCost>({ usd, interval, low, high, ...counts }: Cost) {
  return { usd: usd ?? null, interval: interval ?? null, ...counts, low: low ?? null, high: high ?? null }
}
