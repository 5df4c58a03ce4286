import { wilson } from '../stats/proportion.js'

/** `error`: the check or the application failed, so that nothing was judged; `unscored`: there was nothing to judge by. */
export const outcomes = ['pass', 'fail', 'error', 'unscored'] as const
export type Outcome = (typeof outcomes)[number]

/** What a check says of one output. */
export interface CheckResult {
  outcome: Outcome
  /** In one line, with the value that decided. */
  reason: string
  /** A number where the check has one; whether more is better is the check's. */
  score?: number
}

/** A pass or a fail with its reason. */
export function verdictOf(passes: boolean, reason: string, score?: number): CheckResult {
  return { outcome: passes ? 'pass' : 'fail', reason, ...(score !== undefined && { score }) }
}

/** There is nothing to judge by. */
export function unscored(reason: string): CheckResult {
  return { outcome: 'unscored', reason }
}

/** The judgement itself failed. */
export function failedCheck(reason: string): CheckResult {
  return { outcome: 'error', reason }
}

export type OutcomeCounts = Record<Outcome, number>

/** The pass rate of a check. */
export interface PassRate {
  passed: number
  /** Passed, failed and errors: an error is no fail, and does not leave the denominator. */
  n: number
  /** Wilson, 95 %, of passed of n; all shares undefined while n is 0. */
  rate: number | undefined
  low: number | undefined
  high: number | undefined
  /** As if each error had failed, and as if each had passed. */
  worst: number | undefined
  best: number | undefined
}

/** The pass rate of outcomes that were counted; those without a score are not in it. */
export function passRate({ pass, fail, error }: OutcomeCounts): PassRate {
  const n = pass + fail + error
  if (n === 0)
    return { passed: 0, n, rate: undefined, low: undefined, high: undefined, worst: undefined, best: undefined }
  return { passed: pass, n, rate: pass / n, ...wilson(pass, n), worst: pass / n, best: (pass + error) / n }
}

/** Whether anything was judged: a gate that judged nothing is no gate that passed. */
export function hasJudged({ pass, fail }: OutcomeCounts): boolean {
  return pass + fail > 0
}

/** Counts outcomes. */
export function countOutcomes(results: Iterable<{ outcome: Outcome }>): OutcomeCounts {
  const counts: OutcomeCounts = { pass: 0, fail: 0, error: 0, unscored: 0 }
  for (const { outcome } of results) counts[outcome] += 1
  return counts
}
