import type { Attributes, Json, SpanKind } from '../../core/span.js'
import type { GivenSpan } from '../add-span.js'
import { readProviderUsage } from '../bodies/counts.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { readPlainEvents, readPlainLinks, readPlainStatus } from '../plain-parts.js'
import type { Stated, StatedUsage } from '../stated.js'
import { readMoment } from '../time.js'
import { linkedPrompt } from './info.js'
import { plainAttributes, takeFrom, textOf } from './values.js'

/** Types of spans; applications may write their own words, which decide nothing. UNKNOWN is what nobody named. */
const kinds = new Map<Json | undefined, SpanKind>([
  ['LLM', 'llm'],
  ['CHAT_MODEL', 'llm'],
  ['AGENT', 'agent'],
  ['TOOL', 'tool'],
  ['RETRIEVER', 'retriever'],
  ['CHAIN', 'chain'],
  ['EMBEDDING', 'embedding'],
  ['RERANKER', 'reranker'],
  ['PARSER', 'other'],
  ['MEMORY', 'other'],
  ['GUARDRAIL', 'guardrail'],
  ['EVALUATOR', 'evaluator'],
  ['WORKFLOW', 'workflow'],
  ['TASK', 'workflow'],
])

/** The trace's id as MLflow shows it (`tr-…`, or a plain one before version 3), else OpenTelemetry's. */
function traceIdOf(span: JsonObject, attributes: Attributes, ofInfo: string | undefined): string | undefined {
  const context = isObject(span.context) ? span.context : {}
  const stated = textOf(attributes['mlflow.traceRequestId']) ?? ofInfo
  return readId(stated ?? span.trace_id ?? span.otel_trace_id ?? context.trace_id, 16)
}

/** One span of schema 2 (`context`), 3 (ids in base64) or 4 (ids in hex). Undefined, with a note, when it has no ids. */
export function readMlflowSpan(span: JsonObject, ofInfo: string | undefined, notes: string[]): GivenSpan | undefined {
  const context = isObject(span.context) ? span.context : {}
  const attributes = plainAttributes(span.attributes, notes)
  const traceId = traceIdOf(span, attributes, ofInfo)
  const spanId = readId(span.span_id ?? context.span_id, 8)
  if (traceId === undefined || spanId === undefined) {
    notes.push(`${traceId === undefined ? 'trace_id' : 'span_id'}: expected text; span left out`)
    return undefined
  }
  const otelId = readId(span.otel_trace_id ?? context.trace_id, 16)
  const { code, message } = isObject(span.status)
    ? span.status
    : { code: span.status_code, message: span.status_message }
  const status = readPlainStatus(code)
  if (status === undefined) notes.push('status: expected OK, ERROR or UNSET')
  const start = readMoment(span.start_time_unix_nano ?? span.start_time_ns ?? span.start_time)
  const end = readMoment(span.end_time_unix_nano ?? span.end_time_ns ?? span.end_time)
  const name = textOf(span.name) ?? ''
  const stated = statedIn(name, attributes)
  if (attributes['mlflow.traceRequestId'] === traceId) delete attributes['mlflow.traceRequestId']
  if (otelId !== undefined && otelId !== traceId && traceId !== `tr-${otelId}`) attributes['otel.trace_id'] = otelId
  return {
    traceId,
    spanId,
    name,
    stated,
    attributes,
    defaultKind: 'chain',
    startMs: start.ms,
    startNs: start.ns,
    endMs: end.ms,
    endNs: end.ns,
    parentId: readParentId(span.parent_span_id ?? span.parent_id),
    status: status ?? 'unset',
    statusMessage: textOf(message),
    events: readPlainEvents(span.events, notes),
    links: readPlainLinks(span.links, notes),
  }
}

/** What MLflow's own attributes state; those that are read wholly leave the rest. */
function statedIn(name: string, attributes: Attributes): Stated {
  const type = attributes['mlflow.spanType']
  const kind = kinds.get(type)
  if (kind !== undefined) delete attributes['mlflow.spanType']
  const input = takeFrom(attributes, 'mlflow.spanInputs')
  const output = takeFrom(attributes, 'mlflow.spanOutputs')
  const answered = isObject(output) ? textOf(output.model) : undefined
  const asked = textOf(takeFrom(attributes, 'mlflow.llm.model')) ?? modelIn(attributes, input)
  const isCall = kind === 'llm' || kind === 'embedding'
  return {
    kind,
    input,
    output,
    requestModel: asked ?? (isCall ? answered : undefined),
    responseModel: isCall ? answered : undefined,
    provider: takeFrom(attributes, 'mlflow.llm.provider'),
    usage: usageOf(kind, attributes, output),
    costUsd: costOf(attributes),
    settings: kind === 'llm' ? settingsOf(attributes, input) : undefined,
    documents: kind === 'retriever' && Array.isArray(output) ? output.map(documentOf) : undefined,
    toolName: kind === 'tool' ? name : undefined,
    user: attributes['mlflow.trace.user'],
    session: attributes['mlflow.trace.session'],
    ...linkedPrompt(attributes['mlflow.linkedPrompts']),
  }
}

/** Integrations keep the arguments of a call as attributes, and as its inputs. */
function modelIn(attributes: Attributes, input: Json | undefined): string | undefined {
  return textOf(attributes.model) ?? (isObject(input) ? textOf(input.model) : undefined)
}

/**
 * The counts that an integration stated, else (on a model call) those of the answer. Anthropic's input leaves the cache out: where
 * the answer shows that the stated input is the answer's own, its cache is added.
 */
function usageOf(
  kind: SpanKind | undefined,
  attributes: Attributes,
  output: Json | undefined,
): StatedUsage | undefined {
  const stated = takeFrom(attributes, 'mlflow.chat.tokenUsage')
  const raw = isObject(output) && isObject(output.usage) ? output.usage : undefined
  const answered = raw === undefined ? undefined : readProviderUsage(raw)
  if (!isObject(stated)) return kind === 'llm' || kind === 'embedding' ? answered : undefined
  if (answered?.normalised && raw?.input_tokens === stated.input_tokens) return answered
  return {
    input: stated.input_tokens,
    output: stated.output_tokens,
    cachedInput: stated.cache_read_input_tokens ?? answered?.cachedInput,
    cacheWrite: stated.cache_creation_input_tokens ?? answered?.cacheWrite,
    reasoning: answered?.reasoning,
  }
}

function costOf(attributes: Attributes): Json | undefined {
  const cost = attributes['mlflow.llm.cost']
  return isObject(cost) ? cost.total_cost : undefined
}

const settingNames = [
  ...['temperature', 'top_p', 'top_k', 'max_tokens', 'max_completion_tokens', 'max_output_tokens', 'stop', 'seed'],
  ...['frequency_penalty', 'presence_penalty', 'reasoning_effort', 'response_format', 'tool_choice', 'stream', 'n'],
]

function settingsOf(attributes: Attributes, input: Json | undefined): JsonObject {
  const settings: JsonObject = Object.create(null)
  for (const name of settingNames) {
    const value =
      takeFrom(attributes, name) ?? (isObject(input) && Object.hasOwn(input, name) ? input[name] : undefined)
    if (value !== undefined && value !== null) settings[name] = value
  }
  return settings
}

/** MLflow's documents carry their id (`doc_uri`) and score in their metadata. */
function documentOf(document: Json): Json {
  const metadata = isObject(document) ? document.metadata : undefined
  if (!isObject(document) || !isObject(metadata)) return document
  const id = document.id ?? metadata.doc_uri ?? null
  const score = document.score ?? metadata.score ?? metadata.relevance_score ?? metadata.similarity_score ?? null
  return { ...document, id, score }
}
