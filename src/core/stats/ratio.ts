import { tQuantile } from './student.js'

/** Pairs (x, y) in the numbers that the ratio of their means needs. */
export interface Pairs {
  n: number
  meanX: number
  meanY: number
  /** Sums of the squared deviations from the means, and of their products. */
  xx: number
  yy: number
  xy: number
}

/**
 * The 95 % interval of the ratio of two means, mean of y to mean of x, measured on the same n cases: all ratios R for which the
 * mean of y − R x does not differ from 0 by a t test with n − 1 degrees of freedom. Undefined under two cases, and where the
 * mean of x is not above 0 itself by such a test, since then no ratio is too large. As any t interval it is too short where few
 * cases make the difference: about 92 % where six of 60 do. Fieller (1954), Some Problems in
 * Interval Estimation, Journal of the Royal Statistical Society B 16, 175–185.
 */
export function fieller({ n, meanX, meanY, xx, yy, xy }: Pairs): { low: number; high: number } | undefined {
  if (n < 2) return undefined
  const scale = tQuantile(0.975, n - 1) ** 2 / (n * (n - 1))
  const a = meanX * meanX - scale * xx
  if (meanX <= 0 || a <= 0) return undefined
  const b = meanX * meanY - scale * xy
  // b² − a c, where c = ȳ² − scale · yy, without the terms that cancel: they would take the digits along.
  const spread = meanX * meanX * yy + meanY * meanY * xx - 2 * meanX * meanY * xy
  const root = Math.sqrt(Math.max(0, scale * spread - scale * scale * (xx * yy - xy * xy)))
  return { low: (b - root) / a, high: (b + root) / a }
}
