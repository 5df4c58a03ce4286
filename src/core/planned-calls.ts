import type { Json, Message, SpanContent, ToolCall } from './span.js'

/** Roles of messages that a model is given; what comes after the last of them is its answer. Its own role is not always `assistant`. */
const given: ReadonlySet<string> = new Set(['user', 'human', 'system', 'developer', 'tool', 'function'])

/** Finish reasons by which a model says that it answered with tool calls, as the providers and their clients spell them. */
const callsTools: ReadonlySet<string> = new Set(['tool_calls', 'tool_use', 'tool-calls', 'function_call'])

/**
 * The tool calls with which a model answered, by what is stored of its answer; one without a name where only the finish reason
 * says that there was one. Empty where the answer has none, or nothing is stored of it.
 */
export function plannedCalls({ output, outputMessages = [], finishReasons = [] }: SpanContent): ToolCall[] {
  const calls = outputMessages.length > 0 ? answerOf(outputMessages).flatMap(messageCalls) : rawCalls(output)
  return calls.length === 0 && finishReasons.some((reason) => callsTools.has(reason)) ? [{}] : calls
}

/** True when anything is stored of what a span answered. */
export function hasAnswer({ output, outputMessages = [], finishReasons = [] }: SpanContent): boolean {
  return outputMessages.length > 0 || (output !== undefined && output !== null) || finishReasons.length > 0
}

/** The text of an answer; undefined where none is stored, or it is structure. */
export function answerText({ output, outputMessages = [] }: SpanContent): string | undefined {
  if (outputMessages.length === 0) return typeof output === 'string' ? output.trim() || undefined : undefined
  const texts = answerOf(outputMessages).flatMap(({ content = '' }) => content.trim() || [])
  return texts.at(-1)
}

/** What was said after the last message that was given: some exports write the whole conversation as the output. */
function answerOf(messages: readonly Message[]): readonly Message[] {
  return messages.slice(messages.findLastIndex(({ role }) => given.has(role)) + 1)
}

function messageCalls({ toolCalls = [], content = '' }: Message): ToolCall[] {
  return toolCalls.length > 0 ? toolCalls : printedCalls(content)
}

/** The instrumentation of OpenLLMetry writes tool calls of the OpenAI Agents SDK as Python prints them, one a line. */
function printedCalls(content: string): ToolCall[] {
  const lines = content.split('\n').filter((line) => line.startsWith('ResponseFunctionToolCall('))
  return lines.map((line) => {
    // After the arguments, which are the model's to write.
    const [, id, name] = /, call_id='([\w-]+)', name='([\w.-]+)', type='function_call'/.exec(line) ?? []
    return { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) }
  })
}

/** An output that is nothing but tool calls: the AI SDK writes them as a list. */
function rawCalls(output: Json | undefined): ToolCall[] {
  if (!Array.isArray(output)) return []
  const calls = output.flatMap((item) => {
    if (item === null || typeof item !== 'object' || Array.isArray(item) || typeof item.toolName !== 'string') return []
    const { toolCallId: id, toolName: name } = item
    return [{ name, ...(typeof id === 'string' ? { id } : {}) }]
  })
  return calls.length === output.length ? calls : []
}
