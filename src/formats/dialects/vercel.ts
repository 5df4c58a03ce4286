import type { Json, ToolCall } from '../../core/span.js'
import { isObject, unpack } from '../json.js'
import { type Draft, fill } from './draft.js'
import { fillMessages } from './genai.js'
import { readCall } from './messages.js'
import { count, text } from './readers.js'

export const vercelKeys = [
  'ai.prompt',
  'ai.prompt.messages',
  'ai.response.text',
  'ai.response.toolCalls',
  'ai.result.text',
  'ai.result.toolCalls',
  'ai.telemetry.metadata.langfusePrompt',
  'ai.response.providerMetadata',
  'ai.embedding',
  'ai.embeddings',
]

/** Messages, Langfuse's prompt and cache reads of the AI SDK; embedding vectors are left out and counted. */
export function fillFromVercel(draft: Draft): void {
  const { attributes } = draft.raw
  fillMessages(draft, 'inputMessages', attributes['ai.prompt.messages'], 'ai.prompt.messages')
  if (attributes['ai.prompt'] !== undefined) fillPrompt(draft, unpack(attributes['ai.prompt']))
  fillAnswer(draft, 'ai.response')
  fillAnswer(draft, 'ai.result') // before AI SDK 4
  const prompt = unpack(attributes['ai.telemetry.metadata.langfusePrompt'] ?? null)
  if (isObject(prompt)) {
    fill(draft, 'promptName', text(prompt.name ?? null))
    fill(draft, 'promptVersion', text(prompt.version ?? null))
    const body = prompt.prompt ?? null
    fill(draft, 'promptTemplate', typeof body === 'object' && body !== null ? JSON.stringify(body) : text(body))
  }
  fillCacheReads(draft, unpack(attributes['ai.response.providerMetadata'] ?? null))
  for (const key of ['ai.embedding', 'ai.embeddings']) {
    const vectors = attributes[key]
    if (vectors === undefined) continue
    draft.used.add(key)
    draft.droppedVectors += Array.isArray(vectors) && key === 'ai.embeddings' ? vectors.length : 1
  }
}

/** The prompt of a wrapper: `{system, messages}` or `{system, prompt}`. */
function fillPrompt(draft: Draft, prompt: Json): void {
  if (!isObject(prompt)) return
  const rest = Array.isArray(prompt.messages)
    ? prompt.messages
    : prompt.prompt === undefined
      ? []
      : [{ role: 'user', content: prompt.prompt }]
  const system = prompt.system === undefined ? [] : [{ role: 'system', content: prompt.system }]
  const known = Object.keys(prompt).every((key) => key === 'system' || key === 'messages' || key === 'prompt')
  fillMessages(draft, 'inputMessages', [...system, ...rest], known ? 'ai.prompt' : undefined)
}

function fillAnswer(draft: Draft, prefix: string): void {
  if (draft.content.outputMessages !== undefined) return
  const { attributes } = draft.raw
  const content = text(attributes[`${prefix}.text`] ?? null)
  const given = unpack(attributes[`${prefix}.toolCalls`] ?? null)
  const calls: ToolCall[] = Array.isArray(given) ? given.filter(isObject).map(readCall) : []
  if (content === undefined && calls.length === 0) return
  draft.content.outputMessages = [{ role: 'assistant', content, toolCalls: calls.length === 0 ? undefined : calls }]
  draft.used.add(`${prefix}.text`)
  if (calls.length > 0) draft.used.add(`${prefix}.toolCalls`)
}

/** Where each provider's own metadata states what came from its cache. */
const cacheReads = [
  ['openai', 'cachedPromptTokens'],
  ['anthropic', 'usage', 'cache_read_input_tokens'],
  ['bedrock', 'usage', 'cacheReadInputTokens'],
]
const cacheWrites = [
  ['anthropic', 'usage', 'cache_creation_input_tokens'],
  ['bedrock', 'usage', 'cacheWriteInputTokens'],
]

function fillCacheReads(draft: Draft, metadata: Json): void {
  for (const path of cacheReads) fill(draft, 'cachedInput', count(at(metadata, path)))
  for (const path of cacheWrites) fill(draft, 'cacheWrite', count(at(metadata, path)))
}

function at(value: Json, path: string[]): Json {
  let inner = value
  for (const name of path) inner = isObject(inner) ? (inner[name] ?? null) : null
  return inner
}
