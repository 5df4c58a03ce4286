import type { Json } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import { isObject, type JsonObject } from '../json.js'
import type { StatedUsage } from '../stated.js'

/** Usage out of a provider's own answer. Its input always includes the cache parts. */
export interface BodyUsage extends StatedUsage {
  input?: number | undefined
  output?: number | undefined
  cachedInput?: number | undefined
  cacheWrite?: number | undefined
  reasoning?: number | undefined
  /** The input as the provider states it, where that excludes the cache parts. */
  exclusiveInput?: number | undefined
}

/**
 * What the raw answer of a provider says it used: OpenAI (chat, Responses), Anthropic, Gemini, Bedrock. Anthropic and Bedrock
 * state the input without its cache parts, which are added here. Undefined when it states neither input nor output.
 */
function usageOfBody(body: Json | undefined): BodyUsage | undefined {
  if (!isObject(body)) return undefined
  const gemini = body.usageMetadata ?? body.usage_metadata
  const usage = isObject(body.usage) ? ofUsage(body.usage) : isObject(gemini) ? ofGemini(gemini) : undefined
  return (usage?.input ?? usage?.output) === undefined ? undefined : usage
}

/**
 * A platform's own counts with the parts that only the provider's answer has, or the answer's alone. Where the platform copied
 * an input without its cache parts, they are added. Undefined when neither says anything.
 */
export function completeUsage(stated: StatedUsage, body: Json | undefined): StatedUsage | undefined {
  const own = usageOfBody(body)
  const known = stated.input ?? stated.output
  if (own === undefined) return known === undefined ? undefined : stated
  const isExclusive = own.exclusiveInput !== undefined && stated.input === own.exclusiveInput
  const input = stated.input === undefined || isExclusive ? own.input : stated.input
  return {
    input,
    output: stated.output ?? own.output,
    cachedInput: own.cachedInput ?? stated.cachedInput,
    cacheWrite: own.cacheWrite ?? stated.cacheWrite,
    reasoning: own.reasoning ?? stated.reasoning,
    normalised: own.input === input ? own.normalised : undefined,
  }
}

/** The usage object of OpenAI, Anthropic or Bedrock, whose names tell them apart. */
export function ofUsage(usage: JsonObject): BodyUsage {
  if (usage.inputTokens !== undefined || usage.outputTokens !== undefined)
    return exclusive(usage, 'inputTokens', 'outputTokens', ['cacheReadInputTokens', 'cacheWriteInputTokens'])
  const inputDetails = partsOf(usage.prompt_tokens_details ?? usage.input_tokens_details)
  const outputDetails = partsOf(usage.completion_tokens_details ?? usage.output_tokens_details)
  const cacheParts = ['cache_read_input_tokens', 'cache_creation_input_tokens'] as const
  const isChat = usage.prompt_tokens !== undefined
  if (!isChat && cacheParts.some((part) => usage[part] !== undefined))
    return exclusive(usage, 'input_tokens', 'output_tokens', cacheParts)
  return {
    input: number(usage.prompt_tokens ?? usage.input_tokens),
    output: number(usage.completion_tokens ?? usage.output_tokens),
    cachedInput: number(inputDetails.cached_tokens ?? usage.cache_read_input_tokens),
    cacheWrite: number(inputDetails.cache_creation_tokens ?? usage.cache_creation_input_tokens),
    reasoning: number(outputDetails.reasoning_tokens),
  }
}

/** Gemini counts thoughts beside its answer, and what tools brought beside its prompt. */
function ofGemini(usage: JsonObject): BodyUsage {
  const of = (camel: string, snake: string) => number(usage[camel] ?? usage[snake])
  const reasoning = of('thoughtsTokenCount', 'thoughts_token_count')
  return {
    input: sum(
      of('promptTokenCount', 'prompt_token_count'),
      of('toolUsePromptTokenCount', 'tool_use_prompt_token_count'),
    ),
    output: sum(of('candidatesTokenCount', 'candidates_token_count'), reasoning),
    cachedInput: of('cachedContentTokenCount', 'cached_content_token_count'),
    reasoning,
  }
}

function exclusive(usage: JsonObject, input: string, output: string, parts: readonly [string, string]): BodyUsage {
  const cachedInput = number(usage[parts[0]])
  const cacheWrite = number(usage[parts[1]])
  const stated = number(usage[input])
  const cache = (cachedInput ?? 0) + (cacheWrite ?? 0)
  const counts = { output: number(usage[output]), cachedInput, cacheWrite }
  if (stated === undefined || cache === 0) return { ...counts, input: stated }
  return { ...counts, input: stated + cache, exclusiveInput: stated, normalised: true }
}

/** The model that a provider's answer names. */
export function modelOfBody(body: Json | undefined): Json | undefined {
  return isObject(body) ? (body.model ?? body.modelVersion ?? body.model_version) : undefined
}

function partsOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function number(value: Json | undefined): number | undefined {
  return value === undefined ? undefined : count(value)
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)
}
