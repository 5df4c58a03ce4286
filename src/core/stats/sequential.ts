/** A sum that misses the limit only by the last digits of its addition is at the limit. */
const rounding = 1e-12

/**
 * Tabular CUSUM of values against a known mean, in their unit: `up` is max(0, up + x − mean − slack) after each, `down` its
 * mirror, at most 0. `signals` are the places (1-based) where one of them is strictly more than `limit` (above 0) from 0; the
 * sums go on after a signal. Page (1954); slack and limit are usually half and five standard deviations.
 */
export function cusum(
  values: readonly number[],
  { mean, slack, limit }: { mean: number; slack: number; limit: number },
): { up: number[]; down: number[]; signals: number[] } {
  const up: number[] = []
  const down: number[] = []
  const signals: number[] = []
  let above = 0
  let below = 0
  for (const value of values) {
    above = Math.max(0, above + value - mean - slack)
    below = Math.min(0, below + value - mean + slack)
    up.push(above)
    down.push(below)
    if (Math.max(above, -below) > limit * (1 + rounding)) signals.push(up.length)
  }
  return { up, down, signals }
}

/** A failure rate (0–1) as it should be, and the higher one that is to be noticed: 0 < p0 < p1 < 1. */
export interface FailureRates {
  p0: number
  p1: number
}

/**
 * CUSUM of failures: each adds ln(p1 / p0), each success ln((1 − p1) / (1 − p0)), never below 0. `signals` are the places
 * (1-based) where the sum is at least `limit` (above 0); it goes on after a signal. Throws if the rates are out of order.
 * Reynolds and Stoumbos (1999).
 */
export function bernoulliCusum(
  failures: readonly boolean[],
  { p0, p1, limit }: FailureRates & { limit: number },
): { sums: number[]; signals: number[] } {
  const weights = weightsOf({ p0, p1 })
  const sums: number[] = []
  const signals: number[] = []
  let sum = 0
  for (const isFailure of failures) {
    sum = Math.max(0, sum + (isFailure ? weights.failure : weights.success))
    sums.push(sum)
    if (sum >= limit * (1 - rounding)) signals.push(sums.length)
  }
  return { sums, signals }
}

/** Verdict of a sequential probability ratio test; ratios are natural logarithms. */
export interface Sprt {
  /** From here on the failure rate is taken as p1. */
  upper: number
  /** From here down it is taken as p0. */
  lower: number
  /** After all cases, those after the decision included. */
  logRatio: number
  /** Place (1-based) of the case that decided; undefined while it is open. */
  decidedAt: number | undefined
  decision: 'p0' | 'p1' | undefined
}

/**
 * Wald's (1945) test of failure rate p0 against p1, which may be looked at after every case. `alpha` and `beta` are the chances
 * (0–1, together below 1) of a wrong p1 and a wrong p0. Throws if the rates or the chances are out of order.
 */
export function sprt(
  failures: readonly boolean[],
  { p0, p1, alpha, beta }: FailureRates & { alpha: number; beta: number },
): Sprt {
  if (!(alpha > 0 && beta > 0 && alpha + beta < 1))
    throw new RangeError('alpha and beta must be above 0, their sum below 1.')
  const weights = weightsOf({ p0, p1 })
  const upper = Math.log((1 - beta) / alpha)
  const lower = Math.log(beta / (1 - alpha))
  let logRatio = 0
  let decidedAt: number | undefined
  let decision: Sprt['decision']
  for (const [at, isFailure] of failures.entries()) {
    logRatio += isFailure ? weights.failure : weights.success
    if (decision !== undefined) continue
    if (logRatio >= upper) decision = 'p1'
    else if (logRatio <= lower) decision = 'p0'
    if (decision !== undefined) decidedAt = at + 1
  }
  return { upper, lower, logRatio, decidedAt, decision }
}

function weightsOf({ p0, p1 }: FailureRates): { failure: number; success: number } {
  if (!(p0 > 0 && p0 < p1 && p1 < 1)) throw new RangeError('The failure rates must be 0 < p0 < p1 < 1.')
  return { failure: Math.log(p1 / p0), success: Math.log((1 - p1) / (1 - p0)) }
}

/** Differences so far: how many, their mean, and the known variance of one. */
export interface MixtureSprt {
  n: number
  mean: number
  variance: number
  /** Variance of the effects that are thought likely before the data, in the unit of `variance`. */
  tau: number
}

/**
 * Likelihood ratio of a mean other than 0, mixed over normal effects, against a mean of 0. However often one looks, the chance
 * that it ever reaches 1 / alpha without an effect is at most alpha. 1 before the first value, Infinity beyond 1e308; undefined
 * where a variance is not above 0. Johari et al. (2017), Peeking at A/B Tests.
 */
export function mixtureSprt({ n, mean, variance, tau }: MixtureSprt): number | undefined {
  if (!(variance > 0 && tau > 0)) return undefined
  const spread = variance + n * tau
  return Math.sqrt(variance / spread) * Math.exp((n * n * tau * mean * mean) / (2 * variance * spread))
}
