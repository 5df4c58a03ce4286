import { z95 as z } from './normal.js'

/**
 * The true pass rate behind the `passed` of `n` of a judge with a known sensitivity (`tpr`) and specificity (`tnr`), 0–1. It
 * is as it comes out, and `isClipped` where it lies outside 0–1: sensitivity and specificity do not fit these data, and a
 * report may show no more than the nearest end. Undefined without a case, or where the judge is no better than chance
 * (tpr + tnr ≤ 1). Rogan and Gladen (1978).
 */
export function roganGladen({
  passed,
  n,
  tpr,
  tnr,
}: {
  passed: number
  n: number
  tpr: number
  tnr: number
}): { rate: number; isClipped: boolean } | undefined {
  const informed = tpr + tnr - 1
  if (n === 0 || informed <= 0) return undefined
  const rate = (passed / n + tnr - 1) / informed
  return { rate, isClipped: rate < 0 || rate > 1 }
}

/** What a judge said of `n` unlabelled outputs, and how it did on labelled ones. Rates are 0–1. */
export interface Judged {
  /** Share of the n that the judge passed. */
  p: number
  n: number
  /** Specificity, over the m0 outputs that humans failed. */
  q0: number
  m0: number
  /** Sensitivity, over the m1 outputs that humans passed. */
  q1: number
  m1: number
}

/**
 * Rogan–Gladen's rate `theta`, clipped to 0–1, and its 95 % interval, which knows that sensitivity and specificity are measured
 * too. The interval is centred beside theta, on smoothed rates. Lee et al. (2025), arXiv 2511.21140. Undefined without outputs
 * of each sort; where the 95 % lower bound of q0 + q1 − 1 is not above 0, since the judge may be no better than chance; and
 * where all of the interval lies outside of 0–1, since such rates do not fit the judge: clipped, it would look like certainty.
 */
export function leeInterval(judged: Judged): { theta: number; low: number; high: number } | undefined {
  const { p, n, q0, m0, q1, m1 } = judged
  if (n === 0 || m0 === 0 || m1 === 0 || q0 + q1 <= 1) return undefined
  const passed = smoothed(p, n, z * z)
  const failing = smoothed(q0, m0, 2)
  const passing = smoothed(q1, m1, 2)
  const informed = failing.rate + passing.rate - 1
  if (informed <= z * Math.sqrt(failing.variance + passing.variance)) return undefined
  const centre = (passed.rate + failing.rate - 1) / informed
  const shift = 2 * z * z * (centre * passing.variance - (1 - centre) * failing.variance)
  const variance = passed.variance + (1 - centre) ** 2 * failing.variance + centre ** 2 * passing.variance
  const half = (z * Math.sqrt(variance)) / informed
  const low = centre + shift - half
  const high = centre + shift + half
  if (high <= 0 || low >= 1) return undefined
  return { theta: clip((p + q0 - 1) / (q0 + q1 - 1)), low: clip(low), high: clip(high) }
}

/** A rate of n to which `added` cases are added, half of them passed. */
function smoothed(share: number, n: number, added: number): { rate: number; variance: number } {
  const rate = (n * share + added / 2) / (n + added)
  return { rate, variance: (rate * (1 - rate)) / (n + added) }
}

/** Numbers 0–1, a pass being 1: of outputs with a label the human's and the judge's, of the others the judge's alone. */
export interface Predicted {
  labelled: readonly { human: number; judge: number }[]
  unlabelled: readonly number[]
  /** How far the judge is trusted: 0 takes the labels only, 1 all it says. By default what makes the interval short. */
  lambda?: number
}

/**
 * Prediction-powered rate with its 95 % Wald interval, clipped to 0–1, for labels that are a random sample of the same outputs.
 * Where nothing is unlabelled, lambda is 0. Undefined without a label, and where the standard error is 0: labels that all say
 * the same are no certainty. Angelopoulos et al. (2023), arXiv 2301.09633; the tuned lambda from arXiv 2311.01453.
 */
export function ppi(predicted: Predicted): { rate: number; low: number; high: number; lambda: number } | undefined {
  const { labelled, unlabelled } = predicted
  if (labelled.length === 0) return undefined
  const lambda = unlabelled.length === 0 ? 0 : (predicted.lambda ?? tunedLambda(predicted))
  const rest = labelled.map(({ human, judge }) => human - lambda * judge)
  let rate = mean(rest)
  let variance = squares(rest) / rest.length ** 2
  if (unlabelled.length > 0) {
    rate += lambda * mean(unlabelled)
    variance += (lambda ** 2 * squares(unlabelled)) / unlabelled.length ** 2
  }
  // What rounding leaves of 0 is about 1e-32.
  if (variance < 1e-20) return undefined
  const half = z * Math.sqrt(variance)
  return { rate: clip(rate), low: clip(rate - half), high: clip(rate + half), lambda }
}

/** cov(human, judge) / ((1 + n/N) var(judge)), the variance over all outputs, clipped to 0–1; 0 for a judge who never differs. */
function tunedLambda({ labelled, unlabelled }: Predicted): number {
  const pooled = [...labelled.map((output) => output.judge), ...unlabelled]
  const variance = squares(pooled) / (pooled.length - 1)
  if (variance < 1e-20) return 0
  const human = mean(labelled.map((output) => output.human))
  const judge = mean(labelled.map((output) => output.judge))
  const covariance = mean(labelled.map((output) => (output.human - human) * (output.judge - judge)))
  return clip(covariance / ((1 + labelled.length / unlabelled.length) * variance))
}

function mean(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total / values.length
}

/** Sum of the squared distances from the mean. */
function squares(values: readonly number[]): number {
  const centre = mean(values)
  let total = 0
  for (const value of values) total += (value - centre) ** 2
  return total
}

function clip(share: number): number {
  return Math.min(1, Math.max(0, share))
}
