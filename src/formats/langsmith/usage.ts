import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import type { PlatformRow } from '../platform-row.js'
import type { StatedUsage } from '../stated.js'

/** What a run says of its tokens and their cost. Values as given: costs are decimal text. */
export interface RunUsage {
  usage?: StatedUsage | undefined
  costUsd?: Json | undefined
}

/**
 * The usage of a run, in the first place that names any: the columns of the run, `usage_metadata` of its outputs or its
 * metadata, that of LangChain's answer, `token_usage` of older LangChain. Input includes what a cache read or wrote.
 * LangSmith writes 0 beside 0 for runs whose usage it does not know: that states nothing, and no cost either.
 */
export function readUsage(row: PlatformRow, outputs: Json | undefined, metadata: JsonObject): RunUsage {
  const columns = fromColumns(row)
  const cost = row.take('total_cost')
  const costs = row.take('costs')
  const places = [row.take('usage_metadata'), metadata.usage_metadata, ...usagesIn(outputs)].filter(isObject)
  const usage = [columns, ...places.map(fromMetadata), fromLlmOutput(outputs)].find((each) => each && !isNothing(each))
  const stated = cost ?? (isObject(costs) ? costs.total_cost : undefined)
  const told = stated ?? places.map((place) => place.total_cost).find((each) => each !== undefined && each !== null)
  return { usage, costUsd: usage === undefined && isZero(told) ? undefined : told }
}

function fromColumns(row: PlatformRow): StatedUsage | undefined {
  const [input, output] = [row.take('prompt_tokens'), row.take('completion_tokens')]
  const asked = detailsOf(row.take('prompt_token_details'))
  const answered = detailsOf(row.take('completion_token_details'))
  const taken = row.take('token_usage')
  const counts = isObject(taken) ? taken : {}
  return {
    input: input ?? counts.prompt_tokens,
    output: output ?? counts.completion_tokens,
    ...cacheOf(asked),
    reasoning: answered.reasoning,
  }
}

/** The newer API puts the counts one level down, under `raw`. */
function detailsOf(value: Json | undefined): JsonObject {
  if (!isObject(value)) return {}
  return isObject(value.raw) ? value.raw : value
}

function cacheOf(details: JsonObject): StatedUsage {
  const { cache_creation: written, ephemeral_5m_input_tokens: short } = details
  const long = details.ephemeral_1h_input_tokens ?? details.ephemeral_1hr_input_tokens
  const parts = [short, long].filter((part) => typeof part === 'number')
  const sum = parts.reduce((total, part) => total + part, 0)
  return { cachedInput: details.cache_read, cacheWrite: isZero(written) && parts.length > 0 ? sum : written }
}

function fromMetadata(usage: JsonObject): StatedUsage {
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    ...cacheOf(detailsOf(usage.input_token_details)),
    reasoning: detailsOf(usage.output_token_details).reasoning,
  }
}

/** `usage_metadata` of the outputs, of a message in them, of the first generations: where LangSmith itself looks. */
function usagesIn(outputs: Json | undefined): (Json | undefined)[] {
  if (!isObject(outputs)) return []
  const found: (Json | undefined)[] = [outputs.usage_metadata]
  for (const key of ['output', 'message', 'response'] as const) found.push(usageOf(outputs[key]))
  const generations = Array.isArray(outputs.generations) ? outputs.generations.flat() : []
  for (const one of generations.slice(0, 4)) found.push(isObject(one) ? usageOf(one.message) : undefined)
  return found
}

function usageOf(message: Json | undefined): Json | undefined {
  if (!isObject(message)) return undefined
  return isObject(message.kwargs) ? message.kwargs.usage_metadata : message.usage_metadata
}

function fromLlmOutput(outputs: Json | undefined): StatedUsage | undefined {
  if (!isObject(outputs)) return undefined
  const told = outputs.llm_output ?? outputs.llmOutput
  const usage = isObject(told) ? (told.token_usage ?? told.tokenUsage ?? told.usage) : undefined
  if (!isObject(usage)) return undefined
  return {
    input: usage.prompt_tokens ?? usage.promptTokens,
    output: usage.completion_tokens ?? usage.completionTokens,
  }
}

function isNothing({ input, output }: StatedUsage): boolean {
  return isZero(input) && isZero(output)
}

function isZero(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || Number(value) === 0
}
