import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { readCall } from './litellm/call.js'
import { readStep } from './litellm/steps.js'
import { rowOf } from './platform-row.js'

/** LiteLLM: what its loggers write of each call, and the spend logs of its proxy. */
export const litellm: Format = {
  name: 'litellm',
  title: 'LiteLLM: StandardLoggingPayload of its loggers, spend logs of its proxy',
  status: 'stable',
  obtain:
    'Log to `s3` or `gcs_bucket` (one JSON per call), or dump the table `LiteLLM_SpendLogs` as CSV or JSON; set ' +
    '`store_prompts_in_spend_logs: true` beforehand, or the spend logs have no texts.',
  lacks: ['parent', 'feedback', 'scores'],
  containers: ['/data'],
  detects: (record) => isObject(record) && (isCall(record) || isPage(record)),
  read,
}

function isCall(record: JsonObject): boolean {
  const has = (key: string) => Object.hasOwn(record, key)
  if (has('call_type')) return has('response_cost') || (has('spend') && has('request_id'))
  return isObject(record.standard_logging_object) || (has('exception_string') && has('litellm_model_name'))
}

/** The proxy's own pages: `{data, total, page, page_size, total_pages}`. */
function isPage(record: JsonObject): boolean {
  if (!Array.isArray(record.data)) return false
  const first = record.data[0]
  return first === undefined ? Object.hasOwn(record, 'total_pages') : isObject(first) && isCall(first)
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  if (row === undefined) return reading
  const calls = isCall(row) || !Array.isArray(row.data) ? [row] : row.data
  if (calls.length === 0) reading.skipped['pages without items'] = 1
  for (const call of calls) {
    if (isObject(call)) readOne(call, keys, reading)
    else reading.problems.push('data: expected objects; left out')
  }
  return reading
}

function readOne(record: JsonObject, keys: KeyPaths, reading: Reading): void {
  const inner = record.standard_logging_object
  const read = readCall(isObject(inner) ? inner : record, reading)
  if (read === undefined) return
  addSpan(reading, read.raw, keys)
  for (const [index, step] of read.steps.entries()) {
    const raw = readStep(step, index, read.raw)
    if (raw !== undefined) addSpan(reading, raw, keys)
  }
}
