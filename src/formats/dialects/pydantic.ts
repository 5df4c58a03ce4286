import type { Json } from '../../core/span.js'
import type { RawSpan } from '../format.js'
import { isZero } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { Draft } from './draft.js'
import { fillMessages } from './genai.js'
import { splitAnswer } from './messages.js'

export const pydanticKeys = ['pydantic_ai.all_messages', 'all_messages_events', 'events']

/** Messages of Pydantic AI: those of an agent's whole run, or (version 1) the events of a call as a JSON list. */
export function fillFromPydantic(draft: Draft): void {
  for (const key of pydanticKeys) {
    const value = draft.raw.attributes[key]
    const list = value === undefined ? undefined : unpack(value)
    if (Array.isArray(list)) fillSplit(draft, list.map(messageOf), key)
  }
}

function fillSplit(draft: Draft, messages: Json[], key: string): void {
  const [asked, answered] = splitAnswer(messages)
  const input = fillMessages(draft, 'inputMessages', asked, undefined)
  const output = answered.length === 0 || fillMessages(draft, 'outputMessages', answered, undefined)
  if (input && output) draft.used.add(key)
}

/** A choice event wraps its message; the others are messages already. */
function messageOf(event: Json): Json {
  if (!isObject(event)) return event
  const message: JsonObject = isObject(event.message) ? event.message : event
  return event['event.name'] === 'gen_ai.choice' ? { role: 'assistant', ...message } : message
}

/**
 * Logfire exports a span that has begun as an extra span of zero length, child of the real one. It becomes the real one without
 * an end, so that it merges with it when that arrives, and shows as unfinished when it never does.
 */
export function settlePending(raw: RawSpan): RawSpan {
  if (raw.attributes['logfire.span_type'] !== 'pending_span' || raw.parentId === undefined) return raw
  const parent = raw.attributes['logfire.pending_parent_id']
  const parentId = typeof parent === 'string' && parent !== '' && !isZero(parent) ? parent.toLowerCase() : undefined
  return { ...raw, spanId: raw.parentId, parentId, endMs: undefined, endNs: undefined }
}
