import type { Attributes, Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { count, text } from './dialects/readers.js'
import { createPairs } from './events/pair.js'
import { emptyReading, type Format, type KeyPaths, type RawSpan, type Reading } from './format.js'
import { readId, readParentId } from './ids.js'
import { isObject, type JsonObject } from './json.js'
import { kindOfPlainWord } from './plain-kind.js'
import { readPlainAttributes, readPlainEvents, readPlainLinks, readPlainStatus, readPlainTime } from './plain-parts.js'
import { openRow, rowOf } from './platform-row.js'

/** Two lines a span, one when it starts and one when it ends, as home-grown tracers write them. */
export const events: Format = {
  name: 'events',
  title: 'Start and end events of spans: {"event": "start", "span": {…}} and the same with "end"',
  status: 'stable',
  obtain:
    'Let your tracer append one JSON line when a span starts and one when it ends, each with all it knows of the span.',
  lacks: ['tenant'],
  containers: [],
  detects: (record) =>
    isObject(record) &&
    typeof record.event === 'string' &&
    isObject(record.span) &&
    record.span.span_id !== undefined &&
    record.span.trace_id !== undefined,
  read,
  open: (keys) => {
    const pairs = createPairs()
    return {
      read(record) {
        const reading = read(record, keys)
        const hasEnded = isObject(record) && record.event !== 'start'
        return { ...reading, spans: pairs.add(reading.spans, hasEnded) }
      },
      end: () => ({ ...emptyReading(), spans: pairs.rest() }),
    }
  },
}

const recordKeys: ReadonlySet<string> = new Set(['event', 'timestamp', 'span'])
/** Keys of the span that are read by their name; how long it took is kept beside its times, which such tracers often round to seconds. */
const named = ['attributes', 'events', 'links', 'trace_id', 'span_id']
const known: ReadonlySet<string> = new Set(['duration_ms'])

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const whole = rowOf(record, reading)
  if (whole === undefined) return reading
  for (const key of Object.keys(whole)) if (!recordKeys.has(key)) reading.unexpected.push(`events.${key}`)
  const span = isObject(whole.span) ? whole.span : {}
  const traceId = readId(span.trace_id, 16)
  const spanId = readId(span.span_id, 8)
  if (traceId === undefined || spanId === undefined)
    reading.problems.push('span: expected trace_id and span_id as text; span left out')
  else readHalf(span, { traceId, spanId, hasEnded: whole.event !== 'start' }, keys, reading)
  return reading
}

/** One half of a span, which merges with the other by its ids: only an end tells how it went. */
function readHalf(
  span: JsonObject,
  { traceId, spanId, hasEnded }: { traceId: string; spanId: string; hasEnded: boolean },
  keys: KeyPaths,
  reading: Reading,
): void {
  const notes: string[] = []
  const row = openRow(span, 'events', known, reading)
  const attributes: Attributes = Object.create(null)
  const unreadable = readPlainAttributes(span.attributes, attributes)
  if (unreadable > 0) notes.push(`attributes: ${unreadable} not readable; left out`)
  const kind = row.take('kind')
  const kindRead = kindOfPlainWord(kind)
  if (kindRead === undefined && kind !== undefined) attributes['events.kind'] = kind
  const startTime = row.take('start_time')
  const endTime = row.take('end_time')
  const start = readPlainTime(startTime)
  const end = readPlainTime(endTime)
  if (start.ms === undefined && startTime !== undefined) notes.push('start_time: expected a time')
  if (end.ms === undefined && endTime !== undefined) notes.push('end_time: expected a time')
  const took = count(span.duration_ms ?? null)
  const status = readPlainStatus(row.take('status'))
  if (status === undefined) notes.push('status: expected ok, error or unset')
  const message = text(attributes['status.description'] ?? null)
  delete attributes['status.description']
  const raw: RawSpan = {
    traceId,
    spanId,
    name: text(row.take('name') ?? null) ?? '',
    parentId: readParentId(row.take('parent_id', 'parent_span_id')),
    startMs: start.ms,
    startNs: start.ns,
    endMs: end.ms ?? (start.ms !== undefined && took !== undefined ? start.ms + took : undefined),
    endNs: end.ns,
    status: hasEnded ? (status ?? 'unset') : 'unset',
    statusMessage: message,
    attributes: renamed(attributes),
    events: readPlainEvents(span.events, notes),
    links: readPlainLinks(span.links, notes),
    resource: Object.create(null),
    stated: { kind: kindRead },
  }
  for (const key of named) row.take(key)
  Object.assign(raw.attributes, row.rest())
  for (const note of notes) reading.problems.push(`span.${note}`)
  addSpan(reading, raw, keys, 'span.')
}

/** Names that such tracers gave to what conventions name otherwise; several of them in one file, one per version of the tracer. */
const conventional: Readonly<Record<string, string>> = {
  'llm.request.model': 'model_name',
  'llm.model': 'model_name',
  'llm.response.model': 'gen_ai.response.model',
  'llm.request.messages': 'gen_ai.input.messages',
  'llm.response.content': 'output.value',
  'llm.usage.input_tokens': 'llm.usage.prompt_tokens',
  'llm.usage.output_tokens': 'llm.usage.completion_tokens',
  'tool.arguments': 'gen_ai.tool.call.arguments',
  'tool.result': 'gen_ai.tool.call.result',
  'function.name': 'tool.name',
  'function.input': 'gen_ai.tool.call.arguments',
  'function.output': 'gen_ai.tool.call.result',
}

/** The attributes under the names that conventions give them, where nothing stands there. */
function renamed(attributes: Attributes): Attributes {
  const into: Attributes = Object.create(null)
  for (const key of Object.keys(attributes)) {
    const name = Object.hasOwn(conventional, key) ? conventional[key]! : key
    const isFree = into[name] === undefined && (name === key || attributes[name] === undefined)
    into[isFree ? name : key] = attributes[key]!
  }
  return into
}
