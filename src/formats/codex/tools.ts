import type { Attributes, Json } from '../../core/span.js'
import type { GivenSpan } from '../add-span.js'
import { text } from '../dialects/readers.js'
import type { JsonObject } from '../json.js'
import type { CodexLine } from './line.js'
import { type Outcome, outcomeOfEnd, outcomeOfOutput } from './outcome.js'

/** Where the tools of a turn hang. */
export interface ToolPlace {
  traceId: string
  parentId: string
}

interface Tool extends Outcome {
  name?: string
  arguments?: Json
  startMs?: number
  endMs?: number
  /** How long the tool itself ran, where Codex measured it. */
  tookMs?: number
  result?: Json
  isDone?: boolean
  attributes: Attributes
}

/** Joins tool calls with their results by the call's id; what comes when a tool was given away already is a fragment of it. */
export interface Tools {
  item(line: CodexLine): void
  /** The end of a tool's run, as an event. */
  end(line: CodexLine): void
  /** Those that are done and were held long enough, or all. */
  taken(all: boolean): GivenSpan[]
}

/** A tool's end event comes a moment after its result, so the last few are held. */
const held = 32

/** The tools of one turn. Beyond the last few, those that are done are not held. */
export function createTools(place: () => ToolPlace): Tools {
  const tools = new Map<string, Tool>()

  function toolOf(id: string): Tool {
    const tool = tools.get(id) ?? { attributes: Object.create(null) }
    tools.set(id, tool)
    return tool
  }

  return {
    item(line) {
      const { payload, timeMs } = line
      const id = idOf(line, place().traceId)
      if (id === undefined) return
      if (typeof payload.type === 'string' && payload.type.endsWith('_output')) {
        const { result, ...outcome } = outcomeOfOutput(payload)
        const tool = toolOf(id)
        Object.assign(tool, outcome, { result, endMs: timeMs, isDone: true })
      } else {
        const { attributes, ...call } = callOf(payload)
        const tool = toolOf(id)
        Object.assign(tool, call, { startMs: timeMs })
        Object.assign(tool.attributes, attributes)
      }
    },
    end({ payload, timeMs }) {
      const id = text(payload.call_id ?? null)
      if (id === undefined) return
      const tool = toolOf(id)
      const { tookMs, result, attributes, ...outcome } = outcomeOfEnd(payload)
      Object.assign(tool, outcome)
      Object.assign(tool.attributes, attributes)
      tool.result ??= result
      tool.tookMs = tookMs
      tool.endMs ??= timeMs
    },
    taken(all) {
      const spans: GivenSpan[] = []
      for (const [id, tool] of tools) {
        if (!all && (tools.size <= held || !tool.isDone)) continue
        tools.delete(id)
        spans.push(spanOf(id, tool, place()))
      }
      return spans
    },
  }
}

/** Hosted tools have no call id: the time of their line names them. */
function idOf({ payload, stamp }: CodexLine, traceId: string): string | undefined {
  const id = text(payload.call_id ?? payload.id ?? null)
  if (id !== undefined) return payload.type === 'message' || payload.type === 'reasoning' ? undefined : id
  return isHosted(payload) && stamp !== undefined ? `${traceId}/tool/${stamp}` : undefined
}

function isHosted({ type }: JsonObject): boolean {
  return type === 'web_search_call' || type === 'image_generation_call'
}

function callOf(item: JsonObject): Partial<Tool> {
  const { type } = item
  const name = text(item.name ?? null) ?? (typeof type === 'string' ? type.replace(/_call$/, '') : undefined)
  const attributes: Attributes = Object.create(null)
  if (item.namespace !== undefined && item.namespace !== null) attributes['codex.namespace'] = item.namespace
  const status = statusOf(item)
  return { name, arguments: item.arguments ?? item.input ?? item.action ?? item.revised_prompt, attributes, ...status }
}

/** Other tools' items are complete before the tool has begun. */
function statusOf(item: JsonObject): Outcome {
  if (item.status === 'failed' || item.status === 'incomplete') return { status: 'error' }
  return isHosted(item) && item.status === 'completed' ? { status: 'ok' } : {}
}

function spanOf(id: string, tool: Tool, { traceId, parentId }: ToolPlace): GivenSpan {
  const { startMs, endMs, tookMs } = tool
  // Old versions write call and result together, once the tool is done.
  const began = endMs === undefined || tookMs === undefined || tookMs > endMs ? undefined : endMs - tookMs
  return {
    traceId,
    parentId,
    spanId: id,
    name: tool.name ?? 'tool',
    status: tool.status ?? (tool.isDone ? 'ok' : 'unset'),
    startMs: startMs === undefined || (began !== undefined && began < startMs) ? (began ?? startMs) : startMs,
    endMs,
    statusMessage: tool.statusMessage,
    attributes: tool.attributes,
    stated: {
      kind: 'tool',
      toolName: tool.name,
      toolCallId: id,
      toolArguments: tool.arguments,
      toolResult: tool.result,
    },
  }
}
