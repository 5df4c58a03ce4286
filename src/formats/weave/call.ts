import type { Attributes, Json } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import type { KeyPaths, RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { openRow } from '../platform-row.js'
import type { Stated } from '../stated.js'
import { readMoment } from '../time.js'
import { readWeaveFeedback, readWeaveScores } from './judgements.js'
import { kindOfCall, providerOfOp } from './kind.js'
import { promptIn, refOf } from './refs.js'
import { readSummary, type WeaveSummary } from './summary.js'

const known = new Set([
  ...['project_id', 'turn_id', 'wb_user_id', 'wb_run_id', 'wb_run_step', 'wb_run_step_end', 'otel_dump', 'ttl_at'],
  ...[
    'storage_size_bytes',
    'total_storage_size_bytes',
    'feedback',
    'func_name',
    'expire_at',
    'annotation_queue_items',
    'children',
  ],
])

/** One call: a span; or, where it has been deleted, its tombstone. */
export function readWeaveCall(given: JsonObject, keys: KeyPaths, reading: Reading): void {
  const row = openRow(given, 'weave', known, reading)
  const [traceId, recordId] = [readId(row.take('trace_id'), 16), textOf(row.take('id'))]
  const spanId = readId(recordId, 8)
  if (traceId === undefined || spanId === undefined) {
    reading.problems.push(`${traceId === undefined ? 'trace_id' : 'id'}: expected text; call left out`)
    return
  }
  if (row.take('deleted_at') !== undefined) {
    reading.deleted.push(recordId!) // the span's id is of it
    return
  }
  const reference = textOf(row.take('op_name')) ?? ''
  const op = refOf(reference)?.name ?? reference
  const parentId = readParentId(row.take('parent_id'))
  const attributes = objectOf(row.take('attributes'))
  const inputs = objectOf(row.take('inputs'))
  const output = row.take('output')
  const whole = objectOf(row.take('summary'))
  const summary = readSummary(whole, reading.problems)
  const fallback = parentId === undefined ? 'workflow' : 'chain'
  const kind =
    kindOfCall(op, attributes, summary.usage !== undefined && isOwnUsage(summary, inputs, output)) ?? fallback
  const isCall = kind === 'llm' || kind === 'embedding'
  const stated: Stated = {
    kind,
    input: Object.keys(inputs).length === 0 ? undefined : inputs,
    output,
    usage: summary.usage,
    costUsd: summary.costUsd,
    ...(isCall ? modelsOf(inputs, output, summary) : {}),
    settings: kind === 'llm' ? settingsIn(inputs) : undefined,
    provider: providerOfOp(op),
    ...promptIn(inputs),
    toolName: kind === 'tool' ? op : undefined,
    session: row.take('thread_id'),
    workflow: parentId === undefined ? op : undefined, // a display name may differ from call to call
    environment: op.startsWith('Evaluation.') ? 'evaluation' : attributes.env,
  }
  const target = { traceId, spanId }
  readWeaveFeedback(summary.feedback ?? row.take('feedback'), target, reading)
  if (op === 'Evaluation.predict_and_score') readWeaveScores(output, target, reading)
  const name = textOf(row.take('display_name')) ?? op
  const [start, end] = [readMoment(row.take('started_at')), readMoment(row.take('ended_at'))]
  const failure = failureOf(row.take('exception'), summary.status, end.ms)
  const left = row.rest()
  if (reference !== '') left['weave.op_name'] = reference
  if (Object.keys(whole).length > 0) left['weave.summary'] = withoutFeedback(whole)
  const raw: RawSpan = {
    ...target,
    parentId,
    name,
    startMs: start.ms,
    endMs: end.ms,
    ...failure,
    stated,
    attributes: withAttributes(left, attributes),
    links: [],
    resource: Object.create(null),
    recordId,
  }
  addSpan(reading, raw, keys)
}

/** A parent's usage repeats its children's. Where the summary does not count calls, the call must look like a model's. */
function isOwnUsage(summary: WeaveSummary, inputs: JsonObject, output: Json | undefined): boolean {
  return summary.isOwn || inputs.messages !== undefined || (isObject(output) && isObject(output.usage))
}

function modelsOf(inputs: JsonObject, output: Json | undefined, { models }: WeaveSummary): Stated {
  const asked = textOf(inputs.model)
  const requestModel = asked === undefined || refOf(asked) !== undefined ? undefined : asked
  const answered = models.length === 1 ? models[0] : isObject(output) ? textOf(output.model) : undefined
  return { requestModel: requestModel ?? answered, responseModel: answered }
}

const settingNames = [
  ...['temperature', 'top_p', 'top_k', 'max_tokens', 'max_completion_tokens', 'max_output_tokens', 'stop', 'seed'],
  ...['frequency_penalty', 'presence_penalty', 'reasoning_effort', 'response_format', 'tool_choice', 'stream', 'n'],
]

function settingsIn(inputs: JsonObject): JsonObject {
  const names = settingNames.filter((name) => Object.hasOwn(inputs, name))
  return Object.fromEntries(names.map((name) => [name, inputs[name]!]))
}

/** Calls of one `status`; the exception is a whole traceback, whose last line says what happened. */
function failureOf(
  exception: Json | undefined,
  status: WeaveSummary['status'],
  endMs: number | undefined,
): Pick<RawSpan, 'status' | 'statusMessage' | 'events'> {
  if (exception === undefined) return { status: status ?? (endMs === undefined ? 'unset' : 'ok'), events: [] }
  const trace = textOf(exception)
  if (trace === undefined) return { status: 'error', events: [] }
  const statusMessage = trace.trim().split('\n').at(-1)
  const attributes = { 'exception.stacktrace': trace }
  return { status: 'error', statusMessage, events: [{ name: 'exception', timeMs: endMs, attributes }] }
}

/** The application's attributes are metadata; what Weave adds to them, and a span of OpenTelemetry, stand beside it. */
function withAttributes(left: Attributes, attributes: JsonObject): Attributes {
  const metadata: JsonObject = Object.create(null)
  for (const key of Object.keys(attributes)) {
    if (key === 'weave' || key === 'otel_span') left[key === 'weave' ? 'weave.client' : key] = attributes[key]!
    else metadata[key] = attributes[key]!
  }
  const span = isObject(attributes.otel_span) ? attributes.otel_span.attributes : undefined
  if (isObject(span)) spread(left, span, '', 10)
  if (Object.keys(metadata).length > 0) left.metadata = metadata
  return left
}

/** The summary as it is, but for the feedback, which has a place of its own. */
function withoutFeedback(summary: JsonObject): JsonObject {
  if (!isObject(summary.weave)) return summary
  const { feedback, ...weave } = summary.weave
  return { ...summary, weave }
}

/** Nested attributes under their dotted names, as the conventions know them. */
function spread(into: Attributes, object: JsonObject, prefix: string, levels: number): void {
  for (const key of Object.keys(object)) {
    const value = object[key]!
    if (isObject(value) && levels > 0) spread(into, value, `${prefix}${key}.`, levels - 1)
    else into[`${prefix}${key}`] = value
  }
}

function objectOf(value: Json | undefined): JsonObject {
  const given = value === undefined ? undefined : unpack(value)
  return isObject(given) ? given : Object.create(null)
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
