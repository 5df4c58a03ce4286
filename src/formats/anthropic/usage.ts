import type { Json } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import { isObject } from '../json.js'
import type { StatedUsage } from '../stated.js'

/**
 * Usage as Anthropic's API states it, which leaves cache reads and writes out of the input: here they are in it. Undefined for
 * no object.
 */
export function readAnthropicUsage(value: Json | undefined): StatedUsage | undefined {
  if (!isObject(value)) return undefined
  const cachedInput = count(value.cache_read_input_tokens ?? null)
  const cacheWrite = count(value.cache_creation_input_tokens ?? null) ?? writesByLifetime(value.cache_creation)
  const exclusive = count(value.input_tokens ?? null)
  const cache = (cachedInput ?? 0) + (cacheWrite ?? 0)
  const details = value.output_tokens_details
  return {
    input: exclusive === undefined ? undefined : exclusive + cache,
    output: value.output_tokens,
    cachedInput,
    cacheWrite,
    reasoning: isObject(details) ? details.thinking_tokens : undefined,
    normalised: exclusive !== undefined && cache > 0 ? true : undefined,
  }
}

function writesByLifetime(value: Json | undefined): number | undefined {
  if (!isObject(value)) return undefined
  const short = count(value.ephemeral_5m_input_tokens ?? null)
  const long = count(value.ephemeral_1h_input_tokens ?? null)
  return short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0)
}
