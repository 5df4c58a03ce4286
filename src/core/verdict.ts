import type { Comparison, Measurement, Target, Unit, Verdict } from './measurement.js'
import { neededCount, settlingN } from './stats/proportion.js'
import { neededForHalf } from './stats/student.js'

/** A verdict, and how far it is from the next one. */
export interface Judgement {
  verdict: Verdict
  /** Of an inconclusive share or mean: the n that settles it at this rate; absent when the rate equals the target, which no n settles. */
  neededN?: number
  /** Of a share: the smallest x of this n that is met (the largest, where less is better); absent when none of this n is. */
  metAt?: number
}

type Measured = Extract<Measurement, { measured: true }>

interface Interval {
  low: number
  high: number
}

/** Whether an interval lies wholly on the good or wholly on the bad side of a number. */
const sides: Record<Comparison, Record<'isGood' | 'isBad', (interval: Interval, number: number) => boolean>> = {
  '>=': { isGood: ({ low }, number) => low >= number, isBad: ({ high }, number) => high < number },
  '>': { isGood: ({ low }, number) => low > number, isBad: ({ high }, number) => high <= number },
  '<=': { isGood: ({ high }, number) => high <= number, isBad: ({ low }, number) => low > number },
  '<': { isGood: ({ high }, number) => high < number, isBad: ({ low }, number) => low >= number },
  '==': {
    isGood: ({ low, high }, number) => low === number && high === number,
    isBad: ({ low, high }, number) => low > number || high < number,
  },
}

/**
 * Judges a measurement by its whole interval: `met` and `missed` lie wholly on one side, all else is `inconclusive`.
 * A target of 100 % or 0 is a count: one exception misses, none meets once n has reached `minimumN`.
 */
export function judge(measurement: Measurement, target: Target, minimumN: number): Judgement {
  if (!measurement.measured || measurement.n === 0) return { verdict: 'not measured' }
  if (measurement.doubt !== undefined) return { verdict: 'inconclusive' }
  if (measurement.isMean && measurement.interval) return judgeMean(measurement.interval, measurement.n, target)
  if (allowsNoException(measurement.unit, target)) return judgeExceptions(measurement, target, minimumN)
  return judgeInterval(measurement, target)
}

/** True for "all of them" and "none of them", which no interval ever reaches. */
function allowsNoException(unit: Unit, { comparison, value }: Target): boolean {
  if (value === 0) return (unit === 'share' || unit === 'count') && (comparison === '<=' || comparison === '==')
  return value === 1 && unit === 'share' && (comparison === '>=' || comparison === '==')
}

function judgeExceptions({ value, n, unit, whole }: Measured, target: Target, minimum: number): Judgement {
  const minimumN = whole ? 1 : minimum
  const metAt = unit === 'share' && n >= minimumN ? { metAt: target.value * n } : {}
  if (value !== target.value) return { verdict: 'missed', ...metAt }
  if (n < minimumN) return { verdict: 'inconclusive', neededN: minimumN }
  return { verdict: 'met', ...metAt }
}

/** Met only by an interval that is no wider than the target: a wider one measured the noise. What lies wholly beyond it is missed. */
function judgeMean(interval: Interval, n: number, target: Target): Judgement {
  const { isGood, isBad } = sides[target.comparison]
  const half = (interval.high - interval.low) / 2
  if (isBad(interval, target.value)) return { verdict: 'missed' }
  if (isGood(interval, target.value) && 2 * half <= target.value) return { verdict: 'met' }
  const value = interval.low + half
  const isOnGoodSide = isGood({ low: value, high: value }, target.value)
  const distance = Math.abs(target.value - value)
  const enough = neededForHalf({ half, n }, isOnGoodSide ? Math.min(distance, target.value / 2) : distance)
  return { verdict: 'inconclusive', ...(enough !== undefined && { neededN: Math.max(n + 1, enough) }) }
}

function judgeInterval({ value, n, unit, interval }: Measured, target: Target): Judgement {
  const { isGood, isBad } = sides[target.comparison]
  const range = interval ?? { low: value, high: value }
  const metAt = unit === 'share' ? turningPoint(n, target) : undefined
  const distance = metAt === undefined ? {} : { metAt }
  if (isGood(range, target.value)) return { verdict: 'met', ...distance }
  if (isBad(range, target.value)) return { verdict: 'missed', ...distance }
  const enough = unit === 'share' ? settlingN(value, target.value) : undefined
  // A rate that cannot occur at this n may give this n itself, which did not settle it.
  return { verdict: 'inconclusive', ...(enough === undefined ? {} : { neededN: Math.max(n + 1, enough) }), ...distance }
}

/** What `>` wants beyond `>=`: less than any bound can differ by. */
const justMore = 1e-12

function turningPoint(n: number, { comparison, value }: Target): number | undefined {
  const beyond = comparison === '>' || comparison === '<' ? justMore : 0
  if (comparison.startsWith('>')) return neededCount(n, value + beyond)
  const others = comparison.startsWith('<') ? neededCount(n, 1 - value + beyond) : undefined
  return others === undefined ? undefined : n - others
}
