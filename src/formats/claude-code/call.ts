import type { Attributes, Json } from '../../core/span.js'
import type { GivenSpan } from '../add-span.js'
import { readAnthropicUsage } from '../anthropic/usage.js'
import { text } from '../dialects/readers.js'
import type { JsonObject } from '../json.js'

/** A message of the model while its lines come in. */
export interface OpenCall {
  id: string
  startMs?: number
  endMs?: number
  asked: Json[]
  blocks: JsonObject[]
  /** Attempts before it that the API refused. */
  retries: number
  /** The message and its line as last written. */
  message: JsonObject
  line: JsonObject
}

/** The call behind a message. The model is the one that answered; what was asked for is not written down. */
export function callSpan(call: OpenCall, { traceId, spanId }: { traceId: string; spanId: string }): GivenSpan {
  const { message, line } = call
  const attributes: Attributes = { 'gen_ai.response.id': call.id }
  if (line.requestId !== undefined && line.requestId !== null) attributes['claude-code.request_id'] = line.requestId
  const model = text(message.model ?? null)
  const reason = text(message.stop_reason ?? null)
  return {
    traceId,
    spanId: call.id,
    parentId: spanId,
    name: model === undefined ? 'model call' : `chat ${model}`,
    startMs: call.startMs,
    endMs: call.endMs,
    status: 'ok',
    attributes,
    statusMessage: reason === 'max_tokens' || reason === 'refusal' ? reason : undefined,
    stated: {
      kind: 'llm',
      provider: model === undefined || model.startsWith('claude') ? 'anthropic' : undefined,
      responseModel: model,
      usage: readAnthropicUsage(message.usage),
      costUsd: line.costUSD, // versions before mid-2025
      retries: call.retries > 0 ? call.retries : undefined,
      finishReasons: reason === undefined ? undefined : [reason],
      input: call.asked.length === 0 ? undefined : call.asked,
      output: call.blocks.length === 0 ? undefined : [{ role: 'assistant', content: call.blocks.map(readable) }],
    },
  }
}

/** Thinking without its signature, which only the API can read. */
function readable(block: JsonObject): Json {
  const { signature: _, caller: __, ...rest } = block
  return rest
}
