import type { Json } from '../../core/span.js'
import { answerOfCall, askedOfCall, settingsOfCall } from '../bodies/exchange.js'
import { splitAnswer } from '../dialects/messages.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { objectOf } from './fields.js'

/** What a request asked, what was answered, and with which settings. */
export interface Exchange {
  input?: Json | undefined
  output?: Json | undefined
  settings?: Json | undefined
  /** The provider's own answer, joined where it was streamed. */
  body?: Json | undefined
}

/** The exchange of a call in the provider's words, or in blueprints under `input` and `output` (what `/log-request` was sent). */
export function exchangeOfCall(kwargs: Json | undefined, response: Json | undefined): Exchange {
  const asked = kwargs === undefined ? undefined : unpack(kwargs)
  const body = answerOfCall(response)
  const sent = isObject(body) ? body.output : undefined
  if (!isObject(asked)) return { input: asked, output: isTemplate(sent) ? messagesOf(sent) : body, body }
  const { input: template, parameters, ...rest } = asked
  const isLogged = isTemplate(template)
  return {
    input: isLogged ? messagesOf(template) : askedOfCall(asked),
    output: isTemplate(sent) ? messagesOf(sent) : body,
    settings: settings(rest, isLogged ? toolsOf(template) : {}, parameters),
    body,
  }
}

/** The exchange of a blueprint, whose messages are the question and, where the last is the assistant's, the answer. */
export function exchangeOfBlueprint(blueprint: Json | undefined): Exchange {
  const given = objectOf(blueprint)
  if (given === undefined) return {}
  const template = given.prompt_template
  const [asked, answered] = splitAnswer(isTemplate(template) ? messagesOf(template) : [])
  return {
    input: asked.length === 0 ? undefined : asked,
    output: answered.length === 0 ? undefined : answered,
    settings: settings({}, isObject(template) ? toolsOf(template) : {}, modelOf(given)?.parameters),
  }
}

/** The model that a blueprint names: `{provider, name, parameters, api_type}`. */
export function modelOf(blueprint: JsonObject): JsonObject | undefined {
  const model = isObject(blueprint.metadata) ? blueprint.metadata.model : undefined
  return isObject(model) ? model : undefined
}

function isTemplate(value: Json | undefined): value is JsonObject {
  return isObject(value) && (Array.isArray(value.messages) || Array.isArray(value.content))
}

/** Messages of a blueprint without what only its editor needs. */
function messagesOf(template: JsonObject): Json[] {
  if (!Array.isArray(template.messages)) return [{ role: 'user', content: template.content ?? null }]
  return template.messages.map((message) => {
    if (!isObject(message)) return message
    const role = [message.role, message.raw_request_display_role].find(
      (name) => typeof name === 'string' && name !== '',
    )
    const clean: JsonObject = { role: role ?? null, content: message.content ?? null }
    for (const key of ['name', 'function_call', 'tool_calls', 'tool_call_id'] as const)
      if ((message[key] ?? null) !== null) clean[key] = message[key]!
    return clean
  })
}

/** Settings of a call, the tools that it offered and its parameters as one; undefined when there are none. */
function settings(call: JsonObject, tools: JsonObject, parameters: Json | undefined): Json | undefined {
  const merged = settingsOfCall({ ...call, ...tools, ...(isObject(parameters) ? parameters : {}) })
  return Object.keys(merged).length === 0 ? undefined : merged
}

/** Tools that a blueprint offers; `none` and empty lists offer nothing. */
function toolsOf(template: JsonObject): JsonObject {
  const tools: JsonObject = {}
  for (const key of ['tools', 'functions', 'tool_choice', 'function_call'] as const) {
    const value = template[key] ?? null
    if (value !== null && value !== 'none' && !(Array.isArray(value) && value.length === 0)) tools[key] = value
  }
  return tools
}
