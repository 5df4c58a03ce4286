import type { Share } from '../core/evidence.js'
import type { SpikeSource } from '../core/spike-sources.js'
import type { Spikes } from '../core/spikes.js'
import { formatBounds, formatCount, formatDuration, formatP, formatPercent } from './number.js'
import type { Section } from './section.js'

/** How many values that stand out are shown. */
const shown = 20

/** Whose the slow runs are, as a table; in words where nothing stands out. */
export function spikeSection(spikes: Spikes): Section {
  const { runs, unknown, tested, tooFew, tooMany, sources } = spikes
  const left = [
    ...(tooFew > 0 ? [`${formatCount(tooFew)} of fewer than 5 runs`] : []),
    ...(tooMany > 0 ? [`${formatCount(tooMany)} beyond the 200 most frequent of a dimension`] : []),
  ]
  const isTested = spikes.limitMs !== undefined && spikes.slowRuns > 0
  return {
    title: `Latency spikes (n ${formatCount(runs)})`,
    table: {
      head: ['by', 'value', 'slow runs', 'of the rest', 'difference (95 % CI)', 'excess', 'p (Holm)'],
      align: 'llrrrrr',
      rows: sources.slice(0, shown).map(rowOf),
    },
    lines: [
      ...(sources.length === 0 ? quietLines(spikes) : [`slow: ${slowText(spikes)}`]),
      ...(sources.length > shown ? [`and ${formatCount(sources.length - shown)} more`] : []),
      ...(sources.length > 1 ? ['values are tested one by one: what only one tenant uses stands out with it'] : []),
      ...(isTested ? [`values tested: ${formatCount(tested)}`] : []),
      ...(isTested && left.length > 0 ? [`not tested: ${left.join(', ')}`] : []),
      ...(unknown > 0 ? [`unknown and not counted: ${formatCount(unknown)}`] : []),
    ],
  }
}

function rowOf({ dimension, key, slow, rest, difference, excess, holmP }: SpikeSource): string[] {
  return [
    ...[dimension, key, ofText(slow), ofText(rest)],
    `${pointsText(difference)} (${formatBounds(difference)})`,
    ...[formatCount(excess), formatP(holmP)],
  ]
}

/** What stands out has runs on both sides: there is a difference. */
function pointsText({ difference = 0 }: SpikeSource['difference']): string {
  return `${formatPercent(difference).replace(' %', '')} points`
}

function ofText({ x, n }: Share): string {
  return `${formatCount(x)} of ${formatCount(n)} (${formatPercent(x / n)})`
}

/** As JSON: null where it is not known. */
export function spikesJson({ limitMs, smallestExcess, ...spikes }: Spikes): object {
  return { ...spikes, limitMs: limitMs ?? null, smallestExcess: smallestExcess ?? null }
}

/** Whose the slow runs are, a line each. */
export function spikeLines(spikes: Spikes): string[] {
  if (spikes.sources.length === 0) return quietLines(spikes)
  return spikes.sources
    .slice(0, shown)
    .map(
      ({ dimension, key, slow, rest }) =>
        `${dimension} ${key}: ${ofText(slow)} of its runs are slow, of the rest ${ofText(rest)}; slow: ${slowText(spikes)}`,
    )
}

/** Why nothing stands out. */
function quietLines({ runs, limitMs, limitIs, neededRuns, slowRuns, smallestExcess, ...spikes }: Spikes): string[] {
  if (limitMs === undefined)
    return [`too few runs: ${formatCount(runs)} with a duration; a p95 needs ${formatCount(neededRuns)}`]
  if (slowRuns === 0)
    return [
      `no run of ${formatCount(runs)} is slower than ${limitIs === 'p95' ? 'the p95 of ' : ''}${formatDuration(limitMs)}`,
    ]
  const slow = slowText({ limitMs, limitIs, slowRuns })
  if (spikes.tested === 0) return [`no two values to compare in ${slow}`]
  if (spikes.elsewhere > 0)
    return [`nothing that was asked for stands out in ${slow}; of what was not: ${formatCount(spikes.elsewhere)}`]
  const quiet = `nothing stands out in ${slow}`
  if (smallestExcess === undefined) return [`${quiet}; too few runs: of the values tested none could have`]
  const { dimension, key, slow: needed, runs: of, excess } = smallestExcess
  return [
    quiet,
    `the smallest excess that would have been seen: ${formatCount(excess)} slow runs, by ${formatCount(needed)} of the ${formatCount(of)} of ${dimension} ${key}`,
  ]
}

function slowText({ limitMs, limitIs, slowRuns }: Pick<Spikes, 'limitMs' | 'limitIs' | 'slowRuns'>): string {
  const limit = `${limitIs === 'p95' ? 'the p95 of ' : ''}${formatDuration(limitMs)}`
  return `the ${formatCount(slowRuns)} runs above ${limit}`
}
