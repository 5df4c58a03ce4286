import { type AlarmLimit, alarmLimit } from '../stats/false-alarm.js'
import { bernoulliCusum, type FailureRates } from '../stats/sequential.js'
import type { Sides } from './windows.js'

/** The chance of a false alarm in a whole window without a change that is declared before the data. */
export const declaredFalseAlarms = 0.05

/** Since when runs fail more often, by a CUSUM over the runs after a change in order of start. */
export type Since =
  | { measured: false; reason: string }
  | (FailureRates &
      AlarmLimit & {
        measured: true
        /** Runs after the change, all of which are looked at. */
        runs: number
        /** True where no run failed before, so that p0 is half a failure in one run more. */
        isFloor: boolean
        /** Undefined where the limit is not reached. */
        signal: Signal | undefined
      })

export interface Signal {
  /** Start of the first run of the rise, epoch milliseconds: the one after the sum was last 0. */
  sinceMs: number
  /** Start of the run at which the limit was reached, and its place (1-based) after the change. */
  noticedMs: number
  noticedAt: number
  /** Failed runs from the first of the rise to that one, and how many runs these are. */
  failed: number
  runs: number
}

/** p0 is the rate before, p1 twice that (or half-way to 1 where that is nearer). */
export function readSince({ before, after }: Sides): Since {
  if (before.length === 0 || after.length === 0)
    return { measured: false, reason: `no run ${before.length === 0 ? 'before' : 'after'} it` }
  const failedBefore = before.filter(({ isError }) => isError).length
  if (failedBefore === before.length) return { measured: false, reason: 'every run before it failed' }
  const isFloor = failedBefore === 0
  const p0 = isFloor ? 0.5 / (before.length + 1) : failedBefore / before.length
  const rates = { p0, p1: Math.min(2 * p0, (1 + p0) / 2) }
  const alarm = alarmLimit(rates, after.length, declaredFalseAlarms)
  const failures = after.map(({ isError }) => isError)
  const { sums, signals } = bernoulliCusum(failures, { ...rates, limit: alarm.limit })
  const [at] = signals
  const known = { measured: true as const, ...rates, ...alarm, runs: after.length, isFloor }
  if (at === undefined) return { ...known, signal: undefined }
  const first = sums.slice(0, at).lastIndexOf(0) + 1
  const rise = failures.slice(first, at)
  const signal: Signal = {
    // Both places lie within the runs.
    sinceMs: after[first]!.startMs,
    noticedMs: after[at - 1]!.startMs,
    noticedAt: at,
    failed: rise.filter(Boolean).length,
    runs: rise.length,
  }
  return { ...known, signal }
}
