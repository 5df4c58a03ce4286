import type { Json, Score } from '../../core/span.js'
import { readFeedback } from '../dialects/feedback.js'
import type { Reading } from '../format.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { readMoment } from '../time.js'
import type { Holder } from './ids.js'

/** True for a row of `/feedback`; its key `key` and one of its own columns tell it from everything else with a run's id. */
export function isFeedback(row: JsonObject): boolean {
  return (
    typeof row.key === 'string' &&
    Object.hasOwn(row, 'run_id') &&
    (Object.hasOwn(row, 'feedback_source') || Object.hasOwn(row, 'score')) &&
    !Object.hasOwn(row, 'run_type')
  )
}

/**
 * One row of feedback. What people judged is feedback, and a correction of theirs an edit; what evaluators judged is a score.
 * `about` is the run where the row itself does not say. Rows that judge a whole project (no run) name nothing that we have.
 */
export function readFeedbackRow(row: JsonObject, about: Holder | undefined, reading: Reading, at: string): void {
  const spanId = text(row.run_id) ?? about?.spanId
  // Older servers name the run alone, and people judge roots.
  const traceId = text(row.trace_id) ?? about?.traceId ?? spanId
  const name = text(row.key)
  if (name === undefined) {
    reading.problems.push(`${at}key: expected text; feedback left out`)
    return
  }
  if (traceId === undefined) {
    reading.skipped['feedback on projects'] = (reading.skipped['feedback on projects'] ?? 0) + 1
    return
  }
  const source = unpacked(row.feedback_source)
  const by = isObject(source) ? source : {}
  const judge = judgeOf(by)
  const told = row.score ?? null
  const score: Score = {
    id: text(row.id),
    traceId,
    spanId,
    name,
    source: judge,
    value: told === null ? numberOf(row.value) : numberOf(told),
    label: labelOf(row.value),
    comment: text(row.comment),
    timeMs: readMoment(row.modified_at ?? row.created_at).ms,
  }
  if (told !== null && score.value === undefined)
    reading.problems.push(`${at}score: expected a number or true or false`)
  if (judge === 'model' || judge === 'code') {
    reading.scores.push(score)
    return
  }
  const user = text(by.user_id) ?? text(by.user_name) ?? text(by.ls_user_id)
  const says = (score.value ?? score.label ?? score.comment) !== undefined
  if (says) reading.feedback.push(readFeedback(score, user))
  const correction = unpacked(row.correction)
  if (correction === undefined || correction === null || correction === '') return
  const comment = typeof correction === 'string' ? correction : JSON.stringify(correction)
  const { id, timeMs } = score
  const giver = judge === 'human' ? 'annotator' : 'user'
  reading.feedback.push({ id, traceId, spanId, kind: 'edit', comment, user, timeMs, source: giver })
}

/** `api` is how applications pass on what their users say; evaluators come through it too, and then name their own run. */
function judgeOf(source: JsonObject): Score['source'] {
  const type = typeof source.type === 'string' ? source.type.toLowerCase() : ''
  if (type === 'app') return 'human'
  if (type === 'model' || type === 'auto_eval') return 'model'
  if (type === 'evaluator') return 'code'
  const metadata = source.metadata
  return isObject(metadata) && Object.hasOwn(metadata, '__run') ? 'model' : 'user'
}

/** Scores are numbers, or true and false; in a table they are text. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0
  if (value === 'true' || value === 'True') return 1
  if (value === 'false' || value === 'False') return 0
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

function labelOf(value: Json | undefined): string | undefined {
  if (isObject(value) || Array.isArray(value)) return JSON.stringify(value)
  return numberOf(value) === undefined ? text(value) : undefined
}

function unpacked(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : unpack(value)
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
