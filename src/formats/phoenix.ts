import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type RawSpan, type Reading } from './format.js'
import { isObject, isShallow, type JsonObject } from './json.js'
import { readSpan } from './otlp/span.js'
import { isAnnotation, readAnnotation, readInnerAnnotations } from './phoenix/annotations.js'
import { restoreAttributes } from './phoenix/attributes.js'
import { isFrame, rowsOfFrame, spanOfRow } from './phoenix/frame.js'
import { readPhoenixSpan } from './phoenix/span.js'
import { isTraceOfCli, isTraceRow, readTraceOfCli, readTraceRow } from './phoenix/traces.js'

/** Everything that Arize Phoenix hands out: spans, traces and annotations of its API, downloads, command line and dataframes. */
export const phoenix: Format = {
  name: 'phoenix',
  title: 'Arize Phoenix: spans (UI download, REST API, px command line, dataframe as JSONL or CSV) and annotations',
  status: 'stable',
  obtain:
    'Select spans in the Phoenix UI and choose Download (JSONL); or `px span list spans.json`; or in Python `Client().spans.get_spans_dataframe(project_identifier="NAME").reset_index().to_json("spans.jsonl", orient="records", lines=True)`. Annotations: GET /v1/projects/NAME/span_annotations.',
  lacks: ['prompt.name', 'tenant', 'environment', 'release', 'retries'],
  containers: ['/data'],
  detects: (record) => isObject(record) && shapeOf(record) !== undefined,
  read,
}

type Shape = 'span' | 'otlp' | 'frame' | 'annotation' | 'trace' | 'cli trace' | 'page' | 'empty page' | 'lists'

function shapeOf(record: JsonObject): Shape | undefined {
  if (Array.isArray(record.data)) return pageShape(record, record.data)
  if (isObject(record.context)) return isSpan(record) ? 'span' : undefined
  if (isAnnotation(record)) return 'annotation'
  if (isTraceRow(record)) return 'trace'
  if (isTraceOfCli(record)) return 'cli trace'
  if (isFrame(record)) return 'frame'
  return isLists(record) ? 'lists' : undefined
}

function isSpan(record: JsonObject): boolean {
  return isObject(record.context) && record.context.span_id !== undefined && Object.hasOwn(record, 'span_kind')
}

/** Spans sorted into lists by name, as Phoenix's own fixtures are. */
function isLists(record: JsonObject): boolean {
  for (const name in record) {
    const list = record[name]
    const first = Array.isArray(list) ? list[0] : undefined
    return isObject(first) && isSpan(first)
  }
  return false
}

function pageShape(page: JsonObject, data: Json[]): Shape | undefined {
  if (data.length === 0) return Object.hasOwn(page, 'next_cursor') ? 'empty page' : undefined
  const first = data[0]
  if (!isObject(first)) return undefined
  return isSpan(first) || isOtlp(first) || isAnnotation(first) || isTraceRow(first) ? 'page' : undefined
}

/** A span of `/spans/otlpv1`, whose page is no envelope of OTLP. */
function isOtlp(span: JsonObject): boolean {
  return span.trace_id !== undefined && span.span_id !== undefined && span.start_time_unix_nano !== undefined
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  if (!isObject(record)) reading.problems.push('expected an object; left out')
  else if (Array.isArray(record.data)) readList(record.data, 'data', keys, reading)
  else if (isLists(record))
    for (const [index, list] of Object.values(record).entries())
      readList(Array.isArray(list) ? list : [list], `lists.${index}`, keys, reading)
  else readOne(record, '', keys, reading)
  return reading
}

function readList(items: Json[], at: string, keys: KeyPaths, reading: Reading): void {
  for (const [index, item] of items.entries()) readOne(item, `${at}.${index}.`, keys, reading)
  if (items.length === 0) reading.skipped['pages without items'] = 1
}

const noIndex = "not in the row, since it was the dataframe's index; call reset_index() before to_json"

function readOne(record: Json, at: string, keys: KeyPaths, reading: Reading): void {
  if (!isObject(record) || !isShallow(record)) {
    reading.problems.push(`${at}expected an object nested within 200 levels; left out`)
    return
  }
  const push = (raw: RawSpan | undefined): void => {
    if (raw !== undefined) addSpan(reading, raw, keys, at)
  }
  const pushPhoenix = (span: JsonObject): void => {
    const raw = readPhoenixSpan(span, at, reading)
    push(raw)
    if (raw !== undefined) readInnerAnnotations(span, { traceId: raw.traceId, spanId: raw.spanId }, at, reading)
  }
  const readRow = (row: JsonObject): void => {
    if (row['context.span_id'] !== undefined) pushPhoenix(spanOfRow(row, at, reading))
    else reading.problems.push(`${at}context.span_id: ${noIndex}`)
  }
  if (isAnnotation(record)) readAnnotation(record, at, reading)
  else if (isTraceRow(record)) for (const span of readTraceRow(record, at, reading)) push(span)
  else if (isTraceOfCli(record)) {
    readTraceOfCli(record, at, reading)
    for (const [index, span] of spansOf(record).entries()) readOne(span, `${at}spans.${index}.`, keys, reading)
  } else if (isOtlp(record)) push(readOtlp(record, at, reading))
  else if (isFrame(record)) for (const row of rowsOfFrame(record)) readRow(row)
  else pushPhoenix(record)
}

function spansOf(trace: JsonObject): Json[] {
  return Array.isArray(trace.spans) ? trace.spans : []
}

function readOtlp(span: JsonObject, at: string, reading: Reading): RawSpan | undefined {
  const notes: string[] = []
  const raw = readSpan(span, { path: at, resource: Object.create(null) }, undefined, notes)
  for (const note of notes) reading.problems.push(`${at}${note}`)
  return raw && { ...raw, attributes: restoreAttributes(raw.attributes) }
}
