import { z95 as z } from './normal.js'

/** Wilson score interval, 95 %, of x of n, clipped to 0–1; all of 0–1 while n is 0, since nothing is known. */
export function wilson(x: number, n: number): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 }
  const p = x / n
  const scale = 1 + (z * z) / n
  const centre = (p + (z * z) / (2 * n)) / scale
  const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / scale
  // At none and at all the bound is exactly 0 and 1; in floating point it would miss them by a last digit.
  return { low: x === 0 ? 0 : Math.max(0, centre - half), high: x === n ? 1 : Math.min(1, centre + half) }
}

/**
 * Difference a/n − b/m of two independent rates and its 95 % interval, Newcombe's hybrid of their Wilson intervals
 * (Newcombe 1998, method 10). While n or m is 0 there is no difference, and the interval is all of −1 to 1.
 */
export function newcombe(
  a: number,
  n: number,
  b: number,
  m: number,
): { difference: number | undefined; low: number; high: number } {
  if (n === 0 || m === 0) return { difference: undefined, low: -1, high: 1 }
  const [first, second] = [wilson(a, n), wilson(b, m)]
  const [p, q] = [a / n, b / m]
  const difference = p - q
  return {
    difference,
    low: difference - Math.hypot(p - first.low, second.high - q),
    high: difference + Math.hypot(first.high - p, q - second.low),
  }
}

/**
 * The smallest n from which the Wilson interval of `rate` lies wholly on one side of `target` (both 0–1); undefined where
 * they are equal, which no n settles. The interval inverts the score test, so that it holds the target exactly while
 * |rate − target| ≤ z √(target (1 − target) / n).
 */
export function settlingN(rate: number, target: number): number | undefined {
  if (rate === target) return undefined
  return Math.max(1, Math.ceil((z * z * target * (1 - target)) / (rate - target) ** 2))
}

/**
 * The smallest x of n whose lower bound reaches `target` (0–1); undefined where not even n of n does. At most a share of t
 * is its mirror: x may be n − neededCount(n, 1 − t).
 */
export function neededCount(n: number, target: number): number | undefined {
  if (wilson(n, n).low < target) return undefined
  // By bisection: the lower bound rises with x.
  let missed = -1
  let met = n
  while (met - missed > 1) {
    const middle = Math.floor((met + missed) / 2)
    if (wilson(middle, n).low >= target) met = middle
    else missed = middle
  }
  return met
}
