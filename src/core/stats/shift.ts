import { z95 as z } from './normal.js'
import { rankSumChances, signedRankChances } from './rank-chances.js'

/** Up to this many differences the signed-rank distribution is counted out, above it is taken as normal. */
export const exactDifferences = 500

/** The same for the pairs of two samples. */
export const exactPairs = 10_000

/** Chance on either side that a 95 % interval may miss; what adding up chances may miss is allowed for. */
const tail = 0.025 + 1e-12

/** A Hodges–Lehmann shift with its 95 % interval, both in the unit of the values; bounds are undefined for too few values. */
export interface Shift {
  shift: number
  shiftLow: number | undefined
  shiftHigh: number | undefined
}

/** All differences of one sample, or of two, on either side of a limit. */
type Split = (limit: number) => {
  /** How many are at most the limit. */
  count: number
  /** The largest of them; −Infinity if there is none. */
  below: number
  /** The smallest above the limit; Infinity if there is none. */
  above: number
}

/**
 * How far x (finite numbers) lies above y: the median of all differences x − y. The interval is that of the rank-sum test,
 * exact up to 10,000 pairs and on the safe side with ties. Undefined if a sample is empty. Hodges and Lehmann (1963).
 */
export function shiftBetween(x: readonly number[], y: readonly number[]): Shift | undefined {
  const pairs = x.length * y.length
  if (pairs === 0) return undefined
  const variance = (pairs * (x.length + y.length + 1)) / 12
  const rank = pairs > exactPairs ? normalRank(pairs, variance) : exactRank(rankSumChances(x.length, y.length))
  const split = splitPairs(ascending(x), ascending(y))
  return shiftFrom({ rank, count: pairs, find: (k) => findSmallest(k, split) })
}

/**
 * How far paired differences (finite numbers) lie from 0: the median of the means of any two, and of each with itself. The
 * interval is that of the signed-rank test, exact up to 500 differences. Undefined without one. Hodges and Lehmann (1963).
 */
export function shiftOf(differences: readonly number[]): Shift | undefined {
  const n = differences.length
  if (n === 0) return undefined
  const count = (n * (n + 1)) / 2
  const variance = (n * (n + 1) * (2 * n + 1)) / 24
  const rank =
    n > exactDifferences
      ? normalRank(count, variance)
      : exactRank(signedRankChances(differences.map((_, before) => before + 1)))
  const split = splitSums(ascending(differences))
  return shiftFrom({ rank, count, find: (k) => findSmallest(k, split) / 2 })
}

/** Median and bounds of `count` values, of which `find` has the k-th smallest; the bounds are `rank` from either end. */
function shiftFrom({ rank, count, find }: { rank: number; count: number; find: (k: number) => number }): Shift {
  const middle = (count + 1) / 2
  return {
    shift: (find(Math.floor(middle)) + find(Math.ceil(middle))) / 2,
    shiftLow: rank === 0 ? undefined : find(rank),
    shiftHigh: rank === 0 ? undefined : find(count + 1 - rank),
  }
}

/** The largest rank with P(sum < rank) ≤ 2.5 %; 0 where even the outermost value is missed more often. */
function exactRank(chances: Float64Array): number {
  let rank = 0
  let below = chances[0]!
  while (below <= tail) {
    rank += 1
    below += chances[rank]!
  }
  return rank
}

/** The same by the normal distribution of a sum from 0 to `most`, with continuity correction. */
function normalRank(most: number, variance: number): number {
  return Math.max(0, Math.floor(most / 2 - z * Math.sqrt(variance) + 0.5))
}

/** The k-th smallest (from 1), by halving the range; both of its ends are always values that occur. */
function findSmallest(k: number, split: Split): number {
  let low = split(-Infinity).above
  let high = split(Infinity).below
  while (low < high) {
    const middle = low + (high - low) / 2
    const { count, below, above } = split(middle < high ? middle : low)
    if (count >= k) high = below
    else low = above
  }
  return low
}

/** Splits all x − y of two ascending samples in one pass over both: the higher x, the fewer y are far enough above. */
function splitPairs(x: Float64Array, y: Float64Array): Split {
  return (limit) => {
    let count = 0
    let below = -Infinity
    let above = Infinity
    let first = 0
    for (const value of x) {
      while (first < y.length && value - y[first]! > limit) first += 1
      count += y.length - first
      if (first < y.length) below = Math.max(below, value - y[first]!)
      if (first > 0) above = Math.min(above, value - y[first - 1]!)
    }
    return { count, below, above }
  }
}

/** Splits the sums of any two values, and of each with itself: x − (−x) has each pair twice, and each with itself once. */
function splitSums(values: Float64Array): Split {
  const splitTwice = splitPairs(values, values.map((value) => -value).reverse())
  return (limit) => {
    const { count, below, above } = splitTwice(limit)
    return { count: (count + values.filter((value) => 2 * value <= limit).length) / 2, below, above }
  }
}

function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}
