import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import type { StatedUsage } from '../stated.js'

const inputNames = ['prompt_tokens', 'input_tokens', 'inputTokens', 'prompt_token_count', 'promptTokenCount']
const outputNames = ['completion_tokens', 'output_tokens', 'outputTokens']
const geminiOutputs = ['candidates_token_count', 'candidatesTokenCount']
const cachedNames = [
  'prompt_tokens_details.cached_tokens',
  'input_tokens_details.cached_tokens',
  'input_token_details.cache_read',
  'cached_content_token_count',
  'cachedContentTokenCount',
]
const besideCached = ['cache_read_input_tokens', 'cacheReadInputTokens', 'cacheReadInputTokenCount']
const besideWritten = ['cache_creation_input_tokens', 'cacheWriteInputTokens', 'cacheWriteInputTokenCount']
const reasoningNames = [
  'completion_tokens_details.reasoning_tokens',
  'output_tokens_details.reasoning_tokens',
  'output_token_details.reasoning',
  'thoughts_token_count',
  'thoughtsTokenCount',
]

/**
 * Counts out of a provider's own usage object, nested or with dotted keys: OpenAI (chat and Responses), Anthropic, Bedrock,
 * Gemini, LangChain. Anthropic and Bedrock count the cache beside the input: it is added. Gemini counts thoughts beside the
 * answer: they are added. Undefined when it counts nothing.
 */
export function readProviderUsage(usage: JsonObject): StatedUsage | undefined {
  const input = first(usage, inputNames)
  const answer = first(usage, geminiOutputs)
  const reasoning = first(usage, reasoningNames)?.count
  const output = answer === undefined ? first(usage, outputNames)?.count : answer.count + (reasoning ?? 0)
  const read = first(usage, besideCached)?.count
  const written = first(usage, besideWritten)?.count
  const cachedInput = read ?? first(usage, cachedNames)?.count
  const cacheWrite = written ?? first(usage, ['input_token_details.cache_creation'])?.count
  if ([input, output, cachedInput, cacheWrite, reasoning].every((found) => found === undefined)) return undefined
  const isBeside = (read ?? written) !== undefined && countsBeside(usage, input)
  return {
    input: isBeside ? (input?.count ?? 0) + (read ?? 0) + (written ?? 0) : input?.count,
    output,
    cachedInput,
    cacheWrite,
    reasoning,
    normalised: isBeside && (read ?? 0) + (written ?? 0) > 0 ? true : undefined,
  }
}

/** True for the field names of Anthropic and Bedrock; a total that is input and output says that the input is whole. */
function countsBeside(usage: JsonObject, input: Found | undefined): boolean {
  if (input?.name === 'inputTokens') return true
  if (input?.name !== 'input_tokens') return false
  const total = first(usage, ['total_tokens'])?.count
  return total === undefined || total !== input.count + (first(usage, outputNames)?.count ?? 0)
}

interface Found {
  name: string
  count: number
}

function first(usage: JsonObject, names: readonly string[]): Found | undefined {
  for (const name of names) {
    const count = partAt(usage, name)
    if (typeof count === 'number' && Number.isFinite(count) && count >= 0) return { name, count }
  }
  return undefined
}

function partAt(usage: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(usage, name)) return numberOf(usage[name]!)
  const dot = name.indexOf('.')
  const inner = dot > 0 && Object.hasOwn(usage, name.slice(0, dot)) ? usage[name.slice(0, dot)] : undefined
  const rest = name.slice(dot + 1)
  return isObject(inner) && Object.hasOwn(inner, rest) ? numberOf(inner[rest]!) : undefined
}

/** Cells of tables are text. */
function numberOf(value: Json): Json {
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : value
}
