import jstat from 'jstat'

/** The quantile p (0–1) of values in ascending order, by R's type 7. Throws if there is no value: nothing has a quantile. */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) throw new RangeError('A quantile needs at least one value.')
  return below + (above - below) * (position - Math.floor(position))
}

/** Chance on either side that a 95 % interval may miss. */
const tail = 0.025

/** Ranks (1-based) of the values that bound a quantile, and the exact chance that they do, at least 0.95. */
export interface QuantileRanks {
  low: number
  high: number
  cover: number
}

/**
 * Order-statistic interval, 95 %, of the quantile p of n values, whatever their distribution: ranks qbinom(0.025, n, p) and
 * qbinom(0.975, n, p) + 1. Undefined where a bound would need rank 0 or n + 1; `neededForInterval` says from which n it is not.
 */
export function quantileRanks(n: number, p: number): QuantileRanks | undefined {
  if (n < neededForInterval(p)) return undefined
  const low = binomialQuantile(tail, n, p)
  const high = binomialQuantile(1 - tail, n, p) + 1
  return { low, high, cover: jstat.binomial.cdf(high - 1, n, p) - jstat.binomial.cdf(low - 1, n, p) }
}

/** The smallest n with an interval for the quantile p: all n values lie on one side of it in at most 2.5 % of samples. */
export function neededForInterval(p: number): number {
  return Math.ceil(Math.log(tail) / Math.log(Math.max(p, 1 - p)))
}

/** The 95 % interval of the quantile p of values in ascending order, with its exact cover; undefined for too few values. */
export function quantileInterval(
  sorted: ArrayLike<number>,
  p: number,
): { low: number; high: number; cover: number } | undefined {
  const ranks = quantileRanks(sorted.length, p)
  if (ranks === undefined) return undefined
  // Ranks lie within 1 … n.
  return { low: sorted[ranks.low - 1]!, high: sorted[ranks.high - 1]!, cover: ranks.cover }
}

/** The smallest k with P(Bin(n, p) ≤ k) ≥ share, by bisection. */
function binomialQuantile(share: number, n: number, p: number): number {
  let below = -1
  let reached = n
  while (reached - below > 1) {
    const middle = Math.floor((below + reached) / 2)
    if (jstat.binomial.cdf(middle, n, p) >= share) reached = middle
    else below = middle
  }
  return reached
}
