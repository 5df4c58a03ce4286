import type { Attributes, Json } from '../core/span.js'
import type { RawSpan } from './format.js'
import { readId } from './ids.js'
import { isObject, isShallow, unpack } from './json.js'
import { readAttributes } from './otlp/value.js'
import { msOfNanos, readMoment } from './time.js'

/**
 * Attributes as SDKs and tools dump them, into `into`: a plain map, JSON text of one, OTLP's list of `{key, value}`, or a list of
 * `[key, value]` pairs. Returns how many could not be read (no key, nested deeper than 200 levels) and were left out.
 */
export function readPlainAttributes(source: Json | undefined, into: Attributes): number {
  const given = source === undefined ? null : unpack(source)
  if (given === null || given === '') return 0
  if (Array.isArray(given)) return given.some(Array.isArray) ? readPairs(given, into) : readAttributes(given, into)
  if (!isObject(given)) return 1
  let unreadable = 0
  for (const key of Object.keys(given)) {
    const value = given[key]!
    if (isShallow(value)) into[key] = value
    else unreadable++
  }
  return unreadable
}

function readPairs(pairs: readonly Json[], into: Attributes): number {
  let unreadable = 0
  for (const pair of pairs) {
    const [key, value] = Array.isArray(pair) ? pair : []
    if (typeof key === 'string' && value !== undefined && isShallow(value)) into[key] = value
    else unreadable++
  }
  return unreadable
}

/** A moment in any form of `readMoment`, or JavaScript's pair of whole seconds and nanoseconds. Empty for 0 and anything else. */
export function readPlainTime(value: Json | undefined): { ms?: number; ns?: string } {
  if (!Array.isArray(value)) return readMoment(value)
  const [seconds, nanos] = value
  if (value.length !== 2 || !isWhole(seconds, 1e11) || !isWhole(nanos, 1e9) || seconds === 0) return {}
  const ns = `${seconds}${String(nanos).padStart(9, '0')}`
  return { ms: msOfNanos(ns), ns }
}

function isWhole(value: Json | undefined, below: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < below
}

/** A status by its word (`OK`, `StatusCode.ERROR`, `STATUS_CODE_UNSET`) or OTLP's number; undefined for any other. */
export function readPlainStatus(code: Json | undefined): RawSpan['status'] | undefined {
  if (code === undefined || code === null || code === '') return 'unset'
  const word = typeof code === 'string' ? code.replace(/^status_?code[._]/i, '').toLowerCase() : code
  if (word === 'ok' || word === 1 || word === '1') return 'ok'
  if (word === 'error' || word === 2 || word === '2') return 'error'
  return word === 'unset' || word === 0 || word === '0' ? 'unset' : undefined
}

/** Events of a dump: a list of objects, or JSON text of one, each with a name, a time and attributes (ClickHouse writes them with capitals). */
export function readPlainEvents(source: Json | undefined, notes: string[]): RawSpan['events'] {
  const given = source === undefined ? null : unpack(source)
  if (given === null || given === '') return []
  const events: RawSpan['events'] = []
  const items = Array.isArray(given) ? given : []
  for (const event of items) {
    const name = isObject(event) ? (event.name ?? event.event_name ?? event.Name) : undefined
    if (!isObject(event) || typeof name !== 'string') continue
    const nanos = event.time_unix_nano ?? event.timeUnixNano
    const time = event.timestamp ?? event.time ?? event.event_timestamp ?? event.Timestamp ?? nanos
    const attributes: Attributes = Object.create(null)
    readPlainAttributes(event.attributes ?? event.Attributes, attributes)
    events.push({ name, timeMs: readPlainTime(time).ms, attributes: isEmpty(attributes) ? undefined : attributes })
  }
  if (events.length < items.length || items !== given)
    notes.push('events: expected a list of objects with a name; others left out')
  return events
}

/** Links of a dump: a list of objects, or JSON text of one, whose ids stand in them or in their `context`. */
export function readPlainLinks(source: Json | undefined, notes: string[]): RawSpan['links'] {
  const given = source === undefined ? null : unpack(source)
  if (given === null || given === '') return []
  const links: RawSpan['links'] = []
  const items = Array.isArray(given) ? given : []
  for (const link of items) {
    const context = isObject(link) && isObject(link.context) ? link.context : link
    const traceId = isObject(context) ? readId(context.trace_id ?? context.traceId, 16) : undefined
    const spanId = isObject(context) ? readId(context.span_id ?? context.spanId, 8) : undefined
    if (!isObject(link) || traceId === undefined || spanId === undefined) continue
    const attributes: Attributes = Object.create(null)
    readPlainAttributes(link.attributes, attributes)
    links.push({ traceId, spanId, attributes: isEmpty(attributes) ? undefined : attributes })
  }
  if (links.length < items.length || items !== given)
    notes.push('links: expected a list of objects with ids; others left out')
  return links
}

/** True for a value that says nothing of a time: absent, null, '' or 0. */
export function saysNoTime(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || value === 0 || value === '0'
}

function isEmpty(attributes: Attributes): boolean {
  for (const _ in attributes) return false
  return true
}
