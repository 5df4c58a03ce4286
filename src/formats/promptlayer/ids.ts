import { recordSpanPrefix } from '../../core/record-span.js'
import type { Json } from '../../core/span.js'
import { readId } from '../ids.js'

/** The ids of a span that PromptLayer does not name itself. */
export interface SpanIds {
  traceId: string
  spanId: string
}

/*
 * How the shapes of one request relate. PromptLayer knows a request by its number. The log row has a span id without a trace id,
 * the single answer a trace id without a span id, the search result neither: so all of them, and what is tracked afterwards, are
 * the one span `pl-req-<number>` of the trace of that name, and merge. Spans (traces API, spans-bulk, OTLP) have real ids and keep
 * them; a span that names its request has a link to `pl-req-<number>` and carries that as its `recordId`, by which the store makes the
 * two one. What SDKs send names no request at all: `pl-span-<id>` by its span where tracing was on, else by the provider's id of
 * the answer, else by its times and content, so that the same payload read twice is one span.
 */

/** The ids of a request by its number (or text); undefined for anything else. */
export function idsOfRequest(number: Json | undefined): SpanIds | undefined {
  if (typeof number !== 'number' && (typeof number !== 'string' || number === '')) return undefined
  return same(`${recordSpanPrefix}${number}`)
}

/** The ids of a payload: by the span that it was sent from, the provider's id of the answer, or what it says. */
export function idsOfPayload(spanId: Json | undefined, answerId: Json | undefined, content: Json): SpanIds {
  const own = readId(spanId, 8)
  if (own !== undefined) return { traceId: `pl-span-${own}`, spanId: own }
  if (typeof answerId === 'string' && answerId !== '') return same(`pl-call-${answerId}`)
  return same(`pl-call-${fingerprint(JSON.stringify(content))}`)
}

function same(id: string): SpanIds {
  return { traceId: id, spanId: id }
}

/** FNV-1a in two lanes of 32 bits: 16 hex digits, enough to tell payloads of one export apart. */
function fingerprint(text: string): string {
  let low = 0x811c9dc5
  let high = 0x01000193
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ (code + index), 0x85ebca6b)
  }
  return [high, low].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
}
