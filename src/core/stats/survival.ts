import jstat from 'jstat'
import { z95 } from './normal.js'

/** One time to an event, such as the minutes to a diagnosis. */
export interface Survival {
  /** Above 0, in any unit. */
  time: number
  /** False if the time ended without the event: right-censored. */
  isEvent: boolean
}

/** A step of the Kaplan–Meier curve: its values hold from `time` up to the next step; before the first, survival is 1. */
export interface SurvivalPoint {
  time: number
  /** Estimated share (0–1) whose event comes after `time`. */
  survival: number
  /** Pointwise 95 % interval of `survival`, log-log; undefined where survival is 0, which has none. */
  low: number | undefined
  high: number | undefined
  /** Samples that reach `time`, those censored at it included. */
  atRisk: number
  events: number
}

/** Products of shares miss 0.5 by a last digit; no two different ones lie this close. It is the tolerance of R's survfit. */
const tolerance = Math.sqrt(Number.EPSILON)

/** Kaplan–Meier estimate with a point at each distinct time, ascending, times with censorings only included. */
export function kaplanMeier(samples: readonly Survival[]): SurvivalPoint[] {
  let survival = 1
  let greenwood = 0
  return distinctTimes(samples).map((time) => {
    const { atRisk, events } = riskAt(samples, time)
    survival *= 1 - events / atRisk
    greenwood += events === 0 ? 0 : events / (atRisk * (atRisk - events))
    return { time, survival, ...logLogInterval(survival, greenwood), atRisk, events }
  })
}

/**
 * Kaplan–Meier median: the first time at which survival is 0.5 or less; where it stays at exactly 0.5 up to a later
 * event, the midpoint of the two. Its interval (95 %) is where the log-log bounds of the curve come down to 0.5, as in R's
 * survfit(conf.type = "log-log"). Each is undefined where its curve does not come down so far: not reached.
 */
export function medianSurvival(samples: readonly Survival[]): {
  median: number | undefined
  low: number | undefined
  high: number | undefined
} {
  const points = kaplanMeier(samples)
  return {
    median: timeOfHalf(points, (point) => point.survival),
    low: timeOfHalf(points, (point) => point.low),
    high: timeOfHalf(points, (point) => point.high),
  }
}

/**
 * Mean of the time up to `horizon` (above 0), the area under the Kaplan–Meier curve, and its standard error from Greenwood's
 * variance. Undefined where the curve ends before the horizon with survival above 0: nothing is known from there on.
 */
export function restrictedMean(
  samples: readonly Survival[],
  horizon: number,
): { mean: number; se: number } | undefined {
  const points = kaplanMeier(samples)
  const last = points.at(-1)
  if (last === undefined || (last.survival > 0 && last.time < horizon)) return undefined
  // From the last step back, so that `area` is what lies to the right of each step.
  let area = 0
  let variance = 0
  let end = horizon
  for (const { time, survival, atRisk, events } of points.filter((point) => point.time < horizon).reverse()) {
    area += survival * (end - time)
    // Once all have had their event, nothing lies to the right.
    if (events < atRisk) variance += (area * area * events) / (atRisk * (atRisk - events))
    end = time
  }
  return { mean: area + end, se: Math.sqrt(variance) }
}

/**
 * Log-rank test that two groups have one curve, with 1 degree of freedom. Undefined where the events say nothing: there is
 * none, or at each of them only one group is left, or all that are left have theirs.
 */
export function logRank(a: readonly Survival[], b: readonly Survival[]): { chi2: number; p: number } | undefined {
  let excess = 0
  let variance = 0
  for (const time of distinctTimes([...a, ...b].filter((sample) => sample.isEvent))) {
    const inA = riskAt(a, time)
    const inB = riskAt(b, time)
    const atRisk = inA.atRisk + inB.atRisk
    const events = inA.events + inB.events
    excess += inA.events - (events * inA.atRisk) / atRisk
    // Hypergeometric; one sample alone has no variance.
    if (atRisk > 1) variance += (events * inA.atRisk * inB.atRisk * (atRisk - events)) / (atRisk ** 2 * (atRisk - 1))
  }
  if (variance === 0) return undefined
  const chi2 = excess ** 2 / variance
  return { chi2, p: chiSquareTail(chi2) }
}

function distinctTimes(samples: readonly Survival[]): number[] {
  return [...new Set(samples.map((sample) => sample.time))].sort((a, b) => a - b)
}

/** Whoever is censored at `time` is still at risk at it. */
function riskAt(samples: readonly Survival[], time: number): { atRisk: number; events: number } {
  return {
    atRisk: samples.filter((sample) => sample.time >= time).length,
    events: samples.filter((sample) => sample.time === time && sample.isEvent).length,
  }
}

/** exp(−exp(log(−log S) ± z · se)) with se = √greenwood / |log S|, which is S to the power exp(±z · se). */
function logLogInterval(survival: number, greenwood: number): { low: number | undefined; high: number | undefined } {
  if (survival === 0) return { low: undefined, high: undefined }
  if (survival === 1) return { low: 1, high: 1 }
  const factor = Math.exp((z95 * Math.sqrt(greenwood)) / -Math.log(survival))
  return { low: survival ** factor, high: survival ** (1 / factor) }
}

/** The first time at which a curve is at 0.5 or below; the midpoint of its step where it is exactly 0.5 and falls later. */
function timeOfHalf(
  points: readonly SurvivalPoint[],
  read: (point: SurvivalPoint) => number | undefined,
): number | undefined {
  const at = points.findIndex((point) => (read(point) ?? 1) < 0.5 + tolerance)
  const first = points[at]
  if (first === undefined) return undefined
  const value = read(first)!
  if (value <= 0.5 - tolerance) return first.time
  const next = points.slice(at + 1).find((point) => (read(point) ?? 1) < value)
  return next === undefined ? first.time : (first.time + next.time) / 2
}

/**
 * P(χ² > chi2) with 1 degree of freedom. That is erfc(√(chi2 / 2)), but jstat has it as 1 − erf, without digits left in the
 * far tail: there, Craig's form of it, the mean of exp(−chi2 / (2 sin² θ)) over 0 < θ < π/2, by 64 midpoints (12 digits).
 */
export function chiSquareTail(chi2: number): number {
  if (chi2 < 4) return jstat.erfc(Math.sqrt(chi2 / 2))
  const midpoints = 64
  let sum = 0
  for (let at = 0; at < midpoints; at += 1) {
    sum += Math.exp(-chi2 / (2 * Math.sin(((at + 0.5) / midpoints) * (Math.PI / 2)) ** 2))
  }
  return sum / midpoints
}
