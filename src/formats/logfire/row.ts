import type { Attributes, Json } from '../../core/span.js'
import { count, text } from '../dialects/readers.js'
import type { RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import type { JsonObject } from '../json.js'
import { readPlainAttributes, readPlainEvents, readPlainLinks, readPlainStatus, readPlainTime } from '../plain-parts.js'
import { openRow, type PlatformRow } from '../platform-row.js'

/** Columns that repeat what stands in attributes, or are Logfire's own book-keeping. */
const known: ReadonlySet<string> = new Set([
  ...['is_exception', 'process_pid'],
  ...[
    'attributes_json_schema',
    'otel_scope_attributes',
    'otel_scope_version',
    'log_body',
    'project_id',
    'day',
    'created_at',
  ],
  // Of the live view: whether the row itself was searched for, and the columns that a user made.
  ...['matched_filter', 'is_extra_span', 'user_columns'],
  ...[
    'http_method',
    'http_response_status_code',
    'http_route',
    'url_full',
    'url_path',
    'url_query',
    'exception_stacktrace',
  ],
])

/** Columns that are read by their name. */
const named = ['attributes', 'otel_resource_attributes', 'otel_events', 'otel_links', 'kind', 'duration']

/** Columns that repeat resource attributes, which an answer may have without them. */
const resourceColumns = {
  service_name: 'service.name',
  service_version: 'service.version',
  service_namespace: 'service.namespace',
  service_instance_id: 'service.instance.id',
  deployment_environment: 'deployment.environment.name',
  telemetry_sdk_name: 'telemetry.sdk.name',
  telemetry_sdk_language: 'telemetry.sdk.language',
  telemetry_sdk_version: 'telemetry.sdk.version',
} as const

/** Columns that repeat attributes of a model call, which an answer may have without them. */
const callColumns = {
  gen_ai_operation_name: 'gen_ai.operation.name',
  gen_ai_system: 'gen_ai.system',
  gen_ai_request_model: 'gen_ai.request.model',
  gen_ai_response_model: 'gen_ai.response.model',
  gen_ai_response_id: 'gen_ai.response.id',
  gen_ai_usage_input_tokens: 'gen_ai.usage.input_tokens',
  gen_ai_usage_output_tokens: 'gen_ai.usage.output_tokens',
  operation_cost: 'operation.cost',
} as const

/** A row about a span, finished or not, nested within 200 levels. What is wrong is told in the reading, behind `at`. */
export function readLogfireRow(given: JsonObject, at: string, reading: Reading): RawSpan | undefined {
  const row = openRow(given, 'logfire', known, reading)
  const traceId = readId(row.take('trace_id'), 16)
  const spanId = readId(row.take('span_id'), 8)
  if (traceId === undefined || spanId === undefined) {
    reading.problems.push(`${at}trace_id, span_id: expected text; span left out`)
    return undefined
  }
  const notes: string[] = []
  const attributes: Attributes = Object.create(null)
  const unreadable = readPlainAttributes(given.attributes, attributes)
  if (unreadable > 0) notes.push(`attributes: ${unreadable} not readable; left out`)
  const isPending = given.kind === 'pending_span'
  // The table gives such a row the ids of the span that it announces; only raw exports keep those in attributes.
  if (isPending && attributes['logfire.pending_parent_id'] === undefined) delete attributes['logfire.span_type']
  restore(attributes, 'logfire.msg', row.take('message'))
  restore(attributes, 'logfire.level_num', levelOf(row.take('level')))
  for (const [column, name] of Object.entries(callColumns)) restore(attributes, name, row.take(column))
  const status = readPlainStatus(row.take('otel_status_code'))
  if (status === undefined) notes.push('otel_status_code: expected OK, ERROR or UNSET')
  const times = readTimes(row, given.duration, notes)
  const span: RawSpan = {
    traceId,
    spanId,
    parentId: readParentId(row.take('parent_span_id')),
    name: text(row.take('span_name') ?? null) ?? '',
    startMs: times.startMs,
    startNs: times.startNs,
    // A span that has only been announced has no end yet.
    endMs: isPending ? undefined : times.endMs,
    endNs: isPending ? undefined : times.endNs,
    status: status ?? 'unset',
    attributes,
    statusMessage: text(row.take('otel_status_message') ?? null),
    events: readEvents(row, given, notes),
    links: readPlainLinks(given.otel_links, notes),
    resource: readResource(row, given.otel_resource_attributes),
    scope: text(row.take('otel_scope_name') ?? null),
    stated: { tags: row.take('tags') },
  }
  for (const key of named) row.take(key)
  Object.assign(attributes, row.rest())
  for (const note of notes) reading.problems.push(`${at}${note}`)
  return span
}

function restore(attributes: Attributes, key: string, value: Json | undefined): void {
  if (value !== undefined) attributes[key] ??= value
}

const levels = new Map([
  ['trace', 1],
  ['debug', 5],
  ['info', 9],
  ['notice', 10],
  ['warn', 13],
  ['warning', 13],
  ['error', 17],
  ['fatal', 21],
])

function levelOf(level: Json | undefined): number | undefined {
  return typeof level === 'string' ? (levels.get(level) ?? count(level)) : count(level ?? null)
}

function readTimes(
  row: PlatformRow,
  duration: Json | undefined,
  notes: string[],
): Pick<RawSpan, 'startMs' | 'startNs' | 'endMs' | 'endNs'> {
  const start = readPlainTime(row.take('start_timestamp'))
  const end = readPlainTime(row.take('end_timestamp'))
  if (start.ms === undefined) notes.push('start_timestamp: expected a time')
  const seconds = count(duration ?? null)
  const computed = start.ms === undefined || seconds === undefined ? undefined : start.ms + seconds * 1000
  const endMs = end.ms ?? (computed === undefined ? undefined : Math.round(computed * 1000) / 1000)
  return { startMs: start.ms, startNs: start.ns, endMs, endNs: end.ns }
}

/** The events; the exception of a row that was queried without them. */
function readEvents(row: PlatformRow, given: JsonObject, notes: string[]): RawSpan['events'] {
  const events = readPlainEvents(given.otel_events, notes)
  const type = row.take('exception_type')
  const message = row.take('exception_message')
  if ((type ?? message) === undefined || events.some(({ name }) => name === 'exception')) return events
  const attributes: Attributes = Object.create(null)
  restore(attributes, 'exception.type', type)
  restore(attributes, 'exception.message', message)
  return [...events, { name: 'exception', attributes }]
}

function readResource(row: PlatformRow, given: Json | undefined): Attributes {
  const resource: Attributes = Object.create(null)
  readPlainAttributes(given, resource)
  for (const [column, name] of Object.entries(resourceColumns)) restore(resource, name, row.take(column))
  return resource
}
