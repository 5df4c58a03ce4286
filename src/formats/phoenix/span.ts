import type { Attributes, Json, SpanKind } from '../../core/span.js'
import { kindWords } from '../dialects/kinds.js'
import { text } from '../dialects/readers.js'
import type { RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { readPlainAttributes, readPlainEvents, readPlainStatus, readPlainTime, saysNoTime } from '../plain-parts.js'
import { openRow } from '../platform-row.js'
import { restoreAttributes } from './attributes.js'

/** Keys of a span in every version of Phoenix that are read by their place, or say nothing of the span. */
/** Keys of older versions of Phoenix, kept as they are. */
const known: ReadonlySet<string> = new Set([
  ...['cumulative_error_count', 'cumulative_llm_token_count_prompt', 'cumulative_llm_token_count_completion'],
  ...['latency_ms', 'project_id', 'project_name'],
])

/** Keys that are read by their name; `id` is Phoenix's own number of the span, of no use outside of it. */
const named = ['id', 'context', 'attributes', 'events', 'annotations', 'notes', 'conversation']

/**
 * A span as Phoenix's API, downloads and command line write it. What is wrong is told in the reading, behind `at`. Undefined when
 * it cannot be identified.
 */
export function readPhoenixSpan(span: JsonObject, at: string, reading: Reading): RawSpan | undefined {
  const context = isObject(span.context) ? span.context : {}
  const traceId = readId(context.trace_id, 16)
  const spanId = readId(context.span_id, 8)
  if (traceId === undefined || spanId === undefined) {
    reading.problems.push(`${at}context: expected trace_id and span_id; span left out`)
    return undefined
  }
  const notes: string[] = []
  const row = openRow(span, 'phoenix', known, reading)
  const flat: Attributes = Object.create(null)
  const unreadable = readPlainAttributes(span.attributes, flat)
  if (unreadable > 0) notes.push(`attributes: ${unreadable} not readable; left out`)
  const attributes = restoreAttributes(flat)
  restoreKind(row.take('span_kind'), attributes, notes)
  const conversation = isObject(span.conversation) ? text(span.conversation.conversation_id ?? null) : undefined
  if (conversation !== undefined) attributes['gen_ai.conversation.id'] ??= conversation
  const [startTime, endTime] = [row.take('start_time'), row.take('end_time')]
  const start = readPlainTime(startTime)
  const end = readPlainTime(endTime)
  if (start.ms === undefined && !saysNoTime(startTime)) notes.push('start_time: expected a time')
  if (end.ms === undefined && !saysNoTime(endTime)) notes.push('end_time: expected a time')
  const status = readPlainStatus(row.take('status_code'))
  if (status === undefined) notes.push('status_code: expected OK, ERROR or UNSET')
  const name = row.take('name')
  const events = readPlainEvents(span.events, notes)
  const parentId = readParentId(row.take('parent_id'))
  const statusMessage = text(row.take('status_message') ?? null)
  for (const key of named) row.take(key)
  Object.assign(attributes, row.rest())
  for (const note of notes) reading.problems.push(`${at}${note}`)
  return {
    traceId,
    spanId,
    parentId,
    name: typeof name === 'string' ? name : '',
    startMs: start.ms,
    startNs: start.ns,
    endMs: end.ms,
    endNs: end.ns,
    status: status ?? 'unset',
    statusMessage,
    attributes,
    events,
    links: [],
    resource: Object.create(null),
  }
}

/** What a word of OpenInference for a kind means; UNKNOWN, by which a span without a kind is marked, means nothing. */
export function kindOfWord(word: Json | undefined): SpanKind | undefined {
  const words = kindWords['openinference.span.kind']!
  const lower = typeof word === 'string' ? word.toLowerCase() : ''
  return Object.hasOwn(words, lower) && lower !== 'unknown' ? words[lower] : undefined
}

/** Phoenix takes the kind out of the attributes; it goes back, but for UNKNOWN, by which a span without one is marked. */
function restoreKind(given: Json | undefined, attributes: Attributes, notes: string[]): void {
  const isUnknown = given === undefined || (typeof given === 'string' && given.toLowerCase() === 'unknown')
  if (isUnknown) return
  if (kindOfWord(given) === undefined) notes.push('span_kind: expected a kind of OpenInference')
  if (typeof given === 'string') attributes['openinference.span.kind'] ??= given
}
