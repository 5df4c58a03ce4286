import type { Attributes, Json } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import type { RawSpan } from '../format.js'
import { isZero, readId } from '../ids.js'
import { isObject, isShallow, type JsonObject } from '../json.js'
import { readPlainStatus } from '../plain-parts.js'

/** An id of Jaeger as OpenTelemetry writes it: Jaeger drops leading zeros, and half of a trace id that is 64 bits long. */
export function readJaegerId(value: Json | undefined, bytes: 16 | 8): string | undefined {
  const id = readId(value, bytes)
  return id === undefined || !/^[0-9a-f]+$/.test(id) ? id : id.padStart(bytes * 2, '0')
}

/**
 * One span, with its attributes as they were before Jaeger made tags of them. What is wrong is pushed to `notes`. Undefined when it
 * cannot be identified.
 */
export function readJaegerSpan(
  span: Json,
  traceOf: string | undefined,
  processes: ReadonlyMap<string, Attributes>,
  notes: string[],
): RawSpan | undefined {
  const traceId = isObject(span) ? (readJaegerId(span.traceID, 16) ?? traceOf) : undefined
  const spanId = isObject(span) ? readJaegerId(span.spanID, 8) : undefined
  if (!isObject(span) || traceId === undefined || spanId === undefined) {
    notes.push('traceID, spanID: expected text; span left out')
    return undefined
  }
  const attributes: Attributes = Object.create(null)
  const unreadable = readTags(span.tags, attributes)
  if (unreadable > 0) notes.push(`tags: ${unreadable} not readable as {key, value} within 200 levels; left out`)
  const resource = resourceOf(span, processes, attributes)
  if (Array.isArray(span.warnings) && span.warnings.length > 0 && isShallow(span.warnings))
    attributes['jaeger.warnings'] = span.warnings
  const { parentId, links } = readReferences(span, traceId, notes)
  const times = readTimes(span, notes)
  const { status, statusMessage } = takeStatus(attributes)
  return {
    traceId,
    spanId,
    parentId,
    name: typeof span.operationName === 'string' ? span.operationName : '',
    startMs: times.startMs,
    endMs: times.endMs,
    status,
    statusMessage,
    scope: takeText(attributes, 'otel.scope.name') ?? takeText(attributes, 'otel.library.name'),
    attributes,
    events: readLogs(span.logs, notes),
    links,
    resource,
  }
}

/** Tags into `into`, as attributes. Returns how many could not be read and were left out. */
function readTags(tags: Json | undefined, into: Attributes): number {
  if (tags === undefined || tags === null) return 0
  if (!Array.isArray(tags)) return 1
  let unreadable = 0
  for (const tag of tags) {
    const value = isObject(tag) ? (tag.value ?? null) : undefined
    if (isObject(tag) && typeof tag.key === 'string' && value !== undefined && isShallow(value)) into[tag.key] = value
    else unreadable++
  }
  return unreadable
}

function resourceOf(span: JsonObject, processes: ReadonlyMap<string, Attributes>, attributes: Attributes): Attributes {
  const id = span.processID
  const known = typeof id === 'string' ? processes.get(id) : undefined
  if (known !== undefined) return known
  if (span.process === undefined && typeof id === 'string' && id !== '') attributes['jaeger.process_id'] = id
  return readProcess(span.process)
}

/** A service and its tags as the resource attributes that they were; Jaeger's Elasticsearch store keeps them in the span. */
export function readProcess(given: Json | undefined): Attributes {
  const resource: Attributes = Object.create(null)
  if (!isObject(given)) return resource
  readTags(given.tags, resource)
  if (typeof given.serviceName === 'string' && given.serviceName !== '') resource['service.name'] = given.serviceName
  return resource
}

/** Microseconds since 1970, and how many of them it took. */
function readTimes(span: JsonObject, notes: string[]): Pick<RawSpan, 'startMs' | 'endMs'> {
  const start = count(span.startTime ?? null)
  const took = count(span.duration ?? null)
  if (start === undefined) notes.push('startTime: expected microseconds; times left out')
  else if (took === undefined) notes.push('duration: expected microseconds; end left out')
  if (start === undefined || start === 0 || start > 1e17) return {}
  return { startMs: start / 1000, endMs: took === undefined || took > 1e17 ? undefined : (start + took) / 1000 }
}

/** The first span that this one is a child of, in its own trace; every other reference is a link. */
function readReferences(span: JsonObject, traceId: string, notes: string[]): Pick<RawSpan, 'parentId' | 'links'> {
  const links: RawSpan['links'] = []
  const given = span.references ?? []
  const list = Array.isArray(given) ? given : []
  let parentId: string | undefined
  let unreadable = list === given ? 0 : 1
  for (const reference of list) {
    const spanId = isObject(reference) ? readJaegerId(reference.spanID, 8) : undefined
    if (!isObject(reference) || spanId === undefined) unreadable++
    else {
      const to = readJaegerId(reference.traceID, 16) ?? traceId
      if (reference.refType === 'CHILD_OF' && to === traceId && parentId === undefined) parentId = spanId
      else links.push({ traceId: to, spanId })
    }
  }
  if (unreadable > 0) notes.push('references: expected a list of objects with spanID; others left out')
  parentId ??= readJaegerId(span.parentSpanID, 8)
  return { parentId: parentId === undefined || isZero(parentId) ? undefined : parentId, links }
}

/** The status that OpenTelemetry's exporters put into tags, or OpenTracing's `error`; it leaves the tags. */
function takeStatus(attributes: Attributes): Pick<RawSpan, 'status' | 'statusMessage'> {
  const word = takeText(attributes, 'otel.status_code')
  const statusMessage = takeText(attributes, 'otel.status_description')
  const { error } = attributes
  const isFlag = error === true || error === false || error === 'true' || error === 'false'
  if (isFlag) delete attributes.error
  const status = error === true || error === 'true' ? 'error' : (readPlainStatus(word) ?? 'unset')
  return { status, statusMessage }
}

function takeText(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key]
  if (typeof value !== 'string' || value === '') return undefined
  delete attributes[key]
  return value
}

/** Logs are events; the field `event` (or OpenTracing's `message`) names one. */
function readLogs(logs: Json | undefined, notes: string[]): RawSpan['events'] {
  const list = Array.isArray(logs) ? logs : []
  const events: RawSpan['events'] = []
  for (const log of list) {
    if (!isObject(log)) continue
    const fields: Attributes = Object.create(null)
    readTags(log.fields, fields)
    const name = takeText(fields, 'event') ?? takeText(fields, 'message')
    const micros = count(log.timestamp ?? null)
    const attributes = Object.keys(fields).length === 0 ? undefined : fields
    events.push({ name: name ?? 'log', timeMs: micros === undefined ? undefined : micros / 1000, attributes })
  }
  if (events.length < list.length || (list !== logs && logs !== undefined && logs !== null))
    notes.push('logs: expected a list of objects; others left out')
  return events
}
