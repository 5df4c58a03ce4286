import { isObject, unpack } from '../json.js'
import { answeredIn, askedIn } from './conversation.js'
import { type Draft, fill } from './draft.js'
import { fillMessages } from './genai.js'
import { count } from './readers.js'

export const langsmithKeys = ['gen_ai.prompt', 'gen_ai.completion', 'langsmith.usage_metadata']

/**
 * LangSmith over OpenTelemetry, and GenAI conventions up to 1.27: `gen_ai.prompt` and `gen_ai.completion` each hold a run's
 * whole inputs and outputs as one text.
 */
export function fillFromLangsmith(draft: Draft): void {
  const { attributes } = draft.raw
  fillWhole(draft, 'input', 'gen_ai.prompt')
  fillWhole(draft, 'output', 'gen_ai.completion')
  const usage = unpack(attributes['langsmith.usage_metadata'] ?? null)
  if (!isObject(usage)) return
  fill(draft, 'inputTokens', count(usage.input_tokens ?? null))
  fill(draft, 'outputTokens', count(usage.output_tokens ?? null))
  const input = usage.input_token_details
  if (isObject(input)) {
    fill(draft, 'cachedInput', count(input.cache_read ?? null))
    fill(draft, 'cacheWrite', count(input.cache_creation ?? null))
  }
  const output = usage.output_token_details
  if (isObject(output)) fill(draft, 'reasoning', count(output.reasoning ?? null))
}

function fillWhole(draft: Draft, side: 'input' | 'output', key: string): void {
  const value = draft.raw.attributes[key]
  if (value === undefined) return
  const given = unpack(value)
  if (side === 'input') fillMessages(draft, 'inputMessages', askedIn(given), undefined)
  else fillMessages(draft, 'outputMessages', answeredIn(given), undefined)
  fill(draft, side, given, key)
}
