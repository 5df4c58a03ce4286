import type { Attributes, Json } from '../../core/span.js'
import { askedIn } from '../dialects/conversation.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { joinChunks } from './chunks.js'

/** Arguments of a model call that are what the model was sent; the others are its settings. */
const contentKeys = new Set([
  ...['messages', 'prompt', 'prompts', 'input', 'contents', 'system', 'instructions'],
  ...['system_instruction', 'systemInstruction'],
])
/** Arguments that are neither: the model has a field of its own, and a key is a secret. */
const otherKeys = new Set(['model', 'modelId', 'engine', 'api_key'])

/** What the model was sent, out of the arguments of a call: messages where there are any. Undefined when they hold nothing. */
export function askedOfCall(call: JsonObject): Json | undefined {
  const picked: JsonObject = Object.create(null)
  for (const key of Object.keys(call))
    if (contentKeys.has(key) && (call[key] ?? null) !== null) picked[key] = call[key]!
  if (Object.keys(picked).length === 0) return undefined
  const messages = askedIn({ ...picked, model: '' }) // a model tells the plain `input` of Responses from other inputs
  return Array.isArray(messages) || typeof messages === 'string' ? messages : picked
}

/** The settings of a call: its arguments but for what the model was sent, its model and its key. */
export function settingsOfCall(call: JsonObject): Attributes {
  const settings: Attributes = Object.create(null)
  for (const key of Object.keys(call))
    if (!contentKeys.has(key) && !otherKeys.has(key) && (call[key] ?? null) !== null) settings[key] = call[key]!
  return settings
}

/** The raw answer of a provider, joined where it was streamed, in a shape whose messages are understood. */
export function answerOfCall(given: Json | undefined): Json | undefined {
  const body = given === undefined ? undefined : joinChunks(unpack(given))
  if (!isObject(body)) return body
  if (typeof body.completion === 'string')
    return {
      ...body,
      messages: [{ role: 'assistant', content: body.completion, finish_reason: body.stop_reason ?? null }],
    }
  if (Array.isArray(body.choices)) return { ...body, choices: body.choices.map(asChoice) }
  return Object.keys(body).length === 0 ? undefined : body
}

/** Some join streams of OpenAI to choices that are messages themselves. */
function asChoice(choice: Json): Json {
  if (!isObject(choice) || ['message', 'delta', 'text'].some((key) => choice[key] !== undefined)) return choice
  const { finish_reason: reason, index, ...message } = choice
  return { message, finish_reason: reason ?? null, index: index ?? 0 }
}
