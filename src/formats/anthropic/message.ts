import type { Json } from '../../core/span.js'
import type { RawSpan, Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow } from '../platform-row.js'
import { readAnthropicUsage } from './usage.js'

/** What one message of the API says of its call; the ids are the caller's, and times it has none. */
export type AnthropicCall = Pick<RawSpan, 'name' | 'status' | 'attributes' | 'stated'> &
  Pick<Partial<RawSpan>, 'statusMessage'>

/** Keys that stay attributes. */
const known = new Set([
  ...['container', 'context_management', 'diagnostics', 'input_transformations', 'stop_sequence', 'stop_details'],
  ...['request_id', '_request_id'],
])

/** Reasons to stop that leave the answer unfinished. */
const cuts = new Set<Json>(['max_tokens', 'refusal', 'model_context_window_exceeded', 'pause_turn'])

/** The call behind a message: usage with its cache parts, the answer with its tool calls, why it stopped. */
export function readAnthropicMessage(message: JsonObject, reading: Reading): AnthropicCall {
  const row = openRow(message, 'anthropic', known, reading)
  row.take('type')
  row.take('role')
  const id = row.take('id')
  const content = row.take('content')
  const reason = row.take('stop_reason')
  const usage = row.take('usage')
  const responseModel = row.take('model')
  const attributes: RawSpan['attributes'] = Object.create(null)
  if (typeof id === 'string') attributes['gen_ai.response.id'] = id
  if (isObject(usage)) attributes['anthropic.usage'] = usage
  const settings = isObject(usage) && usage.service_tier ? { service_tier: usage.service_tier } : undefined
  return {
    name: 'message',
    status: 'ok',
    statusMessage: typeof reason === 'string' && cuts.has(reason) ? reason : undefined,
    attributes: { ...attributes, ...row.rest() },
    stated: {
      kind: 'llm',
      provider: typeof id === 'string' && id.startsWith('msg_bdrk_') ? 'aws.bedrock' : 'anthropic',
      responseModel,
      usage: readAnthropicUsage(usage),
      output: content === undefined ? undefined : [{ role: 'assistant', content }],
      finishReasons: typeof reason === 'string' ? [reason] : undefined,
      settings,
    },
  }
}
