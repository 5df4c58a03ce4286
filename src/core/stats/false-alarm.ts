import { seededRandom } from '../seeded-random.js'
import type { FailureRates } from './sequential.js'

/** How many runs without a change are simulated, and from which seed. */
export const simulated = { times: 2000, seed: 1 } as const

/** The limit of a Bernoulli CUSUM, and how often it is reached although nothing changed. */
export interface AlarmLimit {
  limit: number
  /** Share (0–1) of the simulated runs that reach it. */
  falseAlarms: number
  /**
   * Mean number of cases between false alarms (ARL0), from that share, as if they came at random: n / −ln(1 − share).
   * Undefined where none of the simulated runs reached the limit.
   */
  arl0: number | undefined
}

/**
 * The lowest limit that at most `share` (0–1) of runs of n cases reach while the failure rate stays p0. By simulation, from a
 * fixed seed: from failure to failure, since what lies between them only falls.
 */
export function alarmLimit({ p0, p1 }: FailureRates, n: number, share: number): AlarmLimit {
  const random = seededRandom(simulated.seed)
  const [failure, success] = [Math.log(p1 / p0), Math.log((1 - p1) / (1 - p0))]
  const peaks = Array.from({ length: simulated.times }, () => peakOf({ p0, failure, success }, n, random))
  peaks.sort((a, b) => b - a)
  // One step above the first peak that must not reach it.
  const limit = Math.max(1e-9, peaks[Math.floor(simulated.times * share)]! * (1 + 1e-9))
  const falseAlarms = peaks.filter((peak) => peak >= limit).length / simulated.times
  return { limit, falseAlarms, arl0: falseAlarms === 0 ? undefined : n / -Math.log(1 - falseAlarms) }
}

function peakOf(
  { p0, failure, success }: { p0: number; failure: number; success: number },
  n: number,
  random: () => number,
): number {
  let at = 0
  let sum = 0
  let peak = 0
  for (;;) {
    const successes = Math.floor(Math.log(1 - random()) / Math.log1p(-p0))
    at += successes + 1
    if (at > n) return peak
    sum = Math.max(0, sum + successes * success) + failure
    peak = Math.max(peak, sum)
  }
}
