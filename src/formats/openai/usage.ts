import type { Json } from '../../core/span.js'
import { isObject } from '../json.js'
import type { StatedUsage } from '../stated.js'

/**
 * Usage in the words of OpenAI's APIs (chat, Responses, embeddings), of their copies and of the Agents SDK, which packs the
 * parts into `details` when it exports to OpenAI. Input and output already include their parts. Undefined for no object.
 */
export function readOpenaiUsage(value: Json | undefined): StatedUsage | undefined {
  if (!isObject(value)) return undefined
  const rest = isObject(value.details) ? value.details : value
  const input = partsOf(rest.input_tokens_details ?? rest.prompt_tokens_details ?? null)
  const output = partsOf(rest.output_tokens_details ?? rest.completion_tokens_details ?? null)
  return {
    input: value.input_tokens ?? value.prompt_tokens,
    output: value.output_tokens ?? value.completion_tokens,
    // DeepSeek counts hits beside the prompt, the Agents SDK's roll-ups state the parts flat.
    cachedInput: input.cached_tokens ?? rest.cached_input_tokens ?? value.prompt_cache_hit_tokens,
    cacheWrite: input.cache_write_tokens ?? rest.cache_write_input_tokens,
    reasoning: output.reasoning_tokens,
  }
}

/** The details of one side; old versions of the Agents SDK pack them into a list of one. */
function partsOf(value: Json): { [key: string]: Json | undefined } {
  const given = Array.isArray(value) ? value[0] : value
  return isObject(given) ? given : {}
}

/**
 * What a gateway says a call cost, in US dollars: OpenRouter beside the counts, with the provider's own price apart where the key
 * was the caller's; Perplexity as parts and a total. OpenAI states none.
 */
export function readOpenaiCost(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return undefined
  const { cost, cost_details: details } = value
  if (isObject(cost)) return cost.total_cost
  const upstream = value.is_byok === true && isObject(details) ? details.upstream_inference_cost : undefined
  return typeof cost === 'number' && typeof upstream === 'number' ? cost + upstream : cost
}
