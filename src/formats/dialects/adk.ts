import type { Json } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { type Draft, fill, jsonOf } from './draft.js'
import { fillMessages } from './genai.js'
import { count, text } from './readers.js'

export const adkKeys = ['gcp.vertex.agent.llm_request', 'gcp.vertex.agent.llm_response']

/** Messages and, where nothing else states it, usage from the requests and responses that Google's ADK writes as JSON texts. */
export function fillFromAdk(draft: Draft): void {
  const request = objectAt(draft, 'gcp.vertex.agent.llm_request')
  const response = objectAt(draft, 'gcp.vertex.agent.llm_response')
  if (request !== undefined) fillRequest(draft, request)
  if (response === undefined) return
  if (isObject(response.content)) fillMessages(draft, 'outputMessages', [response.content], undefined)
  const reason = text(response.finish_reason ?? null)
  if (reason !== undefined) fill(draft, 'finishReasons', [reason.toLowerCase()])
  if (isObject(response.usage_metadata) && jsonOf(draft, 'inputTokens') === undefined)
    fillUsage(draft, response.usage_metadata)
}

/** On tool spans both texts are `{}`. */
function objectAt(draft: Draft, key: string): JsonObject | undefined {
  const value = unpack(draft.raw.attributes[key] ?? null)
  return isObject(value) && Object.keys(value).length > 0 ? value : undefined
}

function fillRequest(draft: Draft, request: JsonObject): void {
  const system = isObject(request.config) ? request.config.system_instruction : undefined
  const contents: Json[] = Array.isArray(request.contents) ? request.contents : []
  const instructions: Json[] = system === undefined || system === null ? [] : [{ role: 'system', content: system }]
  fillMessages(draft, 'inputMessages', [...instructions, ...contents], undefined)
  fill(draft, 'requestModel', text(request.model ?? null))
}

/** Gemini counts thoughts beside the candidates; output includes both. */
function fillUsage(draft: Draft, usage: JsonObject): void {
  const candidates = count(usage.candidates_token_count ?? null)
  const thoughts = count(usage.thoughts_token_count ?? null)
  fill(draft, 'inputTokens', count(usage.prompt_token_count ?? null))
  fill(draft, 'outputTokens', candidates === undefined ? undefined : candidates + (thoughts ?? 0))
  fill(draft, 'cachedInput', count(usage.cached_content_token_count ?? null))
  fill(draft, 'reasoning', thoughts)
}
