import type { Attributes, Json, SpanEvent } from '../../core/span.js'
import { text } from '../dialects/readers.js'
import type { RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, isShallow, type JsonObject } from '../json.js'
import { readPlainAttributes, readPlainEvents, readPlainLinks, readPlainStatus, readPlainTime } from '../plain-parts.js'
import { openRow } from '../platform-row.js'

const known: ReadonlySet<string> = new Set(['trace_state', 'resource_schema_url', 'scope_schema_url'])

/** Members that are read by their name. */
const named = ['trace_id', 'span_id', 'span_attributes', 'resource_attributes', 'events', 'links', 'logs']

/** One span of a tree without its children. What is wrong is pushed to `notes`; undefined when it cannot be identified. */
export function readTreeSpan(
  span: Json,
  traceOf: string | undefined,
  parentOf: string | undefined,
  notes: string[],
  reading: Reading,
): RawSpan | undefined {
  const own = isObject(span) ? ownMembers(span, notes) : undefined
  const traceId = own && (readId(own.trace_id, 16) ?? traceOf)
  const spanId = own && readId(own.span_id, 8)
  if (own === undefined || traceId === undefined || spanId === undefined) {
    notes.push('trace_id, span_id: expected text; span left out')
    return undefined
  }
  const row = openRow(own, 'span-tree', known, reading)
  for (const key of named) row.take(key)
  const attributes: Attributes = Object.create(null)
  const resource: Attributes = Object.create(null)
  const unreadable =
    readPlainAttributes(own.span_attributes, attributes) + readPlainAttributes(own.resource_attributes, resource)
  if (unreadable > 0) notes.push(`span_attributes, resource_attributes: ${unreadable} not readable; left out`)
  const service = text(row.take('service_name') ?? null)
  if (service !== undefined) resource['service.name'] ??= service
  const version = row.take('scope_version')
  if (version !== undefined) attributes['otel.scope.version'] ??= version
  const kind = text(row.take('span_kind') ?? null)?.toLowerCase()
  if (kind !== undefined && kind !== 'internal') attributes['span.kind'] ??= kind
  const status = readPlainStatus(row.take('status_code'))
  if (status === undefined) notes.push('status_code: expected Ok, Error or Unset')
  const start = readPlainTime(row.take('timestamp'))
  if (start.ms === undefined) notes.push('timestamp: expected a time')
  const events = readPlainEvents(own.events, notes)
  readLogs(own.logs, attributes, events)
  const given: RawSpan = {
    traceId,
    spanId,
    name: text(row.take('span_name', 'name') ?? null) ?? '',
    parentId: readParentId(row.take('parent_span_id')) ?? parentOf,
    startMs: start.ms,
    startNs: start.ns,
    endMs: endOf(start.ms, row.take('duration'), notes),
    status: status ?? 'unset',
    statusMessage: text(row.take('status_message') ?? null),
    attributes,
    events,
    links: readPlainLinks(own.links, notes),
    resource,
    scope: text(row.take('scope_name') ?? null),
  }
  Object.assign(attributes, row.rest())
  return given
}

/** The members of a span but its children; what is nested deeper than 200 levels is left out. */
function ownMembers(span: JsonObject, notes: string[]): JsonObject {
  const own: JsonObject = Object.create(null)
  for (const key of Object.keys(span)) {
    if (key === 'child_spans') continue
    if (isShallow(span[key]!)) own[key] = span[key]!
    else notes.push('a member nested deeper than 200 levels; left out')
  }
  return own
}

function endOf(startMs: number | undefined, duration: Json | undefined, notes: string[]): number | undefined {
  if (duration === undefined) return undefined
  const took = typeof duration === 'string' ? msOfDuration(duration) : undefined
  if (took === undefined) notes.push('duration: expected an ISO 8601 duration')
  return startMs === undefined || took === undefined ? undefined : Math.round((startMs + took) * 1000) / 1000
}

const isoDuration = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:[.,]\d{1,12})?)S)?)?$/

/** Milliseconds of `PT5M18.73S`; undefined for anything else, and for months and years, whose length varies. */
function msOfDuration(text: string): number | undefined {
  const [whole, days = '0', hours = '0', minutes = '0', seconds = '0'] = isoDuration.exec(text) ?? []
  if (whole === undefined || whole.length < 3) return undefined
  const clock = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes)
  return clock * 60_000 + Number(seconds.replace(',', '.')) * 1000
}

/**
 * Logs of a span. Those of a traced function hold its arguments and output, which become those of the span where its attributes
 * have none; any other is an event.
 */
function readLogs(given: Json | undefined, attributes: Attributes, events: SpanEvent[]): void {
  for (const log of Array.isArray(given) ? given : []) {
    if (!isObject(log)) continue
    const body = log.body ?? null
    const isCall = isObject(body) && (body['function.arguments'] !== undefined || body['function.output'] !== undefined)
    if (isCall) {
      attributes['input.value'] ??= body['function.arguments'] ?? null
      attributes['output.value'] ??= body['function.output'] ?? null
      if (body['function.name'] !== undefined) attributes['function.name'] ??= body['function.name']
      continue
    }
    const found: Attributes = Object.create(null)
    readPlainAttributes(log.log_attributes, found)
    if (body !== null) found.body = body
    if (typeof log.severity_text === 'string' && log.severity_text !== '') found.severity_text = log.severity_text
    events.push({ name: 'log', timeMs: readPlainTime(log.timestamp).ms, attributes: found })
  }
}
