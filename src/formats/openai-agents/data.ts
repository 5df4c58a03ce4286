import type { Attributes, Json, SpanKind } from '../../core/span.js'
import type { Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { itemsByCall } from '../openai/output.js'
import { readOpenaiUsage } from '../openai/usage.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'

/** What `span_data` says of its span. */
export interface SpanData {
  name: string
  stated: Stated
  attributes: Attributes
}

/** The SDK's type of a span → our kind. */
const kinds: Record<string, SpanKind> = {
  agent: 'agent',
  function: 'tool',
  generation: 'llm',
  response: 'llm',
  handoff: 'other',
  guardrail: 'guardrail',
  custom: 'chain',
  task: 'chain',
  turn: 'chain',
  mcp_tools: 'other',
  transcription: 'other',
  speech: 'other',
  speech_group: 'other',
}

const known = new Set([
  ...[
    'handoffs',
    'tools',
    'output_type',
    'mcp_data',
    'from_agent',
    'to_agent',
    'triggered',
    'data',
    'server',
    'result',
  ],
  ...['first_content_at', 'input_format', 'output_format', 'turn', 'agent_name', 'sdk_span_type'],
])

/** What `span_data` says; an unknown type is told and stays an attribute. */
export function readSpanData(data: JsonObject, reading: Reading): SpanData {
  const row = openRow(data, 'openai-agents', known, reading)
  const type = row.take('type')
  const word = typeof type === 'string' && Object.hasOwn(kinds, type) ? type : undefined
  if (word === undefined && type !== undefined)
    reading.problems.push('span_data.type: expected a type that the SDK has')
  const attributes: Attributes = Object.create(null)
  if (type !== undefined) attributes['openai-agents.type'] = type
  const stated = statedOf(word, data, row, attributes)
  const name = nameOf(word, data, row)
  if (word === 'agent') attributes['gen_ai.agent.name'] = name
  return { name, stated, attributes: { ...attributes, ...row.rest() } }
}

/** Handoffs name both agents, everything that has a name is called by it. */
function nameOf(type: string | undefined, data: JsonObject, row: PlatformRow): string {
  const name = row.take('name')
  if (typeof name === 'string') return name
  if (type === 'handoff' && typeof data.to_agent === 'string') return `handoff to ${data.to_agent}`
  return type ?? 'span'
}

function statedOf(type: string | undefined, data: JsonObject, row: PlatformRow, attributes: Attributes): Stated {
  const kind = type === undefined ? undefined : kinds[type]
  const input = row.take('input', '_input')
  const output = row.take('output')
  if (type === 'function') {
    const toolName = row.take('name')
    return { kind, toolName, input, output }
  }
  if (type === 'generation') return { ...generationOf(row), kind, input, output: unwrapped(output) }
  if (type === 'response') return { ...responseOf(row, attributes), kind, ...withInput(input) }
  if (type === 'guardrail') return { kind, output: row.take('triggered') }
  if (type === 'mcp_tools') return { kind, output: row.take('result'), input: row.take('server') }
  const model = row.take('model')
  const settings = row.take('model_config')
  return { kind, requestModel: model, settings, input, output, usage: usageOf(data, row) }
}

/** Tasks and turns pack their roll-up into the data of a custom span. */
function usageOf({ data }: JsonObject, row: PlatformRow): Stated['usage'] {
  return readOpenaiUsage(isObject(data) && data.usage !== undefined ? data.usage : row.take('usage'))
}

/** A streamed generation keeps a whole response as its one output. */
function unwrapped(output: Json | undefined): Json | undefined {
  const [first, ...more] = Array.isArray(output) ? output : []
  const isResponse = more.length === 0 && isObject(first) && Array.isArray(first.output)
  return isResponse ? { output: itemsByCall(first.output as Json[]) } : output // a list, by isResponse
}

function generationOf(row: PlatformRow): Stated {
  return {
    requestModel: row.take('model'),
    settings: row.take('model_config'),
    usage: readOpenaiUsage(row.take('usage')),
  }
}

/** The export names the response by its id alone; a processor of one's own may have kept the whole. */
function responseOf(row: PlatformRow, attributes: Attributes): Stated {
  const whole = row.take('_response', 'response')
  const response = isObject(whole) ? whole : {}
  const id = row.take('response_id') ?? response.id
  if (typeof id === 'string') attributes['gen_ai.response.id'] = id
  return {
    responseModel: response.model,
    output: Array.isArray(response.output) ? { output: itemsByCall(response.output) } : undefined,
    usage: readOpenaiUsage(row.take('usage') ?? response.usage),
  }
}

function withInput(input: Json | undefined): Stated {
  if (input === undefined) return {}
  return { input: typeof input === 'string' ? [{ role: 'user', content: input }] : { input } }
}
