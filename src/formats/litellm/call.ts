import type { Attributes, Json, SpanStatus } from '../../core/span.js'
import { answerOfCall, askedOfCall, settingsOfCall } from '../bodies/exchange.js'
import { modelOfBody, ofUsage } from '../bodies/usage.js'
import { count } from '../dialects/readers.js'
import type { RawSpan, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import type { Stated, StatedUsage } from '../stated.js'
import { readMoment } from '../time.js'
import { kindOfCall } from './kinds.js'
import { fallbackOf, takeMetadata } from './metadata.js'
import { stepsIn } from './steps.js'

/** Keys that are kept as attributes. */
const known = new Set([
  ...['completionStartTime', 'response_time', 'stream', 'cache_key', 'saved_cache_cost', 'cost_breakdown', 'call_id'],
  ...['total_tokens', 'model_id', 'model_group', 'api_base', 'requester_ip_address', 'user_agent', 'hidden_params'],
  ...['status_fields', 'standard_built_in_tools_params', 'mcp_namespaced_tool_name', 'agent_id', 'user', 'status_code'],
  ...['response_cost_failure_debug_info', 'requester_custom_headers', 'exception_type', 'organization_id', 'cache_hit'],
  ...['created_at', 'updated_at', 'error_str', 'error_information'],
])

/** A call as a span, and what stands beside it. */
export interface ReadCall {
  raw: RawSpan
  /** What LiteLLM did inside of the call: searches of vector stores, runs of guardrails. */
  steps: JsonObject[]
}

/** One call; undefined, with a problem, without an id. */
export function readCall(record: JsonObject, reading: Reading): ReadCall | undefined {
  const { problems } = reading
  const row = openRow(withoutNone(record), 'litellm', known, reading)
  const id = readId(textOf(row.take('id', 'request_id')), 16)
  if (id === undefined) {
    problems.push('id: expected text; span left out')
    return undefined
  }
  row.take('api_key') // a secret, or the hash of one
  row.take('model_map_information') // LiteLLM's price list, the same in every call to the model
  const metadata = takeMetadata(row, problems)
  const steps = stepsIn(row.take('guardrail_information'), metadata.object)
  const callType = textOf(row.take('call_type')) ?? 'completion'
  const model = textOf(row.take('model', 'litellm_model_name'))
  const start = moment(row, 'startTime', problems)
  const end = moment(row, 'endTime', problems)
  const tookMs = count(row.take('request_duration_ms') ?? null)
  const outcome = takeOutcome(row, metadata.object)
  const exchange = takeExchange(row)
  const raw: RawSpan = {
    traceId: readId(textOf(row.take('trace_id', 'session_id')), 16) ?? id,
    spanId: id,
    name: model === undefined ? callType : `${callType} ${model}`,
    startMs: start.ms,
    startNs: start.ns,
    endMs: end.ms ?? (start.ms !== undefined && tookMs !== undefined ? start.ms + tookMs : undefined),
    endNs: end.ns,
    status: outcome.status,
    statusMessage: outcome.message,
    attributes: Object.create(null),
    events: [],
    links: [],
    resource: Object.create(null),
    stated: {
      kind: kindOfCall(callType),
      ...takeAmounts(row, exchange.body, metadata.object, problems),
      ...metadata.stated(row),
      requestModel: model,
      responseModel: modelOfBody(exchange.body),
      provider: row.take('custom_llm_provider'),
      settings: exchange.settings,
      input: exchange.input,
      output: exchange.output,
      tags: row.take('request_tags'),
    },
    defaultKind: 'llm',
  }
  const attributes: Attributes = Object.assign(row.rest(), metadata.attributes, outcome.attributes)
  return { raw: { ...raw, attributes, fallbackFrom: fallbackOf(metadata.object) }, steps }
}

/** The proxy writes Python's `None` as text into columns that are empty. */
function withoutNone(record: JsonObject): JsonObject {
  const clean: JsonObject = Object.create(null)
  for (const key of Object.keys(record)) if (record[key] !== 'None') clean[key] = record[key]!
  return clean
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined
}

function moment(row: PlatformRow, key: string, problems: string[]): { ms?: number; ns?: string } {
  const value = row.take(key)
  const read = readMoment(value)
  if (value !== undefined && read.ms === undefined) problems.push(`${key}: expected a time`)
  return read
}

/** Whether the call failed; the proxy keeps the reason in its metadata, and in a table of errors of its own. */
function takeOutcome(
  row: PlatformRow,
  metadata: JsonObject,
): { status: SpanStatus; message: string | undefined; attributes: Attributes } {
  const word = row.take('status') ?? metadata.status
  const given = unpack(row.take('error_information') ?? metadata.error_information ?? null)
  const error = isObject(given) ? given : {}
  const message = textOf(error.error_message) || textOf(row.take('error_str', 'exception_string'))
  const attributes: Attributes = Object.create(null)
  if (textOf(error.error_class)) attributes['error.type'] = error.error_class!
  const code = count(error.error_code ?? null)
  if (code !== undefined) attributes['http.response.status_code'] = code
  if (typeof error.traceback === 'string' && error.traceback !== '')
    attributes['exception.stacktrace'] = error.traceback
  const status = word === 'success' ? 'ok' : word === 'failure' || message ? 'error' : 'unset'
  return { status, message: message || undefined, attributes }
}

function takeExchange(row: PlatformRow): { input?: Json; output?: Json; settings?: Json; body?: Json } {
  const parameters = unpack(row.take('model_parameters', 'request_kwargs') ?? null)
  const sent = unpack(row.take('proxy_server_request') ?? null)
  const messages = unpack(row.take('messages') ?? null)
  const body = answerOfCall(row.take('response'))
  const asked = isEmpty(messages) || isRedacted(messages) ? (isObject(sent) ? askedOfCall(sent) : undefined) : messages
  const settings = isObject(parameters) ? parameters : isObject(sent) ? sent : {}
  return {
    ...(asked !== undefined && { input: asked }),
    ...(body !== undefined && !isRedacted(body) && { output: body }),
    ...(body !== undefined && { body }),
    settings: settingsOfCall(settings),
  }
}

function isEmpty(value: Json): boolean {
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** The text that stands where the proxy was told to keep none. */
const redacted = 'redacted-by-litellm'

function isRedacted(value: Json): boolean {
  if (value === redacted) return true
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => isObject(item) && item.content === redacted)
  if (!isObject(value)) return false
  if (value.text === redacted || value.content === redacted) return true
  const choices = Array.isArray(value.choices) ? value.choices : []
  return choices.some((choice) => isObject(choice) && isObject(choice.message) && choice.message.content === redacted)
}

/** Zero tokens and zero dollars are what a call starts with: unknown, unless the one or the other is known. */
function takeAmounts(
  row: PlatformRow,
  body: Json | undefined,
  metadata: JsonObject,
  problems: string[],
): Pick<Stated, 'usage' | 'costUsd'> {
  const numberAt = (...names: string[]) => {
    const value = row.take(...names)
    const number = value === undefined ? undefined : count(value)
    if (value !== undefined && number === undefined) problems.push(`${names[0]}: expected a number from 0`)
    return number
  }
  const input = numberAt('prompt_tokens')
  const output = numberAt('completion_tokens')
  const cost = numberAt('response_cost', 'spend')
  const details = isObject(metadata.usage_object) ? metadata.usage_object : isObject(body) ? body.usage : undefined
  const hasTokens = (input ?? 0) + (output ?? 0) > 0
  const parts = isObject(details) ? ofUsage(details) : {}
  // The columns count as OpenAI does: cache parts are inside.
  const usage: StatedUsage = { ...parts, input, output, normalised: undefined }
  const isPriced = cost !== undefined && (cost > 0 || hasTokens)
  return { ...(hasTokens && { usage }), ...(isPriced && { costUsd: cost }) }
}
