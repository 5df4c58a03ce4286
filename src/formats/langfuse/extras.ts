import type { Feedback, Json, Score } from '../../core/span.js'
import { readNumber } from '../dialects/documents.js'
import { readFeedback } from '../dialects/feedback.js'
import type { Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { msOfMoment } from '../time.js'
import { observationColumns, traceColumns } from './columns.js'
import type { LangfuseRow } from './row.js'
import { isUserFeedback } from './score.js'

type Target = Pick<Score, 'traceId' | 'spanId'>

/**
 * What the tables of the UI add to a row: comments, and one column for each name of a score. Tables of version 4 repeat the
 * scores of a trace in the row of every observation, so theirs are taken for the trace's, where equal ones are one.
 */
export function readExtras(row: LangfuseRow, target: Target, reading: Reading): void {
  const { columns } = row
  readComments(row, target, reading)
  if (!tableMarks.some((name) => name in columns)) return
  const isRepeated =
    'latencyMs' in columns || ('traceTags' in columns && msOfMoment(columns.traceTimestamp) === undefined)
  const judged = isRepeated ? { traceId: target.traceId } : target
  for (const name of Object.keys(columns)) {
    if (!mayBeScore(name)) continue
    const value = columns[name]!
    if (value === null)
      row.take(name) // a score that this row does not have
    else if (isScoreList(value)) readColumn(row, name, judged, reading)
  }
}

/** Columns that only the tables of the UI have. */
const tableMarks = ['comments', 'traceTags', 'latencyMs']

function mayBeScore(name: string): boolean {
  return !observationColumns.has(name) && !traceColumns.has(name)
}

function isScoreList(value: Json): value is (string | number)[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number' || typeof one === 'string')
  )
}

function readColumn(row: LangfuseRow, name: string, target: Target, reading: Reading): void {
  const given = row.take(name)
  if (given === undefined || !isScoreList(given)) return
  for (const one of given) {
    const score: Score = { ...target, name, ...(typeof one === 'number' ? { value: readNumber(one) } : { label: one }) }
    if (isUserFeedback(name)) reading.feedback.push(readFeedback({ ...score, source: 'user' }))
    else reading.scores.push(score)
  }
}

/** Comments of the people who look at traces. */
function readComments(row: LangfuseRow, target: Target, reading: Reading): void {
  const given = row.take('comments')
  const comments = given === undefined ? [] : unpack(given)
  if (!Array.isArray(comments)) {
    row.complain('comments: expected a list')
    return
  }
  for (const comment of comments) {
    const read = isObject(comment) ? readComment(comment, target) : undefined
    if (read === undefined) row.complain('comments: expected objects with a content; others left out')
    else reading.feedback.push(read)
  }
}

/**
 * One comment, of a table or of the API, where it names its own object; undefined without a content. The API's comments on
 * observations do not name the trace.
 */
export function readComment(comment: JsonObject, target: Target): Feedback | undefined {
  const content = textOf(comment.content)
  if (content === undefined) return undefined
  const type = textOf(comment.objectType)?.toUpperCase()
  return {
    traceId: type === 'TRACE' ? readId(comment.objectId, 16) : target.traceId,
    spanId: type === 'OBSERVATION' ? readId(comment.objectId, 8) : target.spanId,
    id: textOf(comment.id),
    kind: 'comment',
    comment: content,
    user: textOf(comment.author_email) ?? textOf(comment.authorUserId),
    source: 'annotator',
    timeMs: msOfMoment(comment.created_at ?? comment.createdAt),
  }
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
