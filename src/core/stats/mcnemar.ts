import { z95 } from './normal.js'

/** Two-sided p-values of McNemar's test, and its χ² with 1 degree of freedom. */
export interface McNemar {
  exact: number
  /** Exact less half the chance of what was seen, on both sides. */
  midP: number
  chi2: number
  /** With continuity correction. */
  chi2cc: number
}

/**
 * McNemar's test that as many cases are lost (pass before, fail after) as are gained. Where none is, p is 1: no evidence, not
 * "equal". Mid-p is 1 for equal counts, by convention. Precise for thousands of cases; below 1e-308 p is 0.
 */
export function mcnemar(lost: number, gained: number): McNemar {
  const n = lost + gained
  if (n === 0) return { exact: 1, midP: 1, chi2: 0, chi2cc: 0 }
  const distance = Math.abs(lost - gained)
  const chi2 = distance ** 2 / n
  const chi2cc = (distance - 1) ** 2 / n
  if (distance === 0) return { exact: 1, midP: 1, chi2, chi2cc }
  const k = Math.min(lost, gained)
  // log of C(n, k) / 2^n, since both overflow; then the chances of k, k − 1 … 0 as multiples of that of k.
  let log = -n * Math.LN2
  for (let at = 1; at <= k; at += 1) log += Math.log((n - k + at) / at)
  let multiple = 1
  let sum = 1
  for (let at = k; at > 0 && multiple > 1e-18; at -= 1) {
    multiple *= at / (n - at + 1)
    sum += multiple
  }
  return { exact: Math.min(1, 2 * Math.exp(log) * sum), midP: Math.exp(log) * (2 * sum - 1), chi2, chi2cc }
}

/**
 * Score interval, 95 %, of the paired difference (gained − lost) / n, n being all cases; −1 to 1 while n is 0.
 * Tango (1998), Statistics in Medicine 17, 891–908.
 */
export function tango(lost: number, gained: number, n: number): { low: number; high: number } {
  if (n === 0) return { low: -1, high: 1 }
  const observed = (gained - lost) / n
  const isInside = (difference: number) =>
    n * (observed - difference) ** 2 <= z95 ** 2 * varianceGiven(difference, { lost, gained, n })
  return { low: edgeOf(isInside, observed, -1), high: edgeOf(isInside, observed, 1) }
}

/** Variance of one case's difference, at the likeliest shares of lost and gained cases that differ by `difference`. */
function varianceGiven(difference: number, { lost, gained, n }: { lost: number; gained: number; n: number }): number {
  const a = 2 * n
  const b = (a - gained + lost) * difference - lost - gained
  const c = -lost * difference * (1 - difference)
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c))
  // The larger root of a x² + b x + c, in the form that subtracts nothing.
  const lostShare = b > 0 ? (-2 * c) / (root + b) : (root - b) / (2 * a)
  return 2 * lostShare + difference * (1 - difference)
}

/** Where an interval around `inside` ends on the way to `outside`, by bisection down to the last digit. */
function edgeOf(isInside: (value: number) => boolean, inside: number, outside: number): number {
  let within = inside
  let beyond = outside
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (within + beyond) / 2
    if (isInside(middle)) within = middle
    else beyond = middle
  }
  return beyond
}

/** Shares (0–1) of all cases that a change is thought to lose and to gain; together at most 1. */
export interface ChangeShares {
  lostShare: number
  gainedShare: number
}

/** Chance (0–1) that the exact test of n cases gives p < 0.05, by enumeration of how many differ and which way. */
export function mcnemarPower({ n, ...shares }: ChangeShares & { n: number }): number {
  return powerAt(n, shares, rejectionChances(n, shares))
}

/** The most cases that `settlingCases` looks at. */
const mostCases = 100_000

/** The smallest n with that power (0–1), up to 100,000; undefined where that is not enough, as where both shares are equal. */
export function settlingCases(shares: ChangeShares, power = 0.8): number | undefined {
  const chances = rejectionChances(mostCases, shares)
  const reaches = (n: number) => powerAt(n, shares, chances) >= power
  if (!reaches(mostCases)) return undefined
  let missed = 0
  let reached = mostCases
  while (reached - missed > 1) {
    const middle = Math.floor((missed + reached) / 2)
    if (reaches(middle)) reached = middle
    else missed = middle
  }
  // Power goes up in a saw-tooth, whose teeth are about 1.4 √n wide: an earlier one may reach as high.
  let n = Math.max(0, Math.floor(reached - 3 * Math.sqrt(reached)) - 10)
  while (!reaches(n)) n += 1
  return n
}

/** Mean of the chances of rejection over how many of n cases differ, which is binomial. */
function powerAt(n: number, { lostShare, gainedShare }: ChangeShares, chances: Float64Array): number {
  // The sum of two shares can pass 1 by a last digit.
  const share = Math.min(1, lostShare + gainedShare)
  const odds = share / (1 - share)
  const mode = Math.min(n, Math.floor((n + 1) * share))
  // Weights as multiples of that of the mode, out to where they no longer count.
  let weights = 1
  let sum = chances[mode]!
  for (let m = mode, weight = 1; m < n && weight > 1e-17; m += 1) {
    weight *= ((n - m) / (m + 1)) * odds
    weights += weight
    sum += weight * chances[m + 1]!
  }
  for (let m = mode, weight = 1; m > 0 && weight > 1e-17; m -= 1) {
    weight *= m / ((n - m + 1) * odds)
    weights += weight
    sum += weight * chances[m - 1]!
  }
  return sum / weights
}

/** For each number of differing cases, 0 … most: the chance that they are uneven enough for p < 0.05. */
function rejectionChances(most: number, { lostShare, gainedShare }: ChangeShares): Float64Array {
  const chances = new Float64Array(most + 1)
  const share = lostShare + gainedShare
  if (share === 0) return chances
  let byChance: Tail = { p: 0.5, upTo: 1, at: 1 }
  let gained: Tail = { p: gainedShare / share, upTo: 1, at: 1 }
  let lost: Tail = { p: lostShare / share, upTo: 1, at: 1 }
  // The smallest count that is not uneven enough: with one more case it stays, or goes up by one.
  let k = 0
  for (let m = 1; m <= most; m += 1) {
    byChance = withOneMoreCase(byChance, m, k)
    gained = withOneMoreCase(gained, m, k)
    lost = withOneMoreCase(lost, m, k)
    if (2 * byChance.upTo < 0.05) {
      k += 1
      byChance = withHigherCount(byChance, m, k)
      gained = withHigherCount(gained, m, k)
      lost = withHigherCount(lost, m, k)
    }
    chances[m] = gained.upTo - gained.at + lost.upTo - lost.at
  }
  return chances
}

/** P(X ≤ k) and P(X = k) of a binomial X, for an m and k known beside it. */
interface Tail {
  p: number
  upTo: number
  at: number
}

/** From m − 1 cases to m: who had k and gets another leaves the tail. */
function withOneMoreCase({ p, upTo, at }: Tail, m: number, k: number): Tail {
  return { p, upTo: upTo - p * at, at: (at * (1 - p) * m) / (m - k) }
}

/** From k − 1 to k, of m cases. */
function withHigherCount({ p, upTo, at }: Tail, m: number, k: number): Tail {
  // A chance of 0 stays 0; with p = 1 it would be 0 / 0.
  const next = at === 0 ? 0 : (at * p * (m - k + 1)) / ((1 - p) * k)
  return { p, upTo: upTo + next, at: next }
}
