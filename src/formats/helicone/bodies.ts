import type { Json } from '../../core/span.js'
import { answerOfCall, askedOfCall, settingsOfCall } from '../bodies/exchange.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'

/** What the two bodies of a request say. */
export interface Bodies {
  stated: Stated
  /** The provider's raw answer, joined where it was streamed. */
  answer: Json | undefined
  /** Why the request failed, in the provider's words. */
  failure: string | undefined
}

/** Takes the bodies of a request, in the provider's own words; where they were not exported, Helicone's copy of the messages. */
export function takeBodies(row: PlatformRow): Bodies {
  const request = bodyOf(row.take('request_body'))
  const response = bodyOf(row.take('response_body'))
  const copy = unpack(row.take('llmSchema') ?? null)
  const answer = answerOfCall(streamed(response))
  const failure = isObject(response) ? failureOf(response.error) : undefined
  if (!isObject(request)) return { stated: ofCopy(isObject(copy) ? copy : {}, request, answer), answer, failure }
  const { inputs, _type: type, ...call } = request
  if (type === 'tool')
    return { stated: { kind: 'tool', toolName: call.toolName, input: call.input, output: answer }, answer, failure }
  if (type === 'vector_db') return { stated: searchOf(call, answer), answer, failure }
  if (type === 'data') return { stated: { kind: 'other', input: call, output: answer }, answer, failure }
  const stated: Stated = {
    input: askedOfCall(call),
    output: answer,
    settings: settingsOfCall(call),
    promptVariables: inputs,
  }
  return { stated, answer, failure }
}

/** Bodies that were not exported are a note that says so. */
function bodyOf(given: Json | undefined): Json | undefined {
  const body = given === undefined ? undefined : unpack(given)
  return isObject(body) && Object.hasOwn(body, 'helicone_message') ? undefined : body
}

function streamed(response: Json | undefined): Json | undefined {
  return isObject(response) && Array.isArray(response.streamed_data) ? response.streamed_data : response
}

function searchOf(call: JsonObject, answer: Json | undefined): Stated {
  const isSearch = call.operation === undefined || call.operation === 'search'
  const input = typeof call.text === 'string' ? call.text : call
  return { kind: isSearch ? 'retriever' : 'other', input, output: answer }
}

function ofCopy(copy: JsonObject, request: Json | undefined, answer: Json | undefined): Stated {
  const asked = isObject(copy.request) ? copy.request : {}
  const answered = isObject(copy.response) ? copy.response : {}
  return {
    input: request ?? messagesOf(asked.messages) ?? asked.prompt ?? asked.input,
    output: answer ?? messagesOf(answered.messages),
    settings: settingsOfCall(pick(asked, ['temperature', 'top_p', 'max_tokens', 'seed', 'stream', 'stop', 'tools'])),
  }
}

/** Messages of the copy, whose parts stand under `contentArray`. */
function messagesOf(list: Json | undefined): Json | undefined {
  if (!Array.isArray(list)) return undefined
  const messages = list.filter(isObject).map((message): Json => {
    const parts = Array.isArray(message.contentArray) ? message.contentArray.filter(isObject) : undefined
    return {
      role: message.role ?? 'user',
      content: message.content ?? parts?.map(({ content }) => content ?? null) ?? null,
      ...pick(message, ['name', 'tool_calls', 'tool_call_id']),
    }
  })
  return messages.length === 0 ? undefined : messages
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  const picked: JsonObject = {}
  for (const key of keys) if ((object[key] ?? null) !== null) picked[key] = object[key]!
  return picked
}

function failureOf(error: Json | undefined): string | undefined {
  const message = isObject(error) ? (error.message ?? error.heliconeMessage) : error
  return typeof message === 'string' && message !== '' ? message : undefined
}
