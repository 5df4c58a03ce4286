import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'

/** What LangChain calls the speaker of a message, as a word of type or as a class. */
const roles: Record<string, string> = {
  human: 'user',
  user: 'user',
  ai: 'assistant',
  assistant: 'assistant',
  system: 'system',
  developer: 'developer',
  tool: 'tool',
  function: 'tool',
}

/**
 * Inputs or outputs with LangChain's messages in them as plain messages, in every vintage: constructors (`lc`, `id`, `kwargs`),
 * `{type, data}`, `{type, content}`, pairs of role and text, batches of lists, generations. What is none of these stays.
 */
export function plainConversation(value: Json): Json {
  if (Array.isArray(value)) return plainMessages(value) ?? value
  if (!isObject(value)) return value
  let plain: JsonObject | undefined
  for (const key of ['messages', 'input', 'output', 'message'] as const) {
    const found = Object.hasOwn(value, key) ? plainMember(value[key]!) : undefined
    if (found !== undefined) plain = { ...(plain ?? value), [key]: found }
  }
  if (Array.isArray(value.generations))
    plain = { ...(plain ?? value), generations: plainGenerations(value.generations) }
  return plain ?? value
}

function plainMember(value: Json): Json | undefined {
  return Array.isArray(value) ? plainMessages(value) : plainMessage(value)
}

/** A list of messages, flattened where it is a batch of lists; undefined unless one of them is LangChain's and all are messages. */
function plainMessages(list: Json[]): Json[] | undefined {
  const isBatch = list.length > 0 && list.every((item) => Array.isArray(item) && pairOf(item) === undefined)
  const items = isBatch ? list.flat() : list
  const read = items.map(plainMessage)
  if (items.length === 0) return undefined
  if (!isBatch && read.every((message) => message === undefined)) return undefined
  return items.every((item, index) => read[index] !== undefined || (isObject(item) && item.role !== undefined))
    ? items.map((item, index) => read[index] ?? item)
    : undefined
}

/** One message of LangChain with its role named; undefined for anything else, plain messages included. */
function plainMessage(value: Json): JsonObject | undefined {
  if (Array.isArray(value)) return pairOf(value)
  if (!isObject(value)) return undefined
  const inner = value.kwargs ?? value.data
  if (isObject(inner)) {
    const role = roleOf(inner.role) ?? roleOf(inner.type) ?? roleOf(classOf(value)) ?? roleOf(value.type)
    return role === undefined ? undefined : messageOf(role, inner)
  }
  const role = value.content === undefined || value.role !== undefined ? undefined : roleOf(value.type)
  return role === undefined ? undefined : messageOf(role, value)
}

function pairOf(pair: Json[]): JsonObject | undefined {
  const role = pair.length === 2 ? roleOf(pair[0]) : undefined
  return role === undefined ? undefined : { role, content: pair[1]! }
}

/** Of a constructor's path (`langchain_core.messages.AIMessage`) the last name. */
function classOf({ id }: JsonObject): Json | undefined {
  return Array.isArray(id) ? id.at(-1) : undefined
}

function roleOf(word: Json | undefined): string | undefined {
  if (typeof word !== 'string' || word.length > 30) return undefined
  const name = word.toLowerCase().replace(/message(?:chunk)?$/, '')
  return Object.hasOwn(roles, name) ? roles[name] : undefined
}

/** All that the message says; what stays empty in every message is left out, and what providers answer beside it is lifted up. */
function messageOf(role: string, body: JsonObject): JsonObject {
  const message: JsonObject = { role }
  for (const key of Object.keys(body)) {
    const value = body[key]!
    if (key !== 'role' && key !== 'type' && key !== '__proto__' && !saysNothing(value)) message[key] = value
  }
  const more = body.additional_kwargs
  if (isObject(more) && isObject(more.function_call) && message.function_call === undefined)
    message.function_call = more.function_call
  const told = body.response_metadata
  const reason = isObject(told) ? (told.finish_reason ?? told.stop_reason) : undefined
  if (typeof reason === 'string' && message.finish_reason === undefined) message.finish_reason = reason
  return message
}

function saysNothing(value: Json): boolean {
  if (value === null || value === false) return true
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}

function plainGenerations(list: Json[]): Json[] {
  return list.map((item) => {
    if (Array.isArray(item)) return plainGenerations(item)
    const message = isObject(item) && item.message !== undefined ? plainMessage(item.message) : undefined
    return isObject(item) && message !== undefined ? { ...item, message: withReason(message, item) } : item
  })
}

function withReason(message: JsonObject, generation: JsonObject): JsonObject {
  const info = generation.generation_info ?? generation.generationInfo
  const reason = isObject(info) ? info.finish_reason : undefined
  return typeof reason === 'string' && message.finish_reason === undefined
    ? { ...message, finish_reason: reason }
    : message
}
