import type { Message, Span, ToolCall } from '../../core/span.js'
import { readCall } from '../dialects/messages.js'
import { isObject, unpack } from '../json.js'
import type { LangfuseRow } from './row.js'

/** The tool calls that a model asked for, which Langfuse keeps in columns of its own: JSON texts, and their names beside them. */
export function readToolCalls(row: LangfuseRow): ToolCall[] {
  const calls = unpack(row.columns.toolCalls ?? null)
  if (!Array.isArray(calls) || calls.length === 0) return []
  const names = unpack(row.columns.toolCallNames ?? null)
  const read = calls.map((given, index): ToolCall | undefined => {
    const call = unpack(given)
    if (!isObject(call)) return undefined
    const name = Array.isArray(names) ? names[index] : undefined
    const found = readCall(call)
    return { ...found, name: found.name ?? (typeof name === 'string' && name !== '' ? name : undefined) }
  })
  if (read.includes(undefined)) {
    row.complain('toolCalls: expected a list of JSON objects; others stay attributes')
  } else {
    row.take('toolCalls')
    row.take('toolCallNames')
  }
  return read.filter((call) => call !== undefined)
}

/** The span with these calls in its answer, unless the answer states calls itself. */
export function withToolCalls(span: Span, calls: ToolCall[]): Span {
  const said = span.content.outputMessages ?? []
  if (calls.length === 0 || said.some(({ toolCalls }) => toolCalls !== undefined)) return span
  const last = said.findLastIndex(({ role }) => role === 'assistant')
  const outputMessages: Message[] =
    last < 0
      ? [...said, { role: 'assistant', toolCalls: calls }]
      : said.map((message, index) => (index === last ? { ...message, toolCalls: calls } : message))
  return { ...span, content: { ...span.content, outputMessages } }
}
