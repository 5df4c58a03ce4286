import type { Json } from '../core/span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { isOpikCells, readOpikCells } from './opik/csv.js'
import { readOpikSpan } from './opik/span.js'
import { readOpikTrace } from './opik/trace.js'
import { rowOf } from './platform-row.js'

const spanTypes = new Set<Json | undefined>(['general', 'tool', 'llm', 'guardrail'])
/** Keys that only a trace of Opik has beside `id` and `start_time`. */
const traceMarks = ['span_count', 'llm_span_count', 'total_estimated_cost', 'visibility_mode', 'guardrails_validations']
/** Keys of its rows that, together, tell a trace of versions (or without a call) that have none of those. */
const rowMarks = ['project_id', 'created_by', 'last_updated_by', 'last_updated_at']
/** Keys by which a span of another platform is told. */
const foreignMarks = ['span_id', 'run_type', 'dotted_order', 'span_attributes', 'context', 'body']

/** Comet Opik: the CLI's export, pages of the REST API, and lines of what the SDK's searches return. */
export const opik: Format = {
  name: 'opik',
  title: 'Comet Opik: trace_<id>.json or CSV of `opik export`, pages of the REST API, search results as JSONL',
  status: 'experimental',
  obtain:
    'Run `opik export WORKSPACE project NAME`, and ingest the trace_*.json files. With the API save both GET /v1/private/traces and /v1/private/spans: the trace is the parent of its top spans.',
  lacks: ['prompt.variables', 'documents', 'documents.score', 'retries'],
  containers: ['/content', 'spans'],
  detects: (record) =>
    isObject(record) &&
    (isFile(record) || isTrace(record) || isSpan(record) || isOpikCells(record) || pageOf(record) !== undefined),
  read,
}

function isFile(record: JsonObject): boolean {
  return Array.isArray(record.spans) && isObject(record.trace) && record.trace.start_time !== undefined
}

function isTrace(record: JsonObject): boolean {
  return (
    typeof record.id === 'string' &&
    record.start_time !== undefined &&
    !Object.hasOwn(record, 'trace_id') &&
    !foreignMarks.some((key) => Object.hasOwn(record, key)) &&
    (traceMarks.some((key) => Object.hasOwn(record, key)) || rowMarks.every((key) => Object.hasOwn(record, key)))
  )
}

function isSpan(record: JsonObject): boolean {
  return (
    typeof record.id === 'string' &&
    typeof record.trace_id === 'string' &&
    record.start_time !== undefined &&
    spanTypes.has(record.type) &&
    !foreignMarks.some((key) => Object.hasOwn(record, key))
  )
}

/** The traces or spans of one page; an empty page is told by its counts. */
function pageOf(record: JsonObject): Json[] | undefined {
  const { content } = record
  if (!Array.isArray(content)) return undefined
  const [item] = content
  if (item === undefined)
    return ['page', 'size', 'total'].every((key) => typeof record[key] === 'number') ? content : undefined
  return isObject(item) && (isTrace(item) || isSpan(item)) ? content : undefined
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const given = rowOf(record, reading)
  if (given === undefined) return reading
  const page = isFile(given) ? undefined : pageOf(given)
  if (page?.length === 0) reading.skipped['pages without items'] = 1
  for (const item of page ?? [given]) readItem(item, keys, reading)
  return reading
}

function readItem(item: Json, keys: KeyPaths, reading: Reading): void {
  if (!isObject(item)) reading.problems.push('content: expected a trace or a span; left out')
  else if (isFile(item)) readFile(item, keys, reading)
  else if (isOpikCells(item)) readOpikCells(item, keys, reading)
  else if (isTrace(item)) readOpikTrace(item, keys, reading)
  else readOpikSpan(item, undefined, keys, reading)
}

function readFile(file: JsonObject, keys: KeyPaths, reading: Reading): void {
  const traceId = isObject(file.trace) ? readOpikTrace(file.trace, keys, reading) : undefined
  const spans = Array.isArray(file.spans) ? file.spans : []
  for (const span of spans) {
    if (isObject(span)) readOpikSpan(span, traceId, keys, reading)
    else reading.problems.push('spans: expected an object; span left out')
  }
  for (const key of Object.keys(file)) if (!fileKeys.has(key)) reading.unexpected.push(`opik.${key}`)
}

const fileKeys = new Set(['trace', 'spans', 'attachments', 'downloaded_at', 'project_name'])
