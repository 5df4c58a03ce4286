import type { Json } from '../core/span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { rowOf } from './platform-row.js'
import { readWeaveCall } from './weave/call.js'
import { nestWeaveColumns } from './weave/columns.js'

/** Keys of records of other platforms that also name an operation and a trace. */
const foreignMarks = ['span_id', 'dotted_order', 'run_type']

/** W&B Weave: calls, as the server streams them and as the web app exports them. */
export const weave: Format = {
  name: 'weave',
  title: 'W&B Weave: calls as JSONL, JSON or CSV, from the web app, client.get_calls() or /calls/stream_query',
  status: 'experimental',
  obtain:
    'In Weave open Traces, choose Export and JSONL with all columns; or POST /calls/stream_query with include_costs and include_feedback set to true.',
  lacks: ['prompt.variables', 'documents', 'documents.score', 'retries'],
  containers: ['/calls'],
  detects: (record) => isObject(record) && (isCall(record) || isWrapped(record)),
  read,
}

function isCall(record: JsonObject): boolean {
  return (
    typeof record.op_name === 'string' &&
    typeof record.trace_id === 'string' &&
    record.started_at !== undefined &&
    !foreignMarks.some((key) => Object.hasOwn(record, key))
  )
}

/** `{calls: […]}` of a query, `{call: {…}}` of a look-up. */
function isWrapped({ calls, call }: JsonObject): boolean {
  const first = Array.isArray(calls) ? calls[0] : call
  return isObject(first) && isCall(first)
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const given = rowOf(record, reading)
  if (given === undefined) return reading
  const { calls, call } = given
  const items = isCall(given) ? [given] : Array.isArray(calls) ? calls : [call ?? null]
  for (const item of items) {
    if (isObject(item)) readWeaveCall(nestWeaveColumns(item), keys, reading)
    else reading.problems.push('calls: expected an object; call left out')
  }
  return reading
}
