import { chanceUpTo, rankSumChances, signedRankChances } from './rank-chances.js'
import { exactDifferences, exactPairs, type Shift, shiftBetween, shiftOf } from './shift.js'
import { chiSquareTail } from './survival.js'

/**
 * Wilcoxon signed-rank test of paired differences (finite numbers), two-sided, with the Hodges–Lehmann shift of all of them.
 * `statistic` is the smaller sum of ranks of one sign, V+ or V−. Differences of zero are dropped from it, equal ones share the
 * mean of their ranks, and p is exact given these ranks; above 500 differences it is that of the normal distribution, with
 * continuity correction. Undefined where no difference is left. Wilcoxon (1945).
 */
export function wilcoxon(differences: readonly number[]): ({ statistic: number; p: number } & Shift) | undefined {
  const moving = movingSteps(differences)
  const shift = shiftOf(differences)
  if (moving.length === 0 || shift === undefined) return undefined
  const { ranks } = midranks(moving.map(Math.abs))
  let all = 0
  let plus = 0
  for (const [at, rank] of ranks.entries()) {
    all += rank
    if (moving[at]! > 0) plus += rank
  }
  const statistic = Math.min(plus, all - plus)
  const p = moving.length > exactDifferences ? normalP(statistic, ranks) : exactP(statistic, ranks)
  return { statistic, p, ...shift }
}

function exactP(statistic: number, ranks: readonly number[]): number {
  return Math.min(1, 2 * chanceUpTo(signedRankChances(ranks.map((rank) => 2 * rank)), 2 * statistic))
}

function normalP(statistic: number, ranks: readonly number[]): number {
  let mean = 0
  let variance = 0
  for (const rank of ranks) {
    mean += rank / 2
    variance += (rank * rank) / 4
  }
  return twoSided((mean - statistic - 0.5) / Math.sqrt(variance))
}

/** Sign test of paired differences, two-sided and exact; zeros are dropped. Undefined where no difference is left. */
export function signTest(differences: readonly number[]): number | undefined {
  const moving = movingSteps(differences)
  if (moving.length === 0) return undefined
  const plus = moving.filter((step) => step > 0).length
  return Math.min(1, 2 * coinChance(Math.min(plus, moving.length - plus), moving.length))
}

/** P(Bin(n, 1/2) ≤ k), from the largest chance down. The one of jstat has ten decimals: a small one would be 0. */
function coinChance(k: number, n: number): number {
  let logChance = -n * Math.LN2
  for (let heads = 1; heads <= k; heads += 1) logChance += Math.log((n - heads + 1) / heads)
  let chance = Math.exp(logChance)
  let total = chance
  for (let heads = k; heads > 0; heads -= 1) {
    chance *= heads / (n - heads + 1)
    total += chance
  }
  return total
}

/** Verdict of the rank-sum test of two samples, with its effect in two forms; both p are two-sided. */
export interface MannWhitney extends Shift {
  /** Pairs (one of each sample) in which x is above y; a tie counts half. */
  u: number
  /** Undefined with ties, or with more than 10,000 pairs. */
  exactP: number | undefined
  /** By the normal distribution, corrected for ties and continuity; undefined where all values are equal. */
  asymptoticP: number | undefined
  /** Share of the pairs in which x is above y, ties half: 0.5 is no difference. Vargha and Delaney (2000). */
  a12: number
}

/** Mann–Whitney's test of two independent samples (finite numbers), as in SciPy. Undefined if one is empty. */
export function mannWhitney(x: readonly number[], y: readonly number[]): MannWhitney | undefined {
  const shift = shiftBetween(x, y)
  if (shift === undefined) return undefined
  const pairs = x.length * y.length
  const n = x.length + y.length
  const { ranks, tied } = midranks([...x, ...y])
  let u = (-x.length * (x.length + 1)) / 2
  for (let at = 0; at < x.length; at += 1) u += ranks[at]!
  const smaller = Math.min(u, pairs - u)
  const variance = (pairs / 12) * (n + 1 - tied / (n * (n - 1)))
  return {
    u,
    exactP:
      tied > 0 || pairs > exactPairs
        ? undefined
        : Math.min(1, 2 * chanceUpTo(rankSumChances(x.length, y.length), smaller)),
    asymptoticP: tied === n ** 3 - n ? undefined : twoSided((pairs / 2 - smaller - 0.5) / Math.sqrt(variance)),
    ...shift,
    a12: u / pairs,
  }
}

/**
 * The differences other than zero, in steps of 1e-12 of the largest: 0.3 − 0.2 and 0.2 − 0.1 miss each other by a last digit
 * but are one difference, and what rounding leaves of zero is zero.
 */
function movingSteps(differences: readonly number[]): number[] {
  let largest = 0
  for (const difference of differences) largest = Math.max(largest, Math.abs(difference))
  if (largest === 0) return []
  return differences.map((difference) => Math.round((difference / largest) * 1e12)).filter((step) => step !== 0)
}

/** The rank of each value from 1 on, equal ones sharing the mean of theirs; `tied` is the sum of t³ − t over groups of t. */
function midranks(values: readonly number[]): { ranks: number[]; tied: number } {
  const order = values.map((_, at) => at).sort((a, b) => values[a]! - values[b]!)
  const ranks = values.map(() => 0)
  let tied = 0
  let start = 0
  while (start < order.length) {
    let end = start + 1
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1
    for (const at of order.slice(start, end)) ranks[at] = (start + 1 + end) / 2
    tied += (end - start) ** 3 - (end - start)
    start = end
  }
  return { ranks, tied }
}

/** P(|Z| ≥ distance) of the normal distribution; a distance that the continuity correction has brought below 0 is 0. */
function twoSided(distance: number): number {
  return distance <= 0 ? 1 : chiSquareTail(distance * distance)
}
