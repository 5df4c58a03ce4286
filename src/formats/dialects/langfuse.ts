import type { Json } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { readUsageDetails } from '../langfuse/usage.js'
import { type Draft, fill, jsonOf } from './draft.js'
import { fillMessages } from './genai.js'

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
  if (read === undefined) return
  fill(draft, 'inputTokens', read.input)
  fill(draft, 'outputTokens', read.output)
  fill(draft, 'cachedInput', read.cachedInput)
  fill(draft, 'cacheWrite', read.cacheWrite)
  fill(draft, 'reasoning', read.reasoning)
  if (read.normalised) draft.normalised = true
}
