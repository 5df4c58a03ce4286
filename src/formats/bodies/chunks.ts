import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'

/**
 * The answer that a list of stream chunks spells, in the shape that its provider answers with at once: chat and text chunks of
 * OpenAI, events of Anthropic and of the Responses API, chunks of Gemini. Anything else comes back as it is.
 */
export function joinChunks(chunks: Json): Json {
  if (!Array.isArray(chunks) || chunks.length === 0) return chunks
  const items = chunks.filter(isObject)
  if (items.length < chunks.length) return chunks
  if (items.some(({ choices }) => Array.isArray(choices))) return joinChat(items)
  if (items.some(({ type }) => type === 'message_start' || type === 'content_block_delta')) return joinAnthropic(items)
  if (items.some(({ candidates }) => Array.isArray(candidates))) return joinGemini(items)
  return items.findLast(({ response }) => isObject(response))?.response ?? chunks
}

interface Choice {
  role: Json
  content: string
  calls: Map<Json, { id: Json; name: string; arguments: string }>
  finishReason: Json
}

function joinChat(chunks: JsonObject[]): Json {
  const choices = new Map<Json, Choice>()
  for (const { choices: list } of chunks)
    for (const choice of Array.isArray(list) ? list : []) if (isObject(choice)) addChoice(choices, choice)
  return {
    ...head(chunks),
    choices: [...choices].map(([index, { role, content, calls, finishReason }]) => ({
      index,
      finish_reason: finishReason,
      message: {
        role,
        content: content === '' && calls.size > 0 ? null : content,
        ...(calls.size > 0 && {
          tool_calls: [...calls.values()].map(({ id, ...called }) => ({ id, type: 'function', function: called })),
        }),
      },
    })),
  }
}

function addChoice(choices: Map<Json, Choice>, given: JsonObject): void {
  const index = given.index ?? 0
  const known = choices.get(index)
  const choice: Choice = known ?? { role: 'assistant', content: '', calls: new Map(), finishReason: null }
  if (known === undefined) choices.set(index, choice)
  const delta = isObject(given.delta) ? given.delta : isObject(given.message) ? given.message : given
  if (typeof delta.role === 'string') choice.role = delta.role
  choice.content += text(delta.content) + text(delta.text)
  choice.finishReason = given.finish_reason ?? choice.finishReason
  for (const called of Array.isArray(delta.tool_calls) ? delta.tool_calls : []) {
    if (!isObject(called)) continue
    const key = called.index ?? called.id ?? 0
    const call = choice.calls.get(key) ?? { id: null, name: '', arguments: '' }
    const part = isObject(called.function) ? called.function : {}
    call.id ??= called.id ?? null
    call.name += text(part.name)
    call.arguments += text(part.arguments)
    choice.calls.set(key, call)
  }
}

function joinAnthropic(events: JsonObject[]): Json {
  const blocks = new Map<Json, { block: JsonObject; text: string; json: string }>()
  let message: JsonObject = {}
  let usage: JsonObject = {}
  let stopReason: Json = null
  for (const event of events) {
    if (isObject(event.message)) message = event.message
    if (isObject(message.usage) && event.message === message) usage = message.usage
    if (isObject(event.usage)) usage = { ...usage, ...event.usage }
    const delta = isObject(event.delta) ? event.delta : {}
    stopReason = delta.stop_reason ?? stopReason
    const isStart = isObject(event.content_block)
    if (!isStart && event.type !== 'content_block_delta') continue
    const index = event.index ?? 0
    const entry = blocks.get(index) ?? { block: { type: 'text' }, text: '', json: '' }
    if (isObject(event.content_block)) entry.block = event.content_block
    entry.text += text(delta.text)
    entry.json += text(delta.partial_json)
    blocks.set(index, entry)
  }
  const content = [...blocks.values()].map(({ block, text: added, json }) =>
    block.type === 'tool_use'
      ? { ...block, input: json === '' ? (block.input ?? null) : json }
      : block.type === 'text'
        ? { ...block, text: text(block.text) + added }
        : block,
  )
  return { role: 'assistant', ...message, type: 'message', content, stop_reason: stopReason, usage }
}

function joinGemini(chunks: JsonObject[]): Json {
  const parts: Json[] = []
  let finishReason: Json = null
  for (const { candidates } of chunks) {
    const first = Array.isArray(candidates) ? candidates[0] : undefined
    if (!isObject(first)) continue
    finishReason = first.finishReason ?? first.finish_reason ?? finishReason
    if (isObject(first.content) && Array.isArray(first.content.parts))
      for (const part of first.content.parts) parts.push(part)
  }
  return { ...head(chunks), candidates: [{ content: { role: 'model', parts: joinTexts(parts) }, finishReason }] }
}

/** Neighbouring parts of nothing but text are one text. */
function joinTexts(parts: Json[]): Json[] {
  const joined: Json[] = []
  let run: string | undefined
  for (const part of parts) {
    const isText = isObject(part) && typeof part.text === 'string' && Object.keys(part).length === 1
    if (isText) run = (run ?? '') + text(part.text)
    else {
      if (run !== undefined) joined.push({ text: run })
      run = undefined
      joined.push(part)
    }
  }
  return run === undefined ? joined : [...joined, { text: run }]
}

/** What stands beside the pieces of the answer, the latest that says something: model, id, usage. */
function head(chunks: JsonObject[]): JsonObject {
  const found: JsonObject = {}
  for (const key of ['id', 'model', 'modelVersion', 'model_version', 'usage', 'usageMetadata', 'usage_metadata']) {
    const value = chunks.findLast((chunk) => (chunk[key] ?? null) !== null)?.[key]
    if (value !== undefined) found[key] = value
  }
  return found
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}
