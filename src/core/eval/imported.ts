import type { Json } from '../span.js'
import type { Output } from './case.js'
import { type CheckResult, failedCheck, type Outcome, verdictOf } from './result.js'

/** What a check of another runner says of one output. */
export interface ImportedCheck {
  /** Its name. */
  check: string
  /** Undefined where the runner states a score alone. */
  outcome?: Outcome
  score?: number
  /** A score from here on passes, where the runner says so. */
  threshold?: number
  reason?: string
  /** It is one part of a verdict that stands beside it: no release is held against it. */
  isPart?: boolean
  /** It has no value here and may be no check at all: it counts only where another row has one. */
  mayBeNone?: boolean
}

/** What one row of another runner says: of one case, at one repeat. */
export interface ImportedRow {
  /** What tells the runs of one file apart; undefined where it holds one. */
  run?: string
  /** What made the outputs, in words. */
  target?: string
  /** Undefined: the case is known by its inputs and reference. */
  caseId?: string
  /** From 0 or 1, as the runner counts; undefined: the next one that is free. */
  repeat?: number
  inputs?: Json
  reference?: Json
  tags?: string[]
  cluster?: string
  output?: Output & { failure?: string }
  /** Empty where the row only tells of the run or of the case. */
  checks: ImportedCheck[]
}

/** The result of a check of another runner; a bare score passes from its threshold on, else from `passFrom` on; no score is an error. */
export function judgeImported(stated: ImportedCheck, passFrom: number): CheckResult {
  const { outcome, score, reason } = stated
  if (outcome !== undefined)
    return { outcome, reason: reason ?? defaultReason(stated), ...(score !== undefined && { score }) }
  if (score === undefined) return failedCheck(reason ?? 'no score')
  const from = stated.threshold ?? passFrom
  return verdictOf(score >= from, reason ?? `score ${score}, passes from ${from}`, score)
}

function defaultReason({ outcome, score }: ImportedCheck): string {
  return score === undefined ? `the runner says ${outcome}` : `the runner says ${outcome}, score ${score}`
}
