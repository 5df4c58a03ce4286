import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import { readMoment } from '../time.js'

/** Keys of spans that an application wrote in its own words. */
const foreignKeys = ['name', 'parentSpanId', 'parentId', 'endTime']

/**
 * True for a span of Jaeger's own model, as its gRPC API and its Kafka topics write it in JSON: it names its parent among its
 * references alone, and how long it took as text.
 */
export function isModelSpan(record: JsonObject): boolean {
  if (typeof record.operationName !== 'string' || foreignKeys.some((key) => record[key] !== undefined)) return false
  if (typeof record.traceId !== 'string' || typeof record.spanId !== 'string') return false
  return typeof record.startTime === 'string' && (record.duration === undefined || typeof record.duration === 'string')
}

/**
 * The same span in the shape of the UI's downloads; what is wrong in it is left for the reader of that to tell. In a batch, spans
 * share the `batchProcess`.
 */
export function uiSpanOf(span: JsonObject, batchProcess: Json | undefined): JsonObject {
  const { traceId, spanId, processId, ...rest } = span
  return {
    ...rest,
    traceID: traceId ?? null,
    spanID: spanId ?? null,
    processID: processId ?? null,
    references: mapped(span.references, referenceOf),
    startTime: microsOf(span.startTime),
    duration: microsTaken(span.duration),
    tags: mapped(span.tags, tagOf),
    logs: mapped(span.logs, logOf),
    process: processOf(span.process ?? batchProcess),
  }
}

/** A process in the shape of the UI's downloads. */
export function processOf(given: Json | undefined): Json {
  return isObject(given) ? { ...given, tags: mapped(given.tags, tagOf) } : (given ?? null)
}

function mapped(list: Json | undefined, change: (item: JsonObject) => Json): Json {
  return Array.isArray(list) ? list.map((item) => (isObject(item) ? change(item) : item)) : (list ?? null)
}

/** Protobuf leaves out what is the first of its enum: a child of. */
function referenceOf(reference: JsonObject): Json {
  const { traceId, spanId, refType } = reference
  return { refType: refType ?? 'CHILD_OF', traceID: traceId ?? null, spanID: spanId ?? null }
}

const values = ['vStr', 'vBool', 'vInt64', 'vFloat64', 'vBinary']
/** What a tag's value is when protobuf left it out. */
const empty: Readonly<Record<string, Json>> = { BOOL: false, INT64: 0, FLOAT64: 0 }

function tagOf(tag: JsonObject): Json {
  const key = values.find((name) => tag[name] !== undefined)
  const type = typeof tag.vType === 'string' && Object.hasOwn(empty, tag.vType) ? tag.vType : ''
  return { key: tag.key ?? null, value: key === undefined ? (empty[type] ?? '') : tag[key]! }
}

function logOf(log: JsonObject): Json {
  return { timestamp: microsOf(log.timestamp), fields: mapped(log.fields, tagOf) }
}

function microsOf(moment: Json | undefined): Json {
  const { ms } = readMoment(moment)
  return ms === undefined ? (moment ?? null) : Math.round(ms * 1000)
}

const perUnit: Readonly<Record<string, number>> = { ns: 1e-3, us: 1, µs: 1, ms: 1e3, s: 1e6 }

/** Protobuf's `0.000005s` and Go's `5000ns`, in microseconds; none at all is 0. */
function microsTaken(duration: Json | undefined): Json {
  if (typeof duration !== 'string') return duration ?? 0
  const [, amount, unit] = /^(\d{1,18}(?:\.\d{1,9})?)(ns|us|µs|ms|s)$/.exec(duration) ?? []
  return amount === undefined || unit === undefined ? duration : Number(amount) * perUnit[unit]!
}
