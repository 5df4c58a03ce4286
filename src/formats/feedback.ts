import { type Feedback, type FeedbackKind, feedbackKinds, type Json } from '../core/span.js'
import { readId } from './ids.js'
import { missing } from './requests.js'
import { type Columns, cell, type Row, textCell } from './row.js'
import { feedbackSource } from './scores.js'
import { msOfMoment } from './time.js'

/** Our field of feedback → the names under which logs usually keep it, first match wins. */
export const feedbackColumns = {
  id: ['id', 'feedback_id', 'feedbackId'],
  time: ['time', 'timestamp', 'ts', 'created_at', 'createdAt'],
  kind: ['kind', 'type', 'feedback_type'],
  value: ['value', 'score'],
  comment: ['comment', 'text', 'message', 'note'],
  user: ['user', 'user_id', 'userId', 'user.id'],
  source: ['source'],
  name: ['feedback_name', 'feedbackName'],
  trace_id: ['trace_id', 'traceId', 'trace', 'trace.id'],
  span_id: ['span_id', 'spanId'],
  request_id: ['request_id', 'requestId', 'request', 'request.id'],
} as const

const thumbs: Readonly<Record<string, number>> = {
  up: 1,
  down: -1,
  true: 1,
  false: -1,
  '1': 1,
  '0': -1,
  '-1': -1,
  positive: 1,
  negative: -1,
  good: 1,
  bad: -1,
  '👍': 1,
  '👎': -1,
}

/** One feedback from one row of the application's log, or what is wrong with the row. */
export function readFeedbackRow(row: Row, columns: Columns): Feedback | string {
  const text = (field: keyof typeof feedbackColumns) => textCell(row, field, columns, feedbackColumns[field])
  const judged = readJudgement(row, columns)
  if (typeof judged === 'string') return judged
  const traceId = readId(text('trace_id'), 16)
  const request = text('request_id')
  if (traceId === undefined && request === undefined)
    return missing('trace_id or request_id', columns, [
      ...feedbackColumns.trace_id.slice(0, 1),
      ...feedbackColumns.request_id.slice(0, 1),
    ])
  return {
    ...judged,
    id: text('id'),
    name: text('name'),
    traceId,
    spanId: readId(text('span_id'), 8),
    request,
    comment: text('comment'),
    user: text('user'),
    source: feedbackSource(text('source')),
    timeMs: msOfMoment(cell(row, 'time', columns, feedbackColumns.time)),
  }
}

/** The kind and its value, from `kind` + `value` or from a column that is named after the kind (`thumbs`, `rating` …). */
function readJudgement(row: Row, columns: Columns): { kind: FeedbackKind; value?: number } | string {
  const named = textCell(row, 'kind', columns, feedbackColumns.kind)?.toLowerCase()
  const kind =
    feedbackKinds.find((known) => known === named) ??
    feedbackKinds.find((known) => cell(row, known, {}, [known]) !== undefined)
  if (named !== undefined && kind === undefined) return `the kind is none of ${feedbackKinds.join(', ')}`
  if (kind === undefined) return `no kind: expected a column kind, or one of ${feedbackKinds.join(', ')}`
  const value = cell(row, 'value', columns, [...feedbackColumns.value, kind])
  if (kind === 'thumbs') {
    const thumb = thumbs[String(value).toLowerCase()]
    return thumb === undefined ? 'the thumbs are neither up nor down' : { kind, value: thumb }
  }
  return { kind, ...numeric(kind, value) }
}

function numeric(kind: FeedbackKind, value: Json | undefined): { value?: number } {
  const number = kind === 'rating' || kind === 'edit' ? Number(value) : Number.NaN
  return Number.isFinite(number) && value !== undefined ? { value: number } : {}
}
