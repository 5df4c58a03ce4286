import { clusterSums } from './clusters.js'

/** A mean with its 95 % t interval, and the test that it is 0. */
export interface MeanInterval {
  /** Values, not clusters. */
  n: number
  mean: number
  /** Standard error of the mean. */
  se: number
  /** Values − 1, or clusters − 1. */
  df: number
  low: number
  high: number
  /** Mean / se; ±Infinity where se is 0 and the mean is not. */
  t: number
  /** Two-sided, of a mean of 0. */
  p: number
}

/** Below this share of the largest value a sum is 0: what is left is rounding. */
const rounding = 1e-12

/**
 * Mean of finite values with its t interval. With `clusters` (one name for each value; a value without one is a cluster of
 * its own) the clustered standard error √(G / (G − 1) · Σ (sum of a cluster's deviations)²) / n with G − 1 degrees of freedom:
 * Miller (2024), arXiv 2411.00640, with the factor for few clusters. Undefined under two values or clusters. Where se is 0
 * the bounds are the mean, and p is 1 for a mean of 0, else 0: it says that nothing varied, not that nothing could.
 */
export function meanInterval(
  values: readonly number[],
  clusters?: readonly (string | undefined)[],
): MeanInterval | undefined {
  const sums = clusterSums(values, clusters)
  const df = sums.length - 1
  if (df < 1) return undefined
  const n = values.length
  let total = 0
  let largest = 0
  for (const value of values) {
    total += value
    largest = Math.max(largest, Math.abs(value))
  }
  const mean = total / n
  let squares = 0
  for (const { sum, count } of sums) squares += (sum - count * mean) ** 2
  const se = Math.sqrt((sums.length / df) * squares) / n
  if (se <= rounding * largest) {
    const isZero = Math.abs(mean) <= rounding * largest
    const t = isZero ? 0 : Math.sign(mean) * Number.POSITIVE_INFINITY
    return { n, mean, se: 0, df, low: mean, high: mean, t, p: isZero ? 1 : 0 }
  }
  const half = tQuantile(0.975, df) * se
  return { n, mean, se, df, low: mean - half, high: mean + half, t: mean / se, p: tTail(mean / se, df) }
}

/**
 * From how many values on a t interval of a mean is at most so wide to either side, if they scatter as the n (at least 2) of
 * an interval with this half width did. Undefined for a width of 0, which none reaches, and beyond a million.
 */
export function neededForHalf({ half, n }: { half: number; n: number }, wanted: number): number | undefined {
  if (half <= wanted) return n
  const deviation = (half * Math.sqrt(n)) / tQuantile(0.975, n - 1)
  let needed = Math.max(2, Math.ceil(((1.96 * deviation) / wanted) ** 2))
  if (!(needed <= 1_000_000)) return undefined
  while ((tQuantile(0.975, needed - 1) * deviation) / Math.sqrt(needed) > wanted) needed += 1
  return needed
}

/** The t with P(T ≤ t) = share (between 0 and 1) for Student's T with df degrees of freedom, to about 12 digits. */
export function tQuantile(share: number, df: number): number {
  if (share < 0.5) return -tQuantile(1 - share, df)
  const tail = 2 * (1 - share)
  // Newton: the tail falls ever slower, so that steps from 0 come up to the root and never pass it.
  let t = 0
  for (let count = 0; count < 200; count += 1) {
    const step = (tTail(t, df) - tail) / (2 * density(t, df))
    t += step
    if (Math.abs(step) <= 1e-13 * t) break
  }
  return t
}

/**
 * P(|T| ≥ |t|), two-sided, for Student's T with df (above 0) degrees of freedom: the incomplete beta function
 * I(df / 2, 1 / 2) at df / (df + t²). About 12 digits, in the far tail too, where those of jstat run out.
 */
export function tTail(t: number, df: number): number {
  const odds = (t * t) / df
  if (odds === 0) return 1
  if (odds === Number.POSITIVE_INFINITY) return 0
  const a = df / 2
  const x = 1 / (1 + odds)
  const front = Math.exp(-a * Math.log1p(odds)) * Math.sqrt(odds * x) * (gammaRatio(a) / Math.sqrt(Math.PI))
  // The fraction converges fast on this side only; the other side is its mirror.
  if (x < (a + 1) / (a + 2.5)) return (front / a) * betaFraction(a, 0.5, x)
  return 1 - 2 * front * betaFraction(0.5, a, odds * x)
}

function density(t: number, df: number): number {
  return (gammaRatio(df / 2) / Math.sqrt(Math.PI * df)) * Math.exp((-(df + 1) / 2) * Math.log1p((t * t) / df))
}

/** Γ(x + 1/2) / Γ(x), by its asymptotic series, from an x that is large enough for 15 digits. */
function gammaRatio(x: number): number {
  let below = 1
  let large = x
  for (; large < 64; large += 1) below *= large / (large + 0.5)
  const u = 1 / large
  const series = 1 - u * (1 / 8 - u * (1 / 128 + u * (5 / 1024 - u * (21 / 32768 + u * (399 / 262144)))))
  return below * Math.sqrt(large) * series
}

/** Continued fraction of the incomplete beta function, by Lentz's method: Numerical Recipes, 6.4. */
function betaFraction(a: number, b: number, x: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let product = d
  for (let m = 1; m < 10_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    product *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    product *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return product
}
