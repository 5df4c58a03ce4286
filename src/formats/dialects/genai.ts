import type { Attributes, Json, Message, Score } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { readDocuments, readNumber } from './documents.js'
import { type Draft, fill, leavesOf } from './draft.js'
import { readMessages } from './messages.js'
import { text } from './readers.js'
import { isUnsafe } from './settings.js'

/** Attributes of the OpenTelemetry GenAI conventions (1.37 and later) that hold structure. */
export const genaiKeys = [
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.retrieval.documents',
]
export const genaiFamilies = ['gen_ai.prompt.variable']

/** Messages, system instructions, documents and prompt variables of the GenAI conventions. */
export function fillFromGenai(draft: Draft): void {
  const { attributes } = draft.raw
  fillConversation(draft, attributes)
  fillDocuments(draft, 'gen_ai.retrieval.documents')
  fillVariables(draft, 'gen_ai.prompt.variable')
}

/** Prompt variables that are attributes of one family. */
export function fillVariables(draft: Draft, family: string): void {
  for (const [name, key, value] of leavesOf(draft, family) ?? []) {
    if (isUnsafe(name)) continue
    draft.variables ??= Object.create(null) as Attributes
    draft.variables[name] = value
    draft.used.add(key)
  }
}

/** Messages into one side of the conversation, where it has none yet; `origin` is the attribute they are in. True when they fit wholly. */
export function fillMessages(
  draft: Draft,
  side: 'inputMessages' | 'outputMessages',
  value: Json | undefined,
  origin: string | undefined,
): boolean {
  if (draft.content[side] !== undefined) return false
  const read = readMessages(value, side === 'inputMessages' ? 'user' : 'assistant')
  if (read === undefined) return false
  draft.content[side] = read.messages
  if (side === 'outputMessages' && read.finishReasons.length > 0) fill(draft, 'finishReasons', read.finishReasons)
  if (read.whole && origin !== undefined) draft.used.add(origin)
  return read.whole
}

/** Documents of one attribute, where there are none yet. */
export function fillDocuments(draft: Draft, key: string): void {
  const value = draft.raw.attributes[key]
  if (draft.content.documents !== undefined || value === undefined) return
  const read = readDocuments(value)
  if (read === undefined) return
  draft.content.documents = read.documents
  if (read.whole) draft.used.add(key)
}

/** The three content attributes, of a span or of an event that carries them. */
function fillConversation(draft: Draft, attributes: Attributes): void {
  const instructions = attributes['gen_ai.system_instructions']
  const system = instructions === undefined ? undefined : readSystem(instructions)
  const had = draft.content.inputMessages !== undefined
  fillMessages(draft, 'inputMessages', attributes['gen_ai.input.messages'], 'gen_ai.input.messages')
  fillMessages(draft, 'outputMessages', attributes['gen_ai.output.messages'], 'gen_ai.output.messages')
  if (system === undefined || had) return
  draft.content.inputMessages = [system, ...(draft.content.inputMessages ?? [])]
  draft.used.add('gen_ai.system_instructions')
}

/** Instructions are a list of parts, or plain text. */
function readSystem(value: Json): Message | undefined {
  const given = unpack(value)
  const read = readMessages([{ role: 'system', parts: Array.isArray(given) ? given : [given] }])
  return read?.whole ? read.messages[0] : undefined
}

const messageRoles = new Map([
  ['gen_ai.system.message', 'system'],
  ['gen_ai.user.message', 'user'],
  ['gen_ai.assistant.message', 'assistant'],
  ['gen_ai.tool.message', 'tool'],
])

/**
 * The same from span events: one event per message (1.28 to 1.36), `gen_ai.content.*` (1.26), details of an inference (1.37),
 * and evaluation results. `scan` reads the plain fields of the details.
 */
export function fillFromGenaiEvents(draft: Draft, scan: (attributes: Attributes) => void): void {
  const read = { input: [] as JsonObject[], output: [] as JsonObject[], events: [] as number[] }
  draft.raw.events.forEach((event, index) => {
    if (!event.name.startsWith('gen_ai.') || event.attributes === undefined) return
    const role = messageRoles.get(event.name)
    if (role !== undefined) read.input.push(readEvent(event.attributes, role))
    else if (event.name === 'gen_ai.choice') read.output.push(readChoice(event.attributes))
    if (role !== undefined || event.name === 'gen_ai.choice') read.events.push(index)
    if (event.name === 'gen_ai.content.prompt')
      fillMessages(draft, 'inputMessages', event.attributes['gen_ai.prompt'], undefined)
    if (event.name === 'gen_ai.content.completion')
      fillMessages(draft, 'outputMessages', event.attributes['gen_ai.completion'], undefined)
    if (event.name === inferenceDetails) {
      scan(event.attributes)
      fillConversation(draft, event.attributes)
    }
    if (event.name === evaluationResult) {
      const score = readEvaluation(event.attributes, event.timeMs)
      if (score !== undefined) draft.scores.push({ ...score, traceId: draft.raw.traceId, spanId: draft.raw.spanId })
    }
  })
  const asked = read.input.length === 0 || fillMessages(draft, 'inputMessages', read.input, undefined)
  const answered = read.output.length === 0 || fillMessages(draft, 'outputMessages', read.output, undefined)
  if (asked && answered) draft.usedEvents = new Set(read.events)
}

export const inferenceDetails = 'gen_ai.client.inference.operation.details'
export const evaluationResult = 'gen_ai.evaluation.result'

/** The score of an evaluation event or log record; undefined when it has no name. */
export function readEvaluation(attributes: Attributes, timeMs: number | undefined): Score | undefined {
  const name = text(attributes['gen_ai.evaluation.name'] ?? null)
  if (name === undefined) return undefined
  return {
    name,
    value: readNumber(attributes['gen_ai.evaluation.score.value']),
    label: text(attributes['gen_ai.evaluation.score.label'] ?? null),
    comment: text(attributes['gen_ai.evaluation.explanation'] ?? null),
    timeMs,
  }
}

/** The message of an event, whose body is its attributes or JSON text in one of them. */
function readEvent(attributes: Attributes, role: string): JsonObject {
  const packed = unpack(attributes['gen_ai.event.content'] ?? null)
  const body = isObject(packed) ? packed : attributes
  return {
    role: body.role ?? role,
    content: unpack(body.content ?? null),
    name: body.name ?? null,
    tool_calls: body.tool_calls ?? [],
    tool_call_id: body.tool_call_id ?? body.id ?? null,
  }
}

function readChoice(attributes: Attributes): JsonObject {
  const packed = unpack(attributes['gen_ai.event.content'] ?? null)
  const body = isObject(packed) ? packed : attributes
  const message = unpack(body.message ?? body.content ?? null)
  const inner = isObject(message) ? message : { content: message, tool_calls: body.tool_calls ?? [] }
  return { ...readEvent({ ...inner }, 'assistant'), tool_call_id: null, finish_reason: body.finish_reason ?? null }
}
