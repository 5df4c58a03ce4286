import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { readFeedbackRow } from './feedback.js'
import { readRun } from './run.js'

/** True for what the `langsmith-fetch` command writes of a trace or a thread: its messages, and what the root run tells. */
export function isFetched(record: JsonObject): boolean {
  return (
    Array.isArray(record.messages) &&
    Array.isArray(record.feedback) &&
    isObject(record.metadata) &&
    (Object.hasOwn(record, 'trace_id') || Object.hasOwn(record, 'thread_id'))
  )
}

/** A fetched trace as a row about the whole trace, since it holds no run but the root's figures. A thread names no trace. */
export function readFetched(record: JsonObject, keys: KeyPaths, reading: Reading, at: string): void {
  const traceId = readId(record.trace_id, 16)
  if (traceId === undefined) {
    reading.skipped['threads without the ids of their traces'] =
      (reading.skipped['threads without the ids of their traces'] ?? 0) + 1
    return
  }
  const { metadata, feedback } = record
  const told = isObject(metadata) ? metadata : {}
  const run: JsonObject = {
    ...told,
    id: traceId,
    trace_id: traceId,
    run_type: 'chain',
    parent_run_id: null,
    outputs: { messages: record.messages ?? null },
  }
  const raw = readRun(run, undefined, reading, at)
  if (raw === undefined) return
  addSpan(reading, { ...raw, isRollup: true }, keys, at)
  if (!Array.isArray(feedback)) return
  for (const [index, row] of feedback.entries())
    if (isObject(row)) readFeedbackRow(row, { traceId, spanId: traceId }, reading, `${at}feedback.${index}.`)
}
