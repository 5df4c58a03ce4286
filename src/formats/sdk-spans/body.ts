import type { Attributes, Json, SpanKind } from '../../core/span.js'
import { answeredIn, askedIn } from '../dialects/conversation.js'
import { isObject, type JsonObject } from '../json.js'
import { unpackRepr } from '../python-repr.js'

/**
 * The body of a log record, to which AWS's distribution of OpenTelemetry moves what a model or tool was sent and answered, back into
 * attributes of its span where these have none. Returns the kind that the body shows, since the span's own attributes went too.
 */
export function restoreBody(given: Json | undefined, attributes: Attributes): SpanKind | undefined {
  const body = given === undefined ? undefined : unpackRepr(given)
  if (!isObject(body)) return undefined
  const asked = messagesIn(body.input)
  const answered = messagesIn(body.output)
  const whole = answered.length === 1 ? contentOf(answered[0]!) : undefined
  if (isObject(whole) && whole.type === 'tool' && whole.tool_call_id !== undefined) {
    restore(attributes, 'gen_ai.tool.name', whole.name)
    restore(attributes, 'gen_ai.tool.call.id', whole.tool_call_id)
    restore(attributes, 'gen_ai.tool.call.arguments', asked.length === 1 ? contentOf(asked[0]!) : asked)
    restore(attributes, 'gen_ai.tool.call.result', whole.content)
    return 'tool'
  }
  restore(attributes, 'gen_ai.input.messages', conversation(asked, askedIn))
  restore(attributes, 'gen_ai.output.messages', conversation(answered, answeredIn))
  if (!isObject(whole)) return undefined
  return whole.generations === undefined ? (whole.messages === undefined ? undefined : 'chain') : 'llm'
}

function restore(attributes: Attributes, key: string, value: Json | undefined): void {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return
  attributes[key] ??= value
}

function messagesIn(side: Json | undefined): JsonObject[] {
  const messages = isObject(side) ? side.messages : undefined
  return Array.isArray(messages) ? messages.filter(isObject) : []
}

/** What one message says: text, parts, or a structure, out of up to two layers of JSON text. */
function contentOf(message: JsonObject): Json {
  const content = unpackRepr(message.content ?? null)
  if (!isObject(content) || !isEnvelope(content)) return content
  return unpackRepr(content.content ?? content.message ?? null)
}

/** Content whose only content is content: `{"content": "[…]"}`, `{"message": "[…]", "finish_reason": "end_turn"}`. */
function isEnvelope(content: JsonObject): boolean {
  return Object.keys(content).every((key) => key === 'content' || key === 'message' || key === 'finish_reason')
}

/** The messages, or those of the request or answer that a framework packed into a single one. */
function conversation(messages: JsonObject[], unwrap: (value: Json) => Json): Json {
  const [first] = messages
  const only = messages.length === 1 && first !== undefined ? contentOf(first) : undefined
  if (isObject(only)) {
    const inner = unwrap(only)
    if (Array.isArray(inner)) return inner
  }
  return messages.map((message): Json => {
    const content = contentOf(message)
    return { ...message, content: isObject(content) ? [content] : content }
  })
}
