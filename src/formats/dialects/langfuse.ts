import type { Json, Usage } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { type Draft, fill, jsonOf } from './draft.js'
import { fillMessages } from './genai.js'
import { count } from './readers.js'

export const langfuseKeys = [
  'langfuse.observation.usage_details',
  'langfuse.observation.input',
  'langfuse.observation.output',
]

/** Usage and messages that Langfuse's SDK packs into JSON texts. */
export function fillFromLangfuse(draft: Draft): void {
  const usage = unpack(draft.raw.attributes['langfuse.observation.usage_details'] ?? null)
  if (isObject(usage) && jsonOf(draft, 'inputTokens') === undefined && jsonOf(draft, 'outputTokens') === undefined)
    fillUsage(draft, usage)
  fillMessages(draft, 'inputMessages', messagesIn(draft.raw.attributes['langfuse.observation.input']), undefined)
  fillMessages(draft, 'outputMessages', messagesIn(draft.raw.attributes['langfuse.observation.output']), undefined)
}

function messagesIn(value: Json | undefined): Json | undefined {
  const given = value === undefined ? undefined : unpack(value)
  return isObject(given) && Array.isArray(given.messages) ? given.messages : given
}

function fillUsage(draft: Draft, usage: JsonObject): void {
  const read = readUsageDetails(usage)
  fill(draft, 'inputTokens', read.input)
  fill(draft, 'outputTokens', read.output)
  fill(draft, 'cachedInput', read.cachedInput)
  fill(draft, 'cacheWrite', read.cacheWrite)
  fill(draft, 'reasoning', read.reasoning)
  if (read.normalised) draft.normalised = true
}

/**
 * The counts of Langfuse's `usage_details`. Whichever parts sum to `total` are the additive ones: when `input + output` falls
 * short of it, the parts of the cache and of the reasoning stand beside them and are added (DESIGN §5).
 */
export function readUsageDetails(usage: JsonObject): Usage {
  const part = (...names: string[]) => {
    const known = names
      .filter((name) => Object.hasOwn(usage, name))
      .map((name) => count(usage[name] ?? null))
      .filter((value) => value !== undefined)
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0)
  }
  const cachedInput = part(
    'input_cached_tokens',
    'input_cache_read',
    'cache_read_input_tokens',
    'prompt_details.cache_read',
  )
  const cacheWrite = part(
    'input_cache_creation',
    'input_cache_creation_5m',
    'input_cache_creation_1h',
    'cache_creation_input_tokens',
  )
  const reasoning = part('output_reasoning_tokens', 'output_reasoning', 'completion_details.reasoning')
  const input = part('input') ?? part('prompt_tokens', 'input_tokens')
  const output = part('output') ?? part('completion_tokens', 'output_tokens')
  const total = part('total')
  const beside = (cachedInput ?? 0) + (cacheWrite ?? 0)
  const additive = total !== undefined && total === (input ?? 0) + (output ?? 0) + beside + (reasoning ?? 0)
  const apart = additive && beside + (reasoning ?? 0) > 0
  return {
    input: input === undefined || !apart ? input : input + beside,
    output: output === undefined || !apart ? output : output + (reasoning ?? 0),
    cachedInput,
    cacheWrite,
    reasoning,
    normalised: apart ? true : undefined,
  }
}
