import { type Dimension, dimensions, type RunTally } from '../core/evidence.js'
import type { LatencyDetails } from '../core/latency-details.js'
import { breakDown, type GroupSummary, type Summary, summarise } from '../core/summary.js'
import { completedSection } from './completed-cost.js'
import { formatCount, formatDuration, formatPercent, formatUsd, nothing } from './number.js'
import { percentileText } from './percentile-text.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { spikeSection } from './spikes.js'
import { stepTimeSections } from './step-times.js'

/** How many groups of a dimension are shown. */
const shown = 20

/** Cost per run and per group of each dimension, the dearest first. Stated and computed cost are never added up. */
export function formatCost(
  tally: Pick<RunTally, 'costUsd' | 'costPerRun' | 'costPerTask' | 'groups'>,
  options: TerminalOptions,
  by: readonly Dimension[] = dimensions,
): string {
  const { stated, computed, unpricedSpans, unpricedModels } = tally.costUsd
  const totals: Section = {
    title: 'Cost',
    lines: [
      `stated by the platform ${formatUsd(stated)}, computed from tokens and prices ${formatUsd(computed)}`,
      ...(unpricedSpans > 0
        ? [
            `spans without a price: ${formatCount(unpricedSpans)} (${unpricedModels.join(', ') || 'which name no model'})`,
          ]
        : []),
    ],
  }
  const sections = by.map((dimension) => groupSection(dimension, breakDown(tally.groups[dimension], 'costUsd'), cost))
  const perRun = runSection('Cost per run', summarise(tally.costPerRun), formatUsd)
  return joined([totals, perRun, completedSection(tally.costPerTask, by), ...sections], options)
}

/** Latency per run and per group of each dimension, the longest total first. */
export function formatLatency(
  tally: Pick<RunTally, 'runs' | 'latencyPerRun' | 'retries' | 'fallbacks' | 'groups'>,
  options: TerminalOptions,
  by: readonly Dimension[] = dimensions,
): string {
  const { retries, fallbacks } = tally
  const repeats: Section = {
    title: 'Retries and fallbacks',
    lines: (['stated', 'inferred'] as const).flatMap((basis) => [
      repeatLine(`retries, ${basis}`, retries[basis], tally.runs),
      repeatLine(`fallbacks, ${basis}`, fallbacks[basis], tally.runs),
    ]),
  }
  const sections = by.map((dimension) =>
    groupSection(dimension, breakDown(tally.groups[dimension], 'latencyMs'), latency),
  )
  return joined(
    [runSection('Latency per run', summarise(tally.latencyPerRun), formatDuration), ...sections, repeats],
    options,
  )
}

/** What was asked for beside the breakdowns: where the time went, and whose the slow runs are. */
export function formatLatencyDetails({ criticalPath, spikes }: LatencyDetails, options: TerminalOptions): string {
  return joined(
    [...(criticalPath ? stepTimeSections(criticalPath) : []), ...(spikes ? [spikeSection(spikes)] : [])],
    options,
  )
}

function repeatLine(what: string, { spans, runs }: { spans: number; runs: number }, ofRuns: number): string {
  return `${what}: spans ${formatCount(spans)}, runs ${formatCount(runs)} of ${formatCount(ofRuns)}`
}

/** p50, p95 and p99 with their intervals, and what is left out. */
function runSection(
  title: string,
  { n, unknown, sum, percentiles }: Summary,
  format: (value: number) => string,
): Section {
  const rows = percentiles.map((each) => [`p${each.p * 100}`, percentileText(each, format)])
  const total = sum === undefined ? nothing : format(sum)
  return {
    title: `${title} (n ${formatCount(n)}, total ${total})`,
    table: { head: ['percentile', 'value (95 % CI)'], align: 'lr', rows },
    lines: unknownLine(unknown),
  }
}

interface Columns {
  head: string[]
  align: string
  cells(group: GroupSummary): string[]
}

const cost: Columns = {
  head: ['n', 'unknown', 'total', 'part', 'p50 (95 % CI)', 'p95 (95 % CI)'],
  align: 'rrrrrr',
  cells: ({ n, unknown, sum, part, percentiles }) => [
    ...[formatCount(n), formatCount(unknown), formatUsd(sum), formatPercent(part)],
    ...atPercentiles(percentiles, [0.5, 0.95], formatUsd),
  ],
}

const latency: Columns = {
  head: ['n', 'p50 (95 % CI)', 'p95 (95 % CI)', 'p99 (95 % CI)', 'errors'],
  align: 'rrrrr',
  cells: ({ n, percentiles, errors }) => [
    formatCount(n),
    ...atPercentiles(percentiles, [0.5, 0.95, 0.99], formatDuration),
    formatCount(errors.x),
  ],
}

function atPercentiles(
  percentiles: Summary['percentiles'],
  wanted: number[],
  format: (value: number) => string,
): string[] {
  return wanted.map((p) => {
    const found = percentiles.find((each) => each.p === p)
    return found === undefined ? nothing : percentileText(found, format)
  })
}

function groupSection(dimension: Dimension, groups: readonly GroupSummary[], { head, align, cells }: Columns): Section {
  const more = groups.length - shown
  let unknown = 0
  for (const group of groups) unknown += group.unknown
  return {
    title: `By ${dimension}`,
    table: {
      head: [dimension, ...head],
      align: `l${align}`,
      rows: groups.slice(0, shown).map((group) => [group.key, ...cells(group)]),
    },
    lines: [
      ...(groups.length === 0 ? [`no ${dimension} is known`] : []),
      ...(more > 0 ? [`and ${formatCount(more)} more`] : []),
      ...unknownLine(unknown),
    ],
  }
}

function unknownLine(unknown: number): string[] {
  return unknown === 0 ? [] : [`unknown and not counted: ${formatCount(unknown)}`]
}

function joined(sections: readonly Section[], options: TerminalOptions): string {
  return sections.flatMap((section) => [...formatSection(section, options), '']).join('\n')
}
