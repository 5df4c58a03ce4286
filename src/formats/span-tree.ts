import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { readId } from './ids.js'
import { isObject, type JsonObject } from './json.js'
import { readTreeSpan } from './span-tree/span.js'

/** Traces whose spans stand inside their parents, as Patronus exports them and the TRAIL benchmark holds them. */
export const spanTree: Format = {
  name: 'span-tree',
  title: 'Patronus and TRAIL: traces as trees of child_spans, and answers of the span search',
  status: 'experimental',
  obtain:
    'Download the trace from Patronus as JSON, save the answer of its API `/v1/otel/spans/search`, or take a trace of the TRAIL data set.',
  lacks: ['tenant'], // no convention has a key for it: `capture.keys.tenant` names the application's own
  containers: ['spans', 'child_spans'],
  detects: (record) => isObject(record) && (isTreeSpan(record) || isTree(record)),
  read,
}

function isTree(record: JsonObject): boolean {
  const first = Array.isArray(record.spans) ? record.spans[0] : undefined
  return isObject(first) && isTreeSpan(first)
}

function isTreeSpan(record: JsonObject): boolean {
  if (typeof record.span_id !== 'string') return false
  return record.child_spans !== undefined || (record.span_name !== undefined && record.span_attributes !== undefined)
}

/** A span that waits to be read: where it stands, and what it has of the spans around it. */
interface Waiting {
  span: Json
  at: string
  traceId: string | undefined
  parentId: string | undefined
}

/** Walks the tree with a list of its own, since a tree may be deeper than the stack. */
function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  if (!isObject(record)) return { ...reading, problems: ['expected an object; left out'] }
  const traceId = readId(record.trace_id, 16)
  const waiting: Waiting[] = isTreeSpan(record)
    ? [{ span: record, at: '', traceId, parentId: undefined }]
    : inOrder(record.spans, 'spans', '', traceId, undefined, reading)
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { span, at } = next
    const notes: string[] = []
    const given = readTreeSpan(span, next.traceId, next.parentId, notes, reading)
    for (const note of notes) reading.problems.push(`${at}${note}`)
    if (given !== undefined) addSpan(reading, given, keys, at)
    if (!isObject(span)) continue
    const parentId = given?.spanId ?? next.parentId
    for (const child of inOrder(span.child_spans, 'child_spans', at, given?.traceId ?? next.traceId, parentId, reading))
      waiting.push(child)
  }
  if (reading.spans.length === 0 && reading.problems.length === 0) reading.skipped['traces without spans'] = 1
  return reading
}

/** The spans of one list, the first of them last. Places are told to the depth where they stay short. */
function inOrder(
  list: Json | undefined,
  key: string,
  at: string,
  traceId: string | undefined,
  parentId: string | undefined,
  reading: Reading,
): Waiting[] {
  if (list === undefined || list === null) return []
  if (!Array.isArray(list)) {
    reading.problems.push(`${at}${key}: expected a list`)
    return []
  }
  const place = (index: number): string => (at.length > 200 ? at : `${at}${key}.${index}.`)
  return list.map((span, index) => ({ span, at: place(index), traceId, parentId })).reverse()
}
