import type { AnswerKey } from './answer-key.js'
import { needsPerson } from './answer-key.js'
import type { Attempt } from './attempt.js'
import type { Question } from './questions.js'

export type AttemptVerdict = 'diagnosed' | 'wrong' | 'gave up' | 'time-box' | 'unjudged' | 'open'

/** An attempt with what became of it. */
export interface JudgedAttempt {
  attempt: Attempt
  verdict: AttemptVerdict
  /** Question → whether it was answered right; questions without an answer or without a key are absent. */
  right: ReadonlyMap<string, boolean>
  /** What the attempt was at, the same on every arm: a request or a trace; unknown outside drills of ours. */
  item?: string
  /** The time-box in minutes, or how long a diagnosis took. Absent while there is neither. */
  time: { minutes: number; isDiagnosed: boolean } | undefined
}

const minuteMs = 60_000

/**
 * Diagnosed is an attempt whose required answers are all right. Without a key for what only a person can confirm it is not
 * judged yet; what the store does not know is not required. A wrong or given-up attempt lasts until the time-box.
 */
export function judgeAttempt(
  attempt: Attempt,
  asked: readonly Question[],
  key: AnswerKey,
  timeboxMs: number,
): JudgedAttempt {
  const right = new Map<string, boolean>()
  for (const [question, { answer }] of attempt.answers) {
    const entry = key.get(question)
    if (entry !== undefined && answer.length > 0) right.set(question, entry.isRight(answer))
  }
  const verdict = verdictOf(attempt, asked, key, right)
  return { attempt, verdict, right, time: timeOf(attempt, verdict, attempt.timeboxMs ?? timeboxMs) }
}

function verdictOf(
  attempt: Attempt,
  asked: readonly Question[],
  key: AnswerKey,
  right: ReadonlyMap<string, boolean>,
): AttemptVerdict {
  const { outcome, isDiagnosed } = attempt
  if (outcome !== 'answered') return outcome
  if (isDiagnosed !== undefined) return isDiagnosed ? 'diagnosed' : 'wrong'
  const required = asked.filter((question) => question.required)
  const isWrong = required.some(({ id }) => key.has(id) && right.get(id) !== true)
  if (isWrong) return 'wrong'
  return required.some((question) => needsPerson(question) && !key.has(question.id)) ? 'unjudged' : 'diagnosed'
}

function timeOf({ elapsedMs }: Attempt, verdict: AttemptVerdict, timeboxMs: number): JudgedAttempt['time'] {
  if (verdict === 'open' || verdict === 'unjudged') return undefined
  if (verdict === 'diagnosed') return { minutes: elapsedMs / minuteMs, isDiagnosed: true }
  return { minutes: Math.max(elapsedMs, timeboxMs) / minuteMs, isDiagnosed: false }
}
