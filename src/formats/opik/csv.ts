import type { KeyPaths, Reading } from '../format.js'
import type { JsonObject } from '../json.js'
import { unpackRepr } from '../python-repr.js'
import { readOpikSpan } from './span.js'
import { readOpikTrace } from './trace.js'

/** True for a row of the CLI's CSV: the columns of a span behind those of its trace, `trace_…` and `span_…`. */
export function isOpikCells(record: JsonObject): boolean {
  return (
    typeof record.trace_id === 'string' &&
    record.trace_start_time !== undefined &&
    (record.span_trace_id !== undefined || record.trace_project_id !== undefined || 'trace_last_updated_at' in record)
  )
}

/** The trace and the span of one row. Structures stand in the cells as Python prints them. */
export function readOpikCells(row: JsonObject, keys: KeyPaths, reading: Reading): void {
  const trace: JsonObject = Object.create(null)
  const span: JsonObject = Object.create(null)
  for (const key of Object.keys(row)) {
    if (key.startsWith('trace_')) trace[key.slice('trace_'.length)] = unpackRepr(row[key]!)
    else if (key.startsWith('span_')) span[key.slice('span_'.length)] = unpackRepr(row[key]!)
    else reading.unexpected.push(`opik.${key}`)
  }
  const traceId = readOpikTrace(trace, keys, reading)
  if (span.id !== undefined) readOpikSpan(span, traceId, keys, reading)
}
