import type { Json, Message, ToolCall } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { text, texts } from './readers.js'

export interface ReadMessages {
  messages: Message[]
  finishReasons: string[]
  /** False when something (an image, a reasoning part) has no place in a message, so that the source must be kept. */
  whole: boolean
}

/**
 * Messages in any of the shapes that providers and conventions write: `content` or `parts`, text or list, of OpenAI, Anthropic,
 * Bedrock, Gemini, the AI SDK, LangChain and OpenTelemetry. Undefined for what is no list of messages.
 */
export function readMessages(value: Json | undefined, defaultRole = 'user'): ReadMessages | undefined {
  const given = value === undefined ? undefined : unpack(value)
  const items = Array.isArray(given) ? given : isObject(given) ? [given] : []
  const nested = items.length === 1 && Array.isArray(items[0]) ? items[0] : items // LangChain: a batch of one
  const read: ReadMessages = { messages: [], finishReasons: [], whole: true }
  for (const item of nested) {
    if (!isObject(item) || !isMessage(item)) return undefined
    readMessage(item, defaultRole, read)
  }
  return read.messages.length === 0 ? undefined : read
}

/** A conversation in two: what the model was sent, and the answer that follows the last of it. */
export function splitAnswer(messages: readonly Json[]): [asked: Json[], answered: Json[]] {
  let answer = messages.length
  while (answer > 0 && isAnswer(messages[answer - 1]!)) answer--
  return [messages.slice(0, answer), messages.slice(answer)]
}

function isAnswer(message: Json): boolean {
  return isObject(message) && (message.role === 'assistant' || message.role === 'model')
}

const roles: Record<string, string> = { human: 'user', ai: 'assistant', model: 'assistant', function: 'tool' }

function isMessage(item: JsonObject): boolean {
  return (
    (item.role ?? item.content ?? item.parts ?? item.tool_calls ?? item.function_call) !== undefined ||
    isObject(item.kwargs)
  )
}

/** What a message of ours has a place for, and what only numbers or names it in a list of events. */
const messageKeys = new Set([
  ...['role', 'type', 'content', 'parts', 'name', 'id', 'finish_reason'],
  ...['tool_calls', 'toolCalls', 'function_call', 'tool_call_id', 'toolCallId'],
  ...['event.name', 'index', 'gen_ai.message.index', 'gen_ai.system'],
])

function readMessage(item: JsonObject, defaultRole: string, read: ReadMessages): void {
  const body = isObject(item.kwargs) ? item.kwargs : item
  if (body !== item || Object.keys(item).some((key) => item[key] !== null && !messageKeys.has(key))) read.whole = false
  const given = (text(body.role ?? null) ?? text(body.type ?? null) ?? defaultRole).toLowerCase()
  const role = Object.hasOwn(roles, given) ? roles[given]! : given
  const lines: string[] = []
  const calls = readCalls(body, read)
  let answered = false
  for (const part of partsOf(body)) {
    if (part === null || part === '') continue
    const line = textPart(part)
    if (line !== undefined) lines.push(line)
    else {
      const call = callPart(part)
      const answer = call === undefined ? answerPart(part) : undefined
      if (call !== undefined) calls.push(call)
      else if (answer === undefined) read.whole = false
      else {
        answered = true
        read.messages.push(answer)
      }
    }
  }
  read.finishReasons.push(...(texts(body.finish_reason ?? null) ?? []))
  if (answered && lines.length === 0 && calls.length === 0) return
  read.messages.push({
    role,
    content: lines.length === 0 ? undefined : lines.join('\n'),
    name: text(body.name ?? null),
    toolCalls: calls.length === 0 ? undefined : calls,
    toolCallId: text(body.tool_call_id ?? body.toolCallId ?? (role === 'tool' ? (body.id ?? null) : null)),
  })
}

function partsOf(body: JsonObject): Json[] {
  const content = body.parts ?? body.content ?? null
  return Array.isArray(content) ? content : [content]
}

function textPart(part: Json): string | undefined {
  if (typeof part === 'string') return part
  if (typeof part === 'number' || typeof part === 'boolean') return String(part)
  if (!isObject(part) || (part.type !== undefined && !textTypes.has(String(part.type)))) return undefined
  const content = part.text ?? part.content
  return typeof content === 'string' ? content : undefined
}

const textTypes = new Set(['text', 'input_text', 'output_text'])

/** Tool calls that stand beside the content (OpenAI). */
function readCalls(body: JsonObject, read: ReadMessages): ToolCall[] {
  const extra = isObject(body.additional_kwargs) ? body.additional_kwargs.tool_calls : undefined
  const list = unpack(body.tool_calls ?? body.toolCalls ?? extra ?? [])
  const calls = Array.isArray(list) ? list.filter(isObject).map(readCall) : []
  if (isObject(body.function_call)) calls.push(readCall(body.function_call))
  if (list !== null && (!Array.isArray(list) || !list.every(isObject))) read.whole = false
  return calls
}

const callTypes = new Set(['tool_call', 'tool-call', 'tool_use', 'function_call', 'server_tool_call'])
const answerTypes = new Set(['tool_call_response', 'tool-result', 'tool_result', 'function_call_output'])

function callPart(part: Json): ToolCall | undefined {
  if (!isObject(part)) return undefined
  const inner = part.function_call ?? part.functionCall ?? part.toolUse
  if (isObject(inner)) return readCall(inner)
  return callTypes.has(String(part.type)) ? readCall(part) : undefined
}

/** One tool call in any provider's words. */
export function readCall(call: JsonObject): ToolCall {
  const inner = isObject(call.function) ? call.function : call
  return {
    id: text(call.call_id ?? call.id ?? call.toolCallId ?? call.toolUseId ?? null),
    name: text(inner.name ?? inner.toolName ?? null),
    arguments: unpack(inner.arguments ?? inner.args ?? inner.input ?? null) ?? undefined,
  }
}

/** A tool's answer that stands as a part of another message becomes a message of its own. */
function answerPart(part: Json): Message | undefined {
  if (!isObject(part)) return undefined
  const inner = part.function_response ?? part.functionResponse ?? part.toolResult
  const answer = isObject(inner) ? inner : answerTypes.has(String(part.type)) ? part : undefined
  if (answer === undefined) return undefined
  const result = answer.response ?? answer.result ?? answer.output ?? answer.content ?? null
  return {
    role: 'tool',
    content: result === null ? undefined : typeof result === 'string' ? result : JSON.stringify(result),
    name: text(answer.name ?? answer.toolName ?? null),
    toolCallId: text(
      answer.id ?? answer.toolCallId ?? answer.tool_use_id ?? answer.toolUseId ?? answer.call_id ?? null,
    ),
  }
}
