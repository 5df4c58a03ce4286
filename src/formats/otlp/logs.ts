import type { Attributes, Json } from '../../core/span.js'
import { evaluationResult, inferenceDetails, readEvaluation } from '../dialects/genai.js'
import { resolveSpan } from '../dialects/resolve.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { msOfNanos, readNanos } from '../time.js'
import { readResource } from './span.js'
import { readAnyValue, readAttributes } from './value.js'

/**
 * OTLP logs hold no spans, but two of their events belong to one: an evaluation result becomes a score, and the details of an
 * inference become the content of their span, which merges by its ids. A record with neither is skipped as `logs`.
 */
export function readLogs(record: JsonObject, keys: KeyPaths, reading: Reading): void {
  for (const group of listAt(record, 'resourceLogs', 'resource_logs') ?? [record]) {
    if (!isObject(group)) continue
    const resource = readResource(group.resource)
    for (const scope of listAt(group, 'scopeLogs', 'scope_logs') ?? [])
      for (const log of (isObject(scope) && listAt(scope, 'logRecords', 'log_records')) || [])
        if (isObject(log)) readLog(log, resource, keys, reading)
  }
  if (reading.spans.length === 0 && reading.scores.length === 0) reading.skipped.logs = 1
}

function listAt(object: JsonObject, ...names: string[]): Json[] | undefined {
  return names.map((name) => object[name]).find((value) => Array.isArray(value))
}

function readLog(log: JsonObject, resource: Attributes, keys: KeyPaths, reading: Reading): void {
  const attributes: Attributes = Object.create(null)
  readAttributes(log.attributes, attributes)
  const name = log.eventName ?? log.event_name ?? attributes['event.name']
  if (name !== evaluationResult && name !== inferenceDetails) return
  const body = readAnyValue(log.body)
  if (isObject(body)) for (const key of Object.keys(body)) attributes[key] ??= body[key]!
  const traceId = readId(log.traceId ?? log.trace_id, 16)
  const spanId = readId(log.spanId ?? log.span_id, 8)
  const nanos = readNanos(log.timeUnixNano ?? log.time_unix_nano)
  const score =
    name === evaluationResult
      ? readEvaluation(attributes, nanos === undefined ? undefined : msOfNanos(nanos))
      : undefined
  if (score !== undefined) reading.scores.push({ ...score, traceId, spanId })
  if (name !== inferenceDetails || traceId === undefined || spanId === undefined) return
  const { span } = resolveSpan(
    { traceId, spanId, name: spanName(attributes), status: 'unset', attributes, events: [], links: [], resource },
    keys,
  )
  // The log knows its span's id but not its parent: what would follow from being a root is not known here.
  reading.spans.push({ ...span, workflow: undefined })
}

/** The convention's name of an inference span, `{operation} {model}`, which the log does not repeat. */
function spanName(attributes: Attributes): string {
  const parts = [attributes['gen_ai.operation.name'], attributes['gen_ai.request.model']]
  return parts.filter((part) => typeof part === 'string').join(' ')
}
