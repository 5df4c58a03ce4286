import type { Attributes, Json } from '../../core/span.js'
import type { GivenSpan } from '../add-span.js'
import { isObject, type JsonObject } from '../json.js'
import type { SaidLine } from './line.js'

/** A tool call while its result is awaited; a result alone where the file begins after the call. */
export interface OpenTool {
  name?: string
  arguments?: Json
  startMs?: number
  endMs?: number
  result?: Json
  isError?: boolean
  attributes?: Attributes
}

/** What a tool_result says, with the numbers that Claude Code keeps beside it. */
export function resultOf(block: JsonObject, { line, timeMs }: SaidLine): Partial<OpenTool> {
  const attributes: Attributes = Object.create(null)
  const structured = isObject(line.toolUseResult) ? line.toolUseResult : {}
  for (const key of Object.keys(structured)) {
    const value = structured[key]!
    // Texts repeat the result, and hold whole files.
    if (typeof value === 'number' || typeof value === 'boolean' || key === 'agentId' || key === 'agentType')
      attributes[`claude-code.result.${key}`] = value
  }
  return { result: contentOf(block), isError: block.is_error === true, endMs: timeMs, attributes }
}

/** The content of a tool_result: as text where it is one. */
export function contentOf({ content }: JsonObject): Json | undefined {
  const [only, ...more] = Array.isArray(content) ? content : []
  return isObject(only) && more.length === 0 && typeof only.text === 'string' ? only.text : content
}

/** The span of a tool call; without a result it is not known how it ended. */
export function toolSpan(
  id: string,
  tool: OpenTool,
  { traceId, spanId }: { traceId: string; spanId: string },
): GivenSpan {
  const { name, isError } = tool
  return {
    traceId,
    spanId: id,
    parentId: spanId,
    name: name ?? 'tool',
    startMs: tool.startMs,
    endMs: tool.endMs,
    status: isError === undefined ? 'unset' : isError ? 'error' : 'ok',
    attributes: tool.attributes ?? {},
    stated: {
      kind: 'tool',
      toolName: name,
      toolCallId: id,
      toolArguments: tool.arguments,
      toolResult: tool.result,
    },
  }
}
