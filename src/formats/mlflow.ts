import type { Json } from '../core/span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { isMlflowInfo } from './mlflow/info.js'
import { readMlflowTrace } from './mlflow/trace.js'
import { hasMlflowAttributes } from './mlflow/values.js'
import { rowOf } from './platform-row.js'
import { unpackRepr } from './python-repr.js'

/** MLflow traces of all schema versions, in every shape that its client, CLI, REST API and Databricks write. */
export const mlflow: Format = {
  name: 'mlflow',
  title:
    'MLflow: Trace.to_json(), `mlflow traces get/search`, traces.json, search_traces() as JSON or CSV, serving answers',
  status: 'experimental',
  obtain:
    'Write one line per trace: for trace in mlflow.search_traces(return_type="list"): file.write(trace.to_json() + "\\n"); or run `mlflow traces get --trace-id ID > trace.json`.',
  lacks: ['prompt.variables', 'retries'],
  containers: ['/traces', '/data', 'spans'],
  detects: (record) => isObject(record) && shapesOf(record) !== undefined,
  read,
}

/** A trace, taken apart: what is known of it as a whole, and its spans (or text of them). */
interface Shape {
  info: JsonObject | undefined
  spans: Json | undefined
  /** A whole trace as text, where a row has no spans of its own. */
  trace?: Json
}

/** The traces of a record; undefined when it is none of MLflow's. Nothing packed in text is read yet. */
function shapesOf(record: JsonObject): Shape[] | undefined {
  const found = shapeOf(record)
  if (found !== undefined) return [found]
  const { traces, trace, databricks_output: output } = record
  if (Object.hasOwn(record, 'databricks_request_id'))
    return [{ info: undefined, spans: undefined, trace: trace ?? record.response }]
  for (const inner of [trace, isObject(output) ? output.trace : undefined]) {
    const shape = isObject(inner) ? shapeOf(inner) : undefined
    if (shape !== undefined) return [shape]
  }
  if (!Array.isArray(traces) || !isObject(traces[0]) || shapeOf(traces[0]) === undefined) return undefined
  return traces.map((item) => (isObject(item) ? shapeOf(item) : undefined) ?? { info: undefined, spans: [item] })
}

function shapeOf(record: JsonObject): Shape | undefined {
  if (isSpan(record)) return { info: undefined, spans: [record] }
  const info = record.info ?? record.trace_info
  if (isObject(info) && isMlflowInfo(info))
    return { info, spans: isObject(record.data) ? record.data.spans : record.spans }
  if (isMlflowInfo(record)) {
    const { spans, trace, ...row } = record
    return { info: row, spans, trace }
  }
  const { spans } = record
  return Array.isArray(spans) && isObject(spans[0]) && isSpan(spans[0]) ? { info: undefined, spans } : undefined
}

function isSpan(record: JsonObject): boolean {
  const hasId = typeof record.span_id === 'string' || isObject(record.context)
  return hasId && hasMlflowAttributes(record.attributes)
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const given = rowOf(record, reading)
  for (const shape of (given && shapesOf(given)) ?? []) readShape(shape, keys, reading)
  return reading
}

/** Tables hold spans and traces as text, JSON or as Python prints it; Databricks' tables of requests hold whole answers. */
function readShape({ info, spans, trace }: Shape, keys: KeyPaths, reading: Reading): void {
  const given = spans === undefined || spans === null ? [] : unpackRepr(spans)
  const items = Array.isArray(given) ? given : [given]
  const packed = trace === undefined || items.length > 0 ? null : unpackRepr(trace)
  const inside = isObject(packed) ? shapesOf(packed)?.[0] : undefined
  if (inside !== undefined && inside.trace === undefined)
    readShape({ ...inside, info: info ?? inside.info }, keys, reading)
  else if (info === undefined && items.length === 0) reading.skipped['answers without a trace'] = 1
  else readMlflowTrace(info, items, keys, reading)
}
