import type { Attributes, Json } from '../../core/span.js'
import { count, text } from '../dialects/readers.js'
import type { RawSpan } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import {
  readPlainAttributes,
  readPlainEvents,
  readPlainLinks,
  readPlainStatus,
  readPlainTime,
  saysNoTime,
} from '../plain-parts.js'
import { msOfNanos } from '../time.js'
import { restoreBody } from './body.js'
import { addExtras, kindBeside } from './extras.js'

/** What the wrapper of a span knows of it. */
export interface Wrapper {
  traceId?: string
  session?: string
}

/** One span as an SDK keeps it in memory; nested within 200 levels. What is wrong is pushed to `notes`; undefined without ids. */
export function readSdkSpan(span: JsonObject, wrapper: Wrapper, notes: string[]): RawSpan | undefined {
  const own = span.spanContext ?? span._spanContext ?? span.context
  const context = isObject(own) ? own : span
  const traceId = readId(context.trace_id ?? context.traceId ?? span.traceId, 16) ?? wrapper.traceId
  const spanId = readId(context.span_id ?? context.spanId ?? span.id, 8)
  if (traceId === undefined || spanId === undefined) {
    notes.push('trace_id, span_id: expected text; span left out')
    return undefined
  }
  const attributes: Attributes = Object.create(null)
  const unreadable = readPlainAttributes(span.attributes, attributes)
  if (unreadable > 0) notes.push(`attributes: ${unreadable} not readable; left out`)
  addExtras(span, attributes)
  addProtocolFields(span, attributes)
  if (wrapper.session !== undefined && attributes['session.id'] === undefined)
    attributes['metadata.session_id'] ??= wrapper.session
  const list = span.events ?? span.span_events
  const shown = Array.isArray(list) ? list.map((event) => isObject(event) && restoreBody(event.body, attributes)) : []
  const times = readTimes(span, notes)
  const { status, statusMessage } = readStatus(span, notes)
  return {
    traceId,
    spanId,
    parentId: parentOf(span),
    name: typeof span.name === 'string' ? span.name : '',
    startMs: times.startMs,
    startNs: times.startNs,
    endMs: times.endMs,
    endNs: times.endNs,
    status,
    statusMessage,
    attributes,
    events: readPlainEvents(list, notes),
    links: readPlainLinks(span.links, notes),
    resource: resourceOf(span.resource),
    scope: scopeOf(span),
    defaultKind: kindBeside(span) ?? shown.find((kind) => typeof kind === 'string'),
  }
}

function parentOf(span: JsonObject): string | undefined {
  const outer = span.parentSpanContext ?? span.parent_span_context ?? span.parent
  const inner = isObject(outer) ? outer : undefined
  const given = span.parent_span_id ?? span.parent_id ?? span.parentSpanId ?? span.parentId
  return readParentId(
    given ?? inner?.span_id ?? inner?.spanId ?? (typeof span.parent === 'string' ? span.parent : null),
  )
}

/** Start and end; where there is no end, it follows from how long the span took. */
function readTimes(span: JsonObject, notes: string[]): Pick<RawSpan, 'startMs' | 'startNs' | 'endMs' | 'endNs'> {
  const given = span.start_time ?? span.startTime ?? span.start_time_unix_nano ?? span.startTimeUnixNano
  const startTime = given ?? span.timestamp
  const endTime = span.end_time ?? span.endTime ?? span.end_time_unix_nano ?? span.endTimeUnixNano
  const start = readPlainTime(startTime)
  const end = readPlainTime(endTime)
  if (start.ms === undefined && !isUnset(startTime)) notes.push('start_time: expected a time')
  if (end.ms === undefined && !isUnset(endTime)) notes.push('end_time: expected a time')
  const took = start.ms === undefined || endTime !== undefined ? undefined : tookMs(span, given === undefined)
  const endMs = end.ms ?? (took === undefined ? undefined : Math.round((start.ms! + took) * 1000) / 1000)
  return { startMs: start.ms, startNs: start.ns, endMs, endNs: end.ns }
}

/** JavaScript's pair of zeros is a span that has not ended. */
function isUnset(value: Json | undefined): boolean {
  return saysNoTime(value) || (Array.isArray(value) && value[0] === 0 && value[1] === 0)
}

/** How long a span took, in milliseconds; OpenTelemetry's console exporter for JavaScript counts microseconds. */
function tookMs(span: JsonObject, isConsole: boolean): number | undefined {
  const pair = span.duration ?? span._duration
  if (Array.isArray(pair)) {
    const [seconds, nanos] = pair.map(count)
    return seconds === undefined || nanos === undefined ? undefined : seconds * 1000 + nanos / 1e6
  }
  const nanos = count(span.duration_ns ?? span.durationNano ?? null)
  if (nanos !== undefined) return msOfNanos(String(Math.round(Math.min(nanos, 1e18))))
  const micros = isConsole ? count(span.duration ?? null) : undefined
  return count(span.duration_ms ?? null) ?? (micros === undefined ? undefined : micros / 1000)
}

function readStatus(span: JsonObject, notes: string[]): Pick<RawSpan, 'status' | 'statusMessage'> {
  // Data Prepper writes the code beside the span, under a flat name.
  const code = span.status ?? span.status_code ?? span['status.code']
  const given = isObject(code) ? code : { code: code ?? null }
  const status = readPlainStatus(given.code ?? given.status_code)
  if (status === undefined) notes.push('status: expected OK, ERROR or UNSET')
  const message = given.description ?? given.message ?? span.status_description ?? span.status_message
  const failed = status !== 'ok' && typeof span.error === 'string' && span.error !== ''
  return { status: failed ? 'error' : (status ?? 'unset'), statusMessage: text(message ?? null) }
}

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

/** OpenTelemetry's kind and its count of dropped attributes, under the names of its mapping to other formats. */
function addProtocolFields(span: JsonObject, attributes: Attributes): void {
  const { kind } = span
  // JavaScript counts its kinds from 0, OTLP from 1.
  const isJavaScript = span.startTimeUnixNano === undefined && span.start_time_unix_nano === undefined
  const word =
    typeof kind === 'string'
      ? kind.replace(/^(?:SpanKind\.|SPAN_KIND_)/, '').toLowerCase()
      : typeof kind === 'number'
        ? kinds[isJavaScript ? kind + 1 : kind]
        : undefined
  if (word !== undefined && kinds.indexOf(word) > 1) attributes['span.kind'] ??= word
  const dropped = count(
    span.droppedAttributesCount ?? span.dropped_attributes_count ?? span._droppedAttributesCount ?? null,
  )
  if (dropped !== undefined && dropped > 0) attributes['otel.dropped_attributes_count'] ??= dropped
}

function resourceOf(resource: Json | undefined): Attributes {
  const attributes: Attributes = Object.create(null)
  if (!isObject(resource)) return attributes
  const inner = resource._rawAttributes ?? resource.attributes ?? resource._attributes ?? resource._memoizedAttributes
  readPlainAttributes(inner ?? resource, attributes)
  return attributes
}

function scopeOf(span: JsonObject): string | undefined {
  const named = span.scope ?? span.instrumentation_scope ?? span.instrumentationScope ?? span.instrumentationLibrary
  const given = named ?? span.instrumentation_library ?? span.instrumentation_info
  return text((isObject(given) ? given.name : given) ?? null)
}
