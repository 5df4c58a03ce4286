import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { readEvaluation } from './dialects/genai.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { readId, readParentId } from './ids.js'
import { isObject, isShallow, type JsonObject, unpack } from './json.js'
import { readLogfireRow } from './logfire/row.js'
import { msOfMoment } from './time.js'

/** Rows of Logfire's table of records, as its query API and the UI's SQL view hand them out. */
export const logfire: Format = {
  name: 'logfire',
  title: 'Pydantic Logfire: rows of the table `records`, as JSON or CSV',
  status: 'experimental',
  obtain:
    'With a read token: `curl "https://logfire-us.pydantic.dev/v1/query?json_rows=true&limit=10000" --get --data-urlencode "sql=SELECT * FROM records" -H "Authorization: Bearer TOKEN"`; add `-H "Accept: text/csv"` for CSV.',
  lacks: ['prompt.name', 'prompt.version', 'prompt.variables', 'tenant', 'feedback', 'retries'],
  containers: ['/rows'],
  detects: (record) => isObject(record) && (isRow(record) || isAnswer(record)),
  read,
}

function isRow(record: JsonObject): boolean {
  return record.trace_id !== undefined && record.span_id !== undefined && record.start_timestamp !== undefined
}

/** An answer of the query API: rows, or (its default) columns of values. */
function isAnswer({ columns, rows }: JsonObject): boolean {
  const first = Array.isArray(rows) ? rows[0] : undefined
  if (isObject(first)) return isRow(first)
  return (
    Array.isArray(columns) && ['trace_id', 'span_id', 'start_timestamp'].every((name) => columns.some(isNamed(name)))
  )
}

function isNamed(name: string): (column: Json) => boolean {
  return (column) => isObject(column) && column.name === name
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  if (!isObject(record)) return { ...reading, problems: ['expected an object; left out'] }
  if (isRow(record)) {
    readOne(record, '', keys, reading)
    return reading
  }
  const rows = Array.isArray(record.rows) ? record.rows : rowsOf(record.columns)
  for (const [index, row] of rows.entries()) readOne(row, `rows.${index}.`, keys, reading)
  if (rows.length === 0) reading.skipped['answers without rows'] = 1
  return reading
}

/** The rows of an answer that is columns. */
function rowsOf(columns: Json | undefined): JsonObject[] {
  const rows: JsonObject[] = []
  for (const column of Array.isArray(columns) ? columns : []) {
    if (!isObject(column) || typeof column.name !== 'string' || !Array.isArray(column.values)) continue
    for (const [index, value] of column.values.entries()) {
      rows[index] ??= Object.create(null) as JsonObject
      rows[index][column.name] = value
    }
  }
  return rows
}

/** Logs and span events are rows of the same table, and no spans; an evaluation among them is a score of the span around it. */
const reasons = new Map([
  ['log', 'logs'],
  ['span_event', 'span events'],
])

function readOne(row: Json, at: string, keys: KeyPaths, reading: Reading): void {
  if (!isObject(row) || !isShallow(row)) {
    reading.problems.push(`${at}expected an object nested within 200 levels; left out`)
    return
  }
  const reason = typeof row.kind === 'string' ? reasons.get(row.kind) : undefined
  if (reason === undefined) {
    const given = readLogfireRow(row, at, reading)
    if (given !== undefined) addSpan(reading, given, keys, at)
  } else if (!readScore(row, reading)) reading.skipped[reason] = (reading.skipped[reason] ?? 0) + 1
}

function readScore(row: JsonObject, reading: Reading): boolean {
  const attributes = unpack(row.attributes ?? null)
  const score = isObject(attributes) ? readEvaluation(attributes, msOfMoment(row.start_timestamp)) : undefined
  if (score === undefined) return false
  reading.scores.push({ ...score, traceId: readId(row.trace_id, 16), spanId: readParentId(row.parent_span_id) })
  return true
}
