import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { text } from './dialects/readers.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { readId } from './ids.js'
import { isModelSpan } from './jaeger/model.js'
import { isObject, isShallow, type JsonObject } from './json.js'
import { isGoSpan, plainGoSpan } from './sdk-spans/go.js'
import { isSdkLog, readSdkLog } from './sdk-spans/log.js'
import { readSdkSpan, type Wrapper } from './sdk-spans/span.js'

/** Spans as OpenTelemetry's SDKs keep them in memory, printed or dumped one by one: Python, JavaScript, Go, AWS, own exporters. */
export const sdkSpans: Format = {
  name: 'sdk-spans',
  title:
    'OpenTelemetry SDK spans: Python to_json and dicts, JavaScript ReadableSpan, Go stdouttrace, CloudWatch, exporters of your own',
  status: 'stable',
  obtain:
    'Print or write the spans of your exporter: `ConsoleSpanExporter(out=open("spans.json", "w"))` in Python, `JSON.stringify(span)` per ReadableSpan in JavaScript; of AWS, the log group aws/spans.',
  lacks: ['tenant'], // no convention has a key for it: `capture.keys.tenant` names the application's own
  containers: ['spans'],
  detects: (record) => isObject(record) && (isSdkSpan(record) || isSdkLog(record) || isWrapper(record)),
  read,
}

/** Keys by which records of platforms that also have trace, span and start are told from spans of an SDK. */
const foreignKeys = ['root_span_id', 'dotted_order', 'run_type', 'op_name', 'child_spans', 'start_timestamp', 'object']

function isSdkSpan(record: JsonObject): boolean {
  if (foreignKeys.some((key) => record[key] !== undefined) || isModelSpan(record)) return false
  const { context, attributes } = record
  if (isGoSpan(record)) return true
  if (isObject(record.spanContext) || isObject(record._spanContext)) return true
  if (isObject(context))
    return typeof context.trace_id === 'string' && context.trace_id.startsWith('0x') && record.status !== undefined
  // MLflow writes its own spans under the same names.
  if (isObject(attributes) && attributes['mlflow.traceRequestId'] !== undefined) return false
  if (typeof (record.trace_id ?? record.traceId) !== 'string') return false
  if (typeof (record.span_id ?? record.spanId) === 'string')
    return timeKeys.some((key) => record[key] !== undefined) && record.event === undefined
  return typeof record.id === 'string' && typeof record.timestamp === 'number' && isObject(attributes)
}

const timeKeys = ['start_time', 'startTime', 'start_time_unix_nano', 'startTimeUnixNano']

function isWrapper(record: JsonObject): boolean {
  if (!Array.isArray(record.spans) || record.success !== undefined || record.trace !== undefined) return false
  const first = record.spans[0]
  if (first === undefined) return record.span_count !== undefined
  if (!isObject(first)) return false
  return isSdkSpan(first) || (typeof record.trace_id === 'string' && isSdkSpan({ trace_id: record.trace_id, ...first }))
}

const wrapperKeys: ReadonlySet<string> = new Set(['session_id', 'span_count', 'spans', 'trace_id'])

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  if (!isObject(record)) reading.problems.push('expected an object; left out')
  else if (isSdkLog(record)) readSdkLog(record, keys, reading)
  else if (isSdkSpan(record) || !Array.isArray(record.spans)) readOne(record, {}, '', keys, reading)
  else {
    const wrapper = { traceId: readId(record.trace_id, 16), session: text(record.session_id ?? null) }
    for (const [index, span] of record.spans.entries()) readOne(span, wrapper, `spans.${index}.`, keys, reading)
    for (const key of Object.keys(record)) if (!wrapperKeys.has(key)) reading.unexpected.push(`sdk-spans.${key}`)
    if (record.spans.length === 0) reading.skipped['wrappers without spans'] = 1
  }
  return reading
}

function readOne(span: Json, wrapper: Wrapper, at: string, keys: KeyPaths, reading: Reading): void {
  if (!isObject(span) || !isShallow(span)) {
    reading.problems.push(`${at}expected an object nested within 200 levels; span left out`)
    return
  }
  const notes: string[] = []
  const given = readSdkSpan(isGoSpan(span) ? plainGoSpan(span) : span, wrapper, notes)
  for (const note of notes) reading.problems.push(`${at}${note}`)
  if (given !== undefined) addSpan(reading, given, keys, at)
}
