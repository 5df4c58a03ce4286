import type { Attributes, Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'

/** True for a span as Go's stdout exporter writes it: all names of its own have a capital. */
export function isGoSpan(record: JsonObject): boolean {
  const context = record.SpanContext
  return isObject(context) && typeof context.TraceID === 'string' && record.StartTime !== undefined
}

/** What Go names in its own way → the name that the other SDKs have for it. */
const names: Readonly<Record<string, string>> = {
  Name: 'name',
  StartTime: 'start_time',
  EndTime: 'end_time',
  DroppedAttributes: 'dropped_attributes_count',
  DroppedEvents: 'dropped_events_count',
  DroppedLinks: 'dropped_links_count',
}

/** Read below, or said already by what is read: the library is the scope's older name, the children come as spans. */
const others: ReadonlySet<string> = new Set([
  ...['SpanContext', 'Parent', 'SpanKind', 'Status', 'Attributes', 'Events', 'Links', 'Resource'],
  ...['InstrumentationScope', 'InstrumentationLibrary', 'ChildSpanCount'],
])

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

/** The same span under the names of the other SDKs; nested within 200 levels. What is unknown stays beside it. */
export function plainGoSpan(span: JsonObject): JsonObject {
  const plain: JsonObject = Object.create(null)
  for (const key of Object.keys(span)) {
    if (others.has(key)) continue
    plain[Object.hasOwn(names, key) ? names[key]! : key] = isZeroTime(span[key]!) ? null : span[key]!
  }
  const status = isObject(span.Status) ? span.Status : {}
  return Object.assign(plain, {
    context: contextOf(span.SpanContext),
    parent: contextOf(span.Parent),
    kind: (typeof span.SpanKind === 'number' ? kinds[span.SpanKind] : undefined) ?? null,
    status: { code: status.Code ?? null, description: status.Description ?? null },
    attributes: attributesOf(span.Attributes),
    events: span.Events === undefined ? null : listOf(span.Events, eventOf),
    links: span.Links === undefined ? null : listOf(span.Links, linkOf),
    resource: attributesOf(span.Resource),
    scope: scopeOf(span.InstrumentationScope) ?? scopeOf(span.InstrumentationLibrary) ?? null,
  })
}

/** Go writes a time that was never set as the first moment of its calendar. */
function isZeroTime(value: Json): boolean {
  return typeof value === 'string' && value.startsWith('0001-01-01T00:00:00')
}

function contextOf(given: Json | undefined): JsonObject {
  return isObject(given) ? { trace_id: given.TraceID ?? null, span_id: given.SpanID ?? null } : {}
}

function listOf(given: Json, plain: (item: JsonObject) => Json): Json {
  return Array.isArray(given) ? given.map((item) => (isObject(item) ? plain(item) : item)) : given
}

function eventOf(event: JsonObject): Json {
  return { name: event.Name ?? null, timestamp: event.Time ?? null, attributes: attributesOf(event.Attributes) }
}

function linkOf(link: JsonObject): Json {
  return { context: contextOf(link.SpanContext), attributes: attributesOf(link.Attributes) }
}

/** A list of `{Key, Value: {Type, Value}}` as a map; what is no such list is left for the reader of attributes to refuse. */
function attributesOf(given: Json | undefined): Json {
  if (!Array.isArray(given)) return given ?? null
  const attributes: Attributes = Object.create(null)
  for (const entry of given) {
    if (!isObject(entry) || typeof entry.Key !== 'string') continue
    const value = isObject(entry.Value) ? entry.Value.Value : entry.Value
    if (value !== undefined) attributes[entry.Key] = value
  }
  return attributes
}

function scopeOf(given: Json | undefined): Json | undefined {
  return isObject(given) && typeof given.Name === 'string' && given.Name !== '' ? { name: given.Name } : undefined
}
