import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'

/**
 * What a model was sent, as one list of messages, out of the request or the inputs in any provider's shape: `messages`
 * (with `system` or `instructions` beside them), `input` of Responses, `contents` of Gemini, `prompt`, `prompts`. Anything else
 * comes back as it is.
 */
export function askedIn(value: Json): Json {
  if (!isObject(value)) return value
  const system = value.system ?? value.instructions ?? value.system_instruction ?? value.systemInstruction
  const rest = value.messages ?? value.contents ?? responsesInput(value) ?? prompts(value)
  if (rest === undefined || rest === null) return value
  if (system === undefined || system === null || system === '' || !Array.isArray(rest)) return rest
  return [{ role: 'system', ...(isObject(system) ? system : { content: system }) }, ...rest]
}

/**
 * What a model answered, as one list of messages: `messages`, chat or text `choices`, LangChain's `generations`, items of
 * Responses, Gemini's `candidates`, Bedrock's `output.message`. Anything else comes back as it is.
 */
export function answeredIn(value: Json): Json {
  if (Array.isArray(value) && value.length > 0 && value.every(isChoice)) return value.map(messageOfChoice)
  if (!isObject(value)) return value
  if (value.messages !== undefined) return value.messages
  if (Array.isArray(value.choices)) return value.choices.map(messageOfChoice)
  if (Array.isArray(value.generations))
    return value.generations
      .flat()
      .map((one) => (isObject(one) ? (one.message ?? { content: one.text ?? null }) : null))
  if (Array.isArray(value.candidates))
    return value.candidates.map((one) =>
      isObject(one) && isObject(one.content) ? { ...one.content, finish_reason: one.finishReason ?? null } : null,
    )
  const output = value.output
  if (isObject(output) && output.message !== undefined) return [output.message]
  if (Array.isArray(output) && output.length > 0 && output.every(isItem)) return itemsAsMessages(output)
  if (value.role === undefined && value.content === undefined && isObject(value.message)) return [value.message]
  if (value.type === 'message' && value.stop_reason !== undefined && value.content !== undefined)
    return [{ role: 'assistant', content: value.content, finish_reason: value.stop_reason }]
  return value
}

/** Items of the Responses API as messages: one answer of all that the model said and called, one message per tool result. */
function itemsAsMessages(items: readonly Json[]): Json[] {
  return items.filter(isObject).flatMap((item): Json[] => {
    if (item.role !== undefined) return [item]
    if (item.type === 'reasoning') return [{ role: 'assistant', content: [item] }]
    if (item.type === 'function_call_output' || item.type === 'custom_tool_call_output')
      return [{ role: 'tool', content: item.output ?? null, tool_call_id: item.call_id ?? null }]
    const call =
      item.type === 'custom_tool_call' ? { ...item, type: 'function_call', arguments: item.input ?? null } : item
    return [{ role: 'assistant', content: [call] }]
  })
}

/** True for something that the Responses API calls an item. */
function isItem(value: Json): boolean {
  return isObject(value) && typeof value.type === 'string' && itemTypes.test(value.type)
}

const itemTypes = /^(?:message|reasoning|.+_call|.+_call_output|mcp_.+|compaction)$/

function isChoice(value: Json): boolean {
  return isObject(value) && (isObject(value.message) || isObject(value.delta)) && value.role === undefined
}

function messageOfChoice(choice: Json): Json {
  if (!isObject(choice)) return null
  const message = choice.message ?? choice.delta ?? { role: 'assistant', content: choice.text ?? null }
  return isObject(message) ? { ...message, finish_reason: choice.finish_reason ?? null } : null
}

function responsesInput(value: JsonObject): Json | undefined {
  if (typeof value.input === 'string' && value.model !== undefined) return [{ role: 'user', content: value.input }]
  if (!Array.isArray(value.input) || value.input.length === 0 || !value.input.every(isObject)) return undefined
  return value.input.some((item) => isObject(item) && item.role === undefined)
    ? itemsAsMessages(value.input)
    : value.input
}

function prompts(value: JsonObject): Json | undefined {
  if (typeof value.prompt === 'string') return [{ role: 'user', content: value.prompt }]
  if (!Array.isArray(value.prompts) || !value.prompts.every((one) => typeof one === 'string')) return undefined
  return value.prompts.map((content) => ({ role: 'user', content }))
}
