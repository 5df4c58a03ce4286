import type { Attributes, Json, SpanStatus } from '../../core/span.js'
import type { RawSpan } from '../format.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { readMoment } from '../time.js'

/** The searches of vector stores and the runs of guardrails inside of a call, in this order. */
export function stepsIn(guardrails: Json | undefined, metadata: JsonObject): JsonObject[] {
  const runs = listOf(guardrails ?? metadata.guardrail_information)
  return [...listOf(metadata.vector_store_request_metadata), ...runs].filter(isObject)
}

/** Older versions keep one guardrail without a list. */
function listOf(value: Json | undefined): Json[] {
  const given = value === undefined ? null : unpack(value)
  return Array.isArray(given) ? given : isObject(given) ? [given] : []
}

/** A step as a span below its call; undefined for one that says nothing. */
export function readStep(step: JsonObject, index: number, call: RawSpan): RawSpan | undefined {
  const isSearch = step.vector_store_search_response !== undefined || step.vector_store_id !== undefined
  if (!isSearch && typeof step.guardrail_name !== 'string') return undefined
  const span = { ...below(call, step, index), attributes: attributesOf(step, isSearch) }
  return isSearch ? searchOf(step, span) : guardrailOf(step, span)
}

type Step = Omit<RawSpan, 'name' | 'status' | 'stated'>

function below(call: RawSpan, step: JsonObject, index: number): Step {
  const start = readMoment(step.start_time)
  const end = readMoment(step.end_time)
  const ids = { traceId: call.traceId, spanId: `${call.spanId}.${index}`, parentId: call.spanId }
  const times = { startMs: start.ms, startNs: start.ns, endMs: end.ms, endNs: end.ns }
  return { ...ids, ...times, attributes: {}, events: [], links: [], resource: Object.create(null) }
}

function searchOf(step: JsonObject, span: Step): RawSpan {
  const response = isObject(step.vector_store_search_response) ? step.vector_store_search_response : {}
  const found = Array.isArray(response.data) ? response.data : []
  return {
    ...span,
    name: 'vector_store_search',
    status: 'unset',
    stated: {
      kind: 'retriever',
      input: step.query ?? response.search_query,
      documents: found.filter(isObject).map(documentOf),
      provider: step.custom_llm_provider,
    },
  }
}

/** The text of a result stands in parts. */
function documentOf({ content, score, file_id: id, ...rest }: JsonObject): Json {
  const parts = Array.isArray(content) ? content : [content ?? null]
  const texts = parts.map((part) => (isObject(part) ? part.text : part)).filter((text) => typeof text === 'string')
  const metadata = Object.keys(rest).length === 0 ? null : rest
  return { id: id ?? null, content: texts.length === 0 ? null : texts.join('\n'), score: score ?? null, metadata }
}

/** A guardrail that intervened did its work; one that could not answer failed. */
const statuses: Record<string, SpanStatus> = {
  success: 'ok',
  guardrail_intervened: 'ok',
  guardrail_failed_to_respond: 'error',
  failure: 'error',
}

function guardrailOf(step: JsonObject, span: Step): RawSpan {
  const word = typeof step.guardrail_status === 'string' ? step.guardrail_status : ''
  const status = Object.hasOwn(statuses, word) ? statuses[word]! : 'unset'
  return {
    ...span,
    name: String(step.guardrail_name),
    status,
    statusMessage: status === 'unset' || word === 'success' ? undefined : word,
    stated: { kind: 'guardrail', input: step.guardrail_request, output: step.guardrail_response },
  }
}

const stepKeys = new Set([
  ...['query', 'vector_store_search_response', 'custom_llm_provider', 'start_time', 'end_time'],
  ...['guardrail_name', 'guardrail_request', 'guardrail_response'],
])

function attributesOf(step: JsonObject, isSearch: boolean): Attributes {
  const attributes: Attributes = Object.create(null)
  const prefix = isSearch ? 'litellm.vector_store' : 'litellm.guardrail'
  for (const key of Object.keys(step))
    if (!stepKeys.has(key) && (step[key] ?? null) !== null) attributes[`${prefix}.${key}`] = step[key]!
  return attributes
}
