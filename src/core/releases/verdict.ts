import type { Sample, Share } from '../evidence.js'
import { fisher } from '../stats/fisher.js'
import { holm } from '../stats/multiple.js'
import { newcombe } from '../stats/proportion.js'
import { quantile } from '../stats/quantile.js'
import { mannWhitney } from '../stats/ranks.js'
import type { Better, Metric } from './metrics.js'
import { type Needed, neededPerSide } from './needed.js'

export const releaseVerdicts = ['regressed', 'improved', 'unchanged', 'inconclusive', 'not measured'] as const
export type ReleaseVerdict = (typeof releaseVerdicts)[number]

/** How much a metric may change and still count as unchanged. */
export interface Margins {
  /** Points (0–1) of a share, and of a score from 0 to 1. */
  share: number
  /** Share (0–1) of the median before: latency, cost and other scores. */
  relative: number
}

/** One side of a metric: a share, or the median of a sample (of a score its mean). */
export interface Side {
  n: number
  value: number | undefined
  /** Of a share: how many. */
  x?: number
  /** Of a sample: values that are unknown and not counted. */
  unknown?: number
}

/** What became of one metric. */
export interface ComparedMetric {
  id: string
  better: Better
  unit: 'share' | 'ms' | 'usd' | 'number'
  before: Side
  after: Side
  method: 'fisher' | 'mann-whitney'
  /** After − before, of samples the Hodges–Lehmann shift, in the unit; undefined where a side is empty. */
  change: number | undefined
  /** Its 95 % interval; undefined where there are too few values for one. */
  interval: { low: number; high: number } | undefined
  p: number | undefined
  /** Adjusted over all metrics that are compared. */
  holmP: number | undefined
  margin: number | undefined
  verdict: ReleaseVerdict
  /** What would settle an inconclusive one. */
  needed: Needed | undefined
}

/** A comparison before it is judged beside the others. */
export interface Estimate extends Omit<ComparedMetric, 'holmP' | 'verdict' | 'needed'> {}

/** Every metric with its verdict. The p-values are Holm's over those that have one. */
export function compareMetrics(metrics: readonly Metric[], margins: Margins): ComparedMetric[] {
  const estimates = metrics.map((metric) => estimate(metric, margins))
  const tested = estimates.filter(({ p }) => p !== undefined)
  const adjusted = new Map(holm(tested.map(({ p }) => p!)).map((p, at) => [tested[at]!, p]))
  return estimates.map((each) => {
    const holmP = adjusted.get(each)
    const verdict = verdictOf(each, holmP)
    const needed = verdict === 'inconclusive' ? neededPerSide(each, tested.length) : undefined
    return { ...each, holmP, verdict, needed }
  })
}

/**
 * `unchanged` where the whole interval is inside the margin, a change that is certain but smaller included; else `regressed` or
 * `improved` where it is wholly on one side of 0 and Holm's p below 0.05; else `inconclusive`.
 */
function verdictOf({ before, after, interval, margin, better }: Estimate, holmP: number | undefined): ReleaseVerdict {
  if (before.n === 0 || after.n === 0) return 'not measured'
  if (interval === undefined || margin === undefined) return 'inconclusive'
  const { low, high } = interval
  if (low >= -margin && high <= margin) return 'unchanged'
  if ((low <= 0 && high >= 0) || holmP === undefined || holmP >= 0.05) return 'inconclusive'
  return low > 0 === (better === 'higher') ? 'improved' : 'regressed'
}

function estimate(metric: Metric, margins: Margins): Estimate {
  return metric.kind === 'share' ? estimateShare(metric, margins) : estimateShift(metric, margins)
}

function estimateShare({ id, better, before, after }: Extract<Metric, { kind: 'share' }>, margins: Margins): Estimate {
  const { difference, low, high } = newcombe(after.x, after.n, before.x, before.n)
  const isKnown = difference !== undefined
  return {
    ...{ id, better, unit: 'share', before: shareSide(before), after: shareSide(after), method: 'fisher' },
    change: difference,
    interval: isKnown ? { low, high } : undefined,
    p: isKnown ? fisher(before.x, before.n, after.x, after.n) : undefined,
    margin: margins.share,
  }
}

function shareSide({ x, n }: Share): Side {
  return { n, x, value: n === 0 ? undefined : x / n }
}

function estimateShift(
  { id, better, unit, before, after }: Extract<Metric, { kind: 'shift' }>,
  margins: Margins,
): Estimate {
  const test = mannWhitney(after.values, before.values)
  const { shiftLow: low, shiftHigh: high } = test ?? {}
  const show = unit === 'number' ? mean : median
  return {
    ...{ id, better, unit, before: sampleSide(before, show), after: sampleSide(after, show), method: 'mann-whitney' },
    change: test?.shift,
    interval: low === undefined || high === undefined ? undefined : { low, high },
    // Where all values are equal there is no p of the normal distribution, and no difference.
    p: test && (test.exactP ?? test.asymptoticP ?? 1),
    margin: marginOfShift(unit, [before, after], margins),
  }
}

function sampleSide({ values, unknown }: Sample, show: (values: readonly number[]) => number): Side {
  return { n: values.length, unknown, value: values.length === 0 ? undefined : show(values) }
}

/** A score within 0 and 1 is taken as a share; undefined where there is no median. */
function marginOfShift(
  unit: 'ms' | 'usd' | 'number',
  [before, after]: [Sample, Sample],
  { share, relative }: Margins,
): number | undefined {
  const isUnit = (values: readonly number[]) => values.every((value) => value >= 0 && value <= 1)
  if (unit === 'number' && isUnit(before.values) && isUnit(after.values)) return share
  return before.values.length === 0 ? undefined : relative * Math.abs(median(before.values))
}

function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5)
}

function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
