import type { Attributes, Json } from '../core/span.js'
import { resolveSpan } from './dialects/resolve.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { readId, readParentId } from './ids.js'
import { isObject, isShallow, type JsonObject } from './json.js'
import { readOwn } from './native/fields.js'
import { readFeedbackList, readScores } from './native/judgements.js'
import { readStored } from './native/stored.js'
import { asList, asObject, asText, asTime, asWord, fieldsOf } from './record.js'

/** Keys by which other platforms' records, which also have trace_id and span_id, are told from ours. */
const foreignKeys = [
  'context',
  'span_kind',
  'traceID',
  'traceId',
  'start_time',
  'startTime',
  'start_timestamp',
  'start_time_unix_nano',
  'root_span_id',
  'dotted_order',
  'run_type',
  'child_spans',
  'children',
  'op_name',
  'event',
  'spans',
]

/** pilot's own format: one span per line, the simplest thing to write by hand. `nativeSchema` is its JSON Schema. */
export const native: Format = {
  name: 'native',
  title: "pilot's own JSONL: one span per line, with trace_id, span_id, name and start",
  status: 'stable',
  obtain:
    'Write one JSON object per span from your own code: trace_id, span_id, name and start are enough, everything else is welcome.',
  lacks: [],
  containers: [],
  detects: (record) =>
    isObject(record) &&
    ['trace_id', 'span_id', 'start'].every((key) => Object.hasOwn(record, key)) &&
    !foreignKeys.some((key) => Object.hasOwn(record, key)),
  read,
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const { problems } = reading
  if (!isObject(record) || !isShallow(record)) {
    problems.push('expected an object nested within 200 levels; span left out')
    return reading
  }
  if (Object.hasOwn(record, 'stored')) return storedReading(record, reading)
  const fields = fieldsOf(record, problems)
  const traceId = fields.take('trace_id', (value) => readId(value, 16), 'text')
  const spanId = fields.take('span_id', (value) => readId(value, 8), 'text')
  const name = fields.take('name', asText, 'text')
  const startMs = fields.take('start', asTime, 'ISO 8601 or epoch milliseconds')
  if (traceId === undefined || spanId === undefined || name === undefined || startMs === undefined) {
    const missing = Object.entries({ trace_id: traceId, span_id: spanId, name, start: startMs }).filter(
      ([, value]) => value === undefined,
    )
    problems.push(`${missing.map(([key]) => key).join(', ')}: required; span left out`)
    return reading
  }
  fields.take('parent_id', (value) => (typeof value === 'string' ? value : undefined), 'text')
  const error = fields.take('error', asText, 'text')
  const status = fields.take('status', asWord(['ok', 'error', 'unset'] as const), 'ok, error or unset')
  const endMs = fields.take('end', asTime, 'ISO 8601 or epoch milliseconds')
  const own = readOwn(fields, problems)
  const scores = readScores(fields.take('scores', asList, 'a list of scores') ?? [], problems)
  const feedback = readFeedbackList(fields.take('feedback', asList, 'a list of feedback') ?? [], problems)
  const given = fields.take('attributes', asObject, 'an object') ?? {}
  const attributes: Attributes = Object.create(null)
  for (const part of [given, fields.rest()]) for (const key of Object.keys(part)) attributes[key] = part[key]!

  const resolved = resolveSpan(
    {
      traceId,
      spanId,
      parentId: readParentId(record.parent_id),
      name,
      startMs,
      endMs,
      status: status ?? (error === undefined ? 'unset' : 'error'),
      statusMessage: error,
      attributes,
      events: [],
      links: [],
      resource: Object.create(null),
    },
    keys,
  )
  const span = own(resolved.span)
  // All attributes stay: a convention's reading of one may have lost to the line's own field.
  const left = Object.keys(attributes).length === 0 ? undefined : attributes
  reading.spans.push({ ...span, content: { ...span.content, attributes: left } })
  reading.scores.push(...scores.map((score) => ({ traceId, spanId, ...score })), ...resolved.scores)
  reading.feedback.push(...feedback.map((one) => ({ traceId, spanId, ...one })), ...resolved.feedback)
  problems.push(...resolved.problems)
  return reading
}

/** A line of `pilot export`: the span as it was stored, and what was found in it then. */
function storedReading(record: JsonObject, reading: Reading): Reading {
  const read = readStored(record)
  if (typeof read === 'string') return { ...reading, problems: [read] }
  return { ...reading, spans: [read.span], ...(read.findings && { findings: read.findings }) }
}
