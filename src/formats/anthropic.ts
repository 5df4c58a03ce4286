import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { readBatchResult } from './anthropic/batch.js'
import { type AnthropicCall, readAnthropicMessage } from './anthropic/message.js'
import { withCapture } from './bodies/request.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { readId } from './ids.js'
import { isObject, type JsonObject } from './json.js'
import { rowOf } from './platform-row.js'

const streamTypes = new Set<Json>([
  ...[
    'message_start',
    'message_delta',
    'message_stop',
    'content_block_start',
    'content_block_delta',
    'content_block_stop',
  ],
])

/** Bodies of Anthropic's Messages API, one call each, and results of its batches. They hold no time at all. */
export const anthropic: Format = {
  name: 'anthropic',
  title: 'Anthropic: saved Messages bodies, request/response captures, Message Batches results',
  status: 'stable',
  obtain:
    'Save response bodies one per line, or download the results file of a Message Batch (`results_url`). They carry no times.',
  lacks: [
    ...[
      'prompt.name',
      'prompt.version',
      'prompt.variables',
      'parent',
      'tool.result',
      'tenant',
      'session',
      'environment',
    ],
    ...['release', 'cost', 'documents', 'documents.score', 'feedback', 'scores', 'retries'],
  ],
  containers: [],
  detects: (record) => isObject(record) && shapeOf(record) !== undefined,
  read,
}

type Shape = 'message' | 'error' | 'batch' | 'batch request' | 'pair' | 'event'

function shapeOf(record: JsonObject): Shape | undefined {
  const { type } = record
  if (isMessage(record)) return 'message'
  if (typeof type === 'string') {
    if (streamTypes.has(type)) return 'event'
    return type === 'error' && isObject(record.error) && typeof record.error.type === 'string' ? 'error' : undefined
  }
  if (typeof record.custom_id === 'string') {
    if (isObject(record.result) && typeof record.result.type === 'string') return 'batch'
    return isObject(record.params) ? 'batch request' : undefined
  }
  return isObject(record.request) && isMessage(record.response) ? 'pair' : undefined
}

/** A body of the API; Claude Code wraps the same in a line of its own. */
function isMessage(value: Json | undefined): boolean {
  return isObject(value) && value.type === 'message' && value.stop_reason !== undefined && isObject(value.usage)
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  if (row === undefined) return reading
  const shape = shapeOf(row)
  if (shape === 'message') add(readAnthropicMessage(row, reading), row.id, keys, reading)
  else if (shape === 'batch') readBatchResult(row, keys, reading)
  else if (shape === 'pair' && isObject(row.response)) readPair(row, row.response, keys, reading)
  else if (shape === 'error') readError(row, keys, reading)
  else if (shape === 'event') reading.skipped['streaming events (parts of an answer; save the assembled one)'] = 1
  else reading.skipped['batch requests (their custom_id repeats between batches)'] = 1
  return reading
}

function add(call: AnthropicCall, given: Json | undefined, keys: KeyPaths, reading: Reading): void {
  const id = readId(given, 16)
  if (id === undefined) reading.problems.push('id: expected text; span left out')
  else addSpan(reading, { ...call, traceId: id, spanId: id }, keys)
}

function readPair(capture: JsonObject, response: JsonObject, keys: KeyPaths, reading: Reading): void {
  const call = readAnthropicMessage(response, reading)
  add(withCapture(call, capture, { format: 'anthropic', reading }), response.id, keys, reading)
}

/** A refused call; without a request id nothing tells two of them apart. */
function readError(row: JsonObject, keys: KeyPaths, reading: Reading): void {
  const id = readId(row.request_id, 16)
  if (id === undefined) {
    reading.skipped['errors without a request id'] = 1
    return
  }
  const error = isObject(row.error) ? row.error : {}
  const attributes = { 'error.type': error.type ?? 'error', 'anthropic.request_id': id }
  const statusMessage = typeof error.message === 'string' ? error.message : undefined
  addSpan(
    reading,
    {
      traceId: id,
      spanId: id,
      name: 'message',
      status: 'error',
      statusMessage,
      attributes,
      stated: { kind: 'llm', provider: 'anthropic' },
    },
    keys,
  )
}
