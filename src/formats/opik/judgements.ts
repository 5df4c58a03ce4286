import type { Json, Score } from '../../core/span.js'
import { readNumber } from '../dialects/documents.js'
import { readFeedback } from '../dialects/feedback.js'
import type { Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import type { PlatformRow } from '../platform-row.js'
import { msOfMoment } from '../time.js'

type Target = Pick<Score, 'traceId' | 'spanId'>

/** Who scored: a person in the UI, an online rule (a model, as a rule), or whatever calls the SDK, which may be anybody. */
const sources: Record<string, Score['source']> = { ui: 'human', online_scoring: 'model', sdk: undefined }

/** Feedback scores and comments of a trace or span. Each author's score counts; the average that Opik states beside them does not. */
export function readOpikJudgements(row: PlatformRow, target: Target, reading: Reading): void {
  for (const score of listOf(row.take('feedback_scores'), 'feedback_scores', reading)) {
    const authors = isObject(score.value_by_author) ? Object.keys(score.value_by_author) : []
    if (authors.length === 0) readScore(score, score, undefined, target, reading)
    for (const author of authors) {
      const entry = (score.value_by_author as JsonObject)[author] // an object: it has keys
      if (isObject(entry)) readScore(score, entry, author, target, reading)
      else reading.problems.push('feedback_scores: value_by_author: expected an object for each author; left out')
    }
  }
  for (const comment of listOf(row.take('comments'), 'comments', reading)) {
    const text = textOf(comment.text)
    if (text === undefined) reading.problems.push('comments: text: expected text; left out')
    else
      reading.feedback.push({
        ...target,
        id: textOf(comment.id),
        kind: 'comment',
        comment: text,
        user: textOf(comment.created_by),
        source: 'annotator',
        timeMs: msOfMoment(comment.created_at),
      })
  }
}

function readScore(
  score: JsonObject,
  entry: JsonObject,
  author: string | undefined,
  target: Target,
  reading: Reading,
): void {
  const name = textOf(score.name)
  if (name === undefined) {
    reading.problems.push('feedback_scores: name: expected text; left out')
    return
  }
  const source = textOf(entry.source) ?? textOf(score.source)
  if (source !== undefined && !Object.hasOwn(sources, source))
    reading.problems.push('feedback_scores: source: expected ui, sdk or online_scoring')
  const isError = entry.error === 1
  const read: Score = {
    ...target,
    name,
    value: isError ? undefined : readNumber(entry.value),
    label: isError ? 'error' : textOf(entry.category_name),
    comment: isError ? textOf(entry.error_reason) : textOf(entry.reason),
    source: source !== undefined && Object.hasOwn(sources, source) ? sources[source] : undefined,
    timeMs: msOfMoment(entry.last_updated_at ?? entry.created_at),
  }
  if (read.source === 'human') reading.feedback.push(readFeedback(read, author ?? textOf(entry.created_by)))
  else reading.scores.push(read)
}

/** Each check of each guardrail, on the span that ran it. */
export function readOpikGuardrails(value: Json | undefined, traceId: string, reading: Reading): void {
  for (const validation of listOf(value, 'guardrails_validations', reading)) {
    const spanId = readId(validation.span_id, 8)
    for (const check of listOf(validation.checks, 'guardrails_validations.checks', reading)) {
      const [name, label] = [textOf(check.name), textOf(check.result)]
      if (name !== undefined) reading.scores.push({ traceId, spanId, name, label, source: 'code' })
      else reading.problems.push('guardrails_validations.checks: name: expected text; left out')
    }
  }
}

function listOf(value: Json | undefined, key: string, reading: Reading): JsonObject[] {
  if (value === undefined || value === null || value === '') return []
  const items = Array.isArray(value) ? value.filter(isObject) : []
  if (!Array.isArray(value) || items.length < value.length)
    reading.problems.push(`${key}: expected a list of objects; others left out`)
  return items
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
