import type { Attributes, Json } from '../../core/span.js'
import type { RawSpan } from '../format.js'
import { isZero, readId, readParentId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { msOfNanos, readNanos } from '../time.js'
import { readAttributes } from './value.js'

/** Where a span stands in its record, and the resource it shares with its neighbours. */
export interface Source {
  path: string
  resource: Attributes
}

/** The attributes of a Resource; unreadable ones are left out. */
export function readResource(resource: Json | undefined): Attributes {
  const attributes: Attributes = Object.create(null)
  if (isObject(resource)) readAttributes(resource.attributes, attributes)
  return attributes
}

/**
 * One span of OTLP JSON. What is wrong with it is pushed to `notes`, without its place. Undefined when it cannot be identified;
 * everything else that is wrong costs only itself.
 */
export function readSpan(span: Json, source: Source, scope: string | undefined, notes: string[]): RawSpan | undefined {
  if (!isObject(span)) {
    notes.push('expected an object; span left out')
    return undefined
  }
  const traceId = readId(span.traceId ?? span.trace_id, 16)
  const spanId = readId(span.spanId ?? span.span_id, 8)
  if (traceId === undefined || spanId === undefined) {
    notes.push(`${traceId === undefined ? 'traceId' : 'spanId'}: expected hex or base64 text; span left out`)
    return undefined
  }
  if (isZero(traceId) || isZero(spanId)) notes.push('id of zeros only; spans that share it overwrite each other')
  const attributes: Attributes = Object.create(null)
  const unreadable = readAttributes(span.attributes, attributes)
  if (unreadable > 0) notes.push(`attributes: ${unreadable} not readable as {key, value} within 200 levels; left out`)
  addProtocolFields(span, attributes)
  const startNs = readTime(span.startTimeUnixNano ?? span.start_time_unix_nano, 'startTimeUnixNano', notes)
  const endNs = readTime(span.endTimeUnixNano ?? span.end_time_unix_nano, 'endTimeUnixNano', notes)
  const status = isObject(span.status) ? span.status : undefined
  const message = status?.message
  return {
    traceId,
    spanId,
    parentId: readParentId(span.parentSpanId ?? span.parent_span_id),
    name: typeof span.name === 'string' ? span.name : '',
    startMs: startNs === undefined ? undefined : msOfNanos(startNs),
    endMs: endNs === undefined ? undefined : msOfNanos(endNs),
    startNs,
    endNs,
    status: status === undefined ? 'unset' : readStatusCode(status.code),
    statusMessage: typeof message === 'string' && message !== '' ? message : undefined,
    attributes,
    events: readEvents(span.events, notes),
    links: readLinks(span.links, notes),
    resource: source.resource,
    scope,
  }
}

const spanKinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']

/** Fields of the protocol that a span of ours has no place for, under the names of OpenTelemetry's mapping to other formats. */
function addProtocolFields(span: JsonObject, attributes: Attributes): void {
  const kind = typeof span.kind === 'string' ? spanKinds.indexOf(span.kind.replace('SPAN_KIND_', '')) : span.kind
  if (typeof kind === 'number' && kind > 1 && spanKinds[kind] !== undefined)
    attributes['span.kind'] = spanKinds[kind].toLowerCase()
  const dropped = span.droppedAttributesCount ?? span.dropped_attributes_count
  if (typeof dropped === 'number' && dropped > 0) attributes['otel.dropped_attributes_count'] = dropped
  const state = span.traceState ?? span.trace_state
  if (typeof state === 'string' && state !== '') attributes['w3c.tracestate'] = state
}

/** 0 or absent is an unfinished span, not a mistake. */
function readTime(value: Json | undefined, key: string, notes: string[]): string | undefined {
  const digits = readNanos(value)
  if (digits === undefined && value !== undefined && value !== null && value !== 0 && value !== '0' && value !== '')
    notes.push(`${key}: expected nanoseconds as digits; time left out`)
  return digits
}

function readStatusCode(code: Json | undefined): RawSpan['status'] {
  if (code === 2) return 'error'
  if (code === 1) return 'ok'
  if (typeof code !== 'string') return 'unset'
  const name = code.replace('STATUS_CODE_', '').toUpperCase()
  if (name === 'ERROR' || name === '2') return 'error'
  return name === 'OK' || name === '1' ? 'ok' : 'unset'
}

function readEvents(list: Json | undefined, notes: string[]): RawSpan['events'] {
  if (list === undefined || list === null) return []
  const events: RawSpan['events'] = []
  const items = Array.isArray(list) ? list : []
  for (const event of items) {
    // Protobuf's JSON leaves out text that is empty.
    const name = isObject(event) ? (event.name ?? '') : undefined
    if (!isObject(event) || typeof name !== 'string') continue
    const nanos = readNanos(event.timeUnixNano ?? event.time_unix_nano)
    const timeMs = nanos === undefined ? undefined : msOfNanos(nanos)
    events.push({ name, timeMs, attributes: readSome(event.attributes) })
  }
  if (events.length < items.length || items !== list)
    notes.push('events: expected a list of objects whose name is text; others left out')
  return events
}

function readLinks(list: Json | undefined, notes: string[]): RawSpan['links'] {
  if (list === undefined || list === null) return []
  const links: RawSpan['links'] = []
  const items = Array.isArray(list) ? list : []
  for (const link of items) {
    const traceId = isObject(link) ? readId(link.traceId ?? link.trace_id, 16) : undefined
    const spanId = isObject(link) ? readId(link.spanId ?? link.span_id, 8) : undefined
    if (!isObject(link) || traceId === undefined || spanId === undefined) continue
    links.push({ traceId, spanId, attributes: readSome(link.attributes) })
  }
  if (links.length < items.length || items !== list)
    notes.push('links: expected a list of objects with ids; others left out')
  return links
}

/** Attributes of an event or link; undefined when there is none. */
function readSome(source: Json | undefined): Attributes | undefined {
  const attributes: Attributes = Object.create(null)
  readAttributes(source, attributes)
  for (const _ in attributes) return attributes
  return undefined
}
