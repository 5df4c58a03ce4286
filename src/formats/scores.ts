import type { Feedback, Json, Score } from '../core/span.js'
import { readId } from './ids.js'
import { missing } from './requests.js'
import { type Columns, cell, type Row, textCell } from './row.js'
import { msOfMoment } from './time.js'

/** Our field of a score → the names under which files of scores usually keep it, first match wins. */
export const scoreColumns = {
  id: ['id', 'score_id', 'scoreId'],
  time: ['time', 'timestamp', 'ts', 'created_at', 'createdAt'],
  name: ['name', 'score_name', 'key', 'metric'],
  value: ['value', 'score'],
  label: ['label', 'string_value', 'stringValue', 'category'],
  comment: ['comment', 'explanation', 'reason', 'reasoning'],
  source: ['source', 'annotator_kind', 'annotatorKind'],
  trace_id: ['trace_id', 'traceId', 'trace', 'trace.id'],
  span_id: ['span_id', 'spanId', 'observation_id', 'observationId'],
} as const

/** Who judged, by the words that exports have for it; `undefined` for those that say how a score came, not from whom. */
const judges: Readonly<Record<string, Score['source']>> = {
  user: 'user',
  human: 'human',
  annotator: 'human',
  annotation: 'human',
  model: 'model',
  llm: 'model',
  judge: 'model',
  code: 'code',
  api: undefined,
  eval: undefined,
}

/** Who gave feedback, by the same words; undefined for all others. */
export function feedbackSource(word: string | undefined): Feedback['source'] {
  const judge = word === undefined ? undefined : judgeOf(word)
  return judge === 'user' ? 'user' : judge === 'human' ? 'annotator' : undefined
}

const judgeOf = (word: string): Score['source'] => {
  const known = word.toLowerCase()
  return Object.hasOwn(judges, known) ? judges[known] : undefined
}

/** One score from one row, or what is wrong with the row. */
export function readScoreRow(row: Row, columns: Columns): Score | string {
  const text = (field: keyof typeof scoreColumns) => textCell(row, field, columns, scoreColumns[field])
  const name = text('name')
  if (name === undefined) return missing('name', columns, scoreColumns.name)
  const traceId = readId(text('trace_id') ?? null, 16)
  if (traceId === undefined) return missing('trace_id', columns, scoreColumns.trace_id)
  const word = text('source')
  if (word !== undefined && !Object.hasOwn(judges, word.toLowerCase()))
    return `the source is none of ${Object.keys(judges).join(', ')}`
  const time = cell(row, 'time', columns, scoreColumns.time)
  const timeMs = msOfMoment(time)
  if (time !== undefined && timeMs === undefined) return 'the time is neither ISO 8601 nor an epoch number'
  const value = cell(row, 'value', columns, scoreColumns.value)
  const [number, comment] = [numberOf(value), text('comment')]
  // Where a score is a word, some write it as its value.
  const label = text('label') ?? (number === undefined && value !== undefined ? wordOf(value) : undefined)
  if (number === undefined && label === undefined && comment === undefined)
    return missing('value, label or comment', columns, scoreColumns.value.slice(0, 1))
  return {
    id: text('id'),
    name,
    value: number,
    label,
    comment,
    source: word === undefined ? undefined : judgeOf(word),
    traceId,
    spanId: readId(text('span_id') ?? null, 8),
    timeMs,
  }
}

/** A number, a decimal number as text, or 1 and 0 for true and false; undefined for everything else. */
function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'boolean' || value === 'true' || value === 'false') return String(value) === 'true' ? 1 : 0
  const isDecimal = typeof value === 'string' && /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i.test(value)
  const number = typeof value === 'number' || isDecimal ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

/** Words of programs for "nothing" are no label. */
function wordOf(value: Json): string | undefined {
  const word = String(value).trim()
  return /^(?:nan|none|null|n\/a)?$/i.test(word) ? undefined : word
}
