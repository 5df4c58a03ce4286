import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { withCapture } from './bodies/request.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { readId } from './ids.js'
import { isObject, type JsonObject } from './json.js'
import { readBatchLine } from './openai/batch.js'
import { readOpenaiBody } from './openai/body.js'
import { rowOf } from './platform-row.js'

const bodies = new Set<Json>(['chat.completion', 'text_completion', 'response'])
const endings = new Set<Json>(['response.completed', 'response.failed', 'response.incomplete'])

/** Bodies of OpenAI's APIs and of their many copies, one call each, however they were saved. */
export const openai: Format = {
  name: 'openai',
  title: 'OpenAI: saved chat, text and Responses bodies, stored completions, request/response captures, Batch output',
  status: 'stable',
  obtain:
    'Save response bodies one per line, download the output file of a batch, or GET /v1/chat/completions (calls made with store: true).',
  lacks: [
    ...[
      'parent',
      'tool.result',
      'tenant',
      'session',
      'environment',
      'release',
      'cost',
      'feedback',
      'scores',
      'retries',
    ],
  ],
  containers: ['/data'],
  detects: (record) => isObject(record) && shapeOf(record) !== undefined,
  read,
}

type Shape = 'body' | 'chunk' | 'event' | 'batch' | 'batch input' | 'pair' | 'list' | 'messages' | 'embeddings'

function shapeOf(record: JsonObject): Shape | undefined {
  const { object } = record
  if (typeof object === 'string') {
    // MLflow on Databricks puts its trace into a response.
    if (bodies.has(object)) return record.databricks_output === undefined ? 'body' : undefined
    if (object === 'chat.completion.chunk') return 'chunk'
    return object === 'list' && Array.isArray(record.data) ? shapeOfList(record.data[0]) : undefined
  }
  if (typeof record.custom_id === 'string') return shapeOfBatch(record)
  if (isObject(record.request) && isObject(record.response))
    return bodies.has(record.response.object ?? null) ? 'pair' : undefined
  return isStreamEvent(record) ? 'event' : undefined
}

function shapeOfList(first: Json | undefined): Shape | undefined {
  if (!isObject(first)) return undefined
  if (first.object === 'embedding') return 'embeddings'
  if (bodies.has(first.object ?? null)) return 'list'
  return typeof first.id === 'string' && storedMessage.test(first.id) && first.role !== undefined
    ? 'messages'
    : undefined
}

/** Messages of a stored completion are numbered after its id. */
const storedMessage = /^(chatcmpl-.{1,200})-\d{1,6}$/

function shapeOfBatch(record: JsonObject): Shape | undefined {
  if (isObject(record.response) || (record.response === null && isObject(record.error))) return 'batch'
  return isObject(record.body) && typeof record.url === 'string' ? 'batch input' : undefined
}

function isStreamEvent(record: JsonObject): boolean {
  return (
    typeof record.type === 'string' &&
    record.type.startsWith('response.') &&
    (record.sequence_number !== undefined || isObject(record.response) || record.item_id !== undefined)
  )
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  if (row === undefined) return reading
  const shape = shapeOf(row)
  if (shape === 'body') readOne(row, undefined, keys, reading)
  else if (shape === 'batch') readBatchLine(row, keys, reading)
  else if (shape === 'pair') readPair(row, keys, reading)
  else if (shape === 'list') readList(row, keys, reading)
  else if (shape === 'messages') readStoredMessages(row.data!, keys, reading)
  else if (shape === 'event' && endings.has(row.type!) && isObject(row.response) && row.response.object === 'response')
    readOne(row.response, undefined, keys, reading)
  else reading.skipped[reasons[shape as keyof typeof reasons] ?? 'records of no call'] = 1
  return reading
}

const reasons = {
  chunk: 'streaming chunks (parts of an answer; save the assembled one)',
  event: 'streaming events (the last of them holds the whole answer)',
  'batch input': 'batch requests (their custom_id repeats between batches, so no answer can be told to be theirs)',
  embeddings: 'embeddings without an id',
}

/** One call by the id of its answer; `capture` is the record that keeps the request beside it. */
function readOne(body: JsonObject, capture: JsonObject | undefined, keys: KeyPaths, reading: Reading): void {
  const id = readId(body.id, 16)
  if (id === undefined) {
    reading.problems.push('id: expected text; span left out')
    return
  }
  const call = readOpenaiBody(body, reading)
  if (capture === undefined) {
    addSpan(reading, { ...call, traceId: id, spanId: id }, keys)
    return
  }
  const whole = withCapture(call, capture, { format: 'openai', reading })
  addSpan(reading, { ...whole, traceId: id, spanId: id }, keys)
}

function readPair(row: JsonObject, keys: KeyPaths, reading: Reading): void {
  if (isObject(row.response)) readOne(row.response, row, keys, reading)
}

function readList(row: JsonObject, keys: KeyPaths, reading: Reading): void {
  for (const [index, item] of (row.data as Json[]).entries()) // a list, by shapeOf
    if (isObject(item) && bodies.has(item.object ?? null)) readOne(item, undefined, keys, reading)
    else reading.problems.push(`data.${index}: expected a completion; left out`)
}

/** What a stored completion was asked stands in a list of its own, which joins it by the id. */
function readStoredMessages(messages: Json, keys: KeyPaths, reading: Reading): void {
  const first = Array.isArray(messages) && isObject(messages[0]) ? messages[0].id : undefined
  const id = typeof first === 'string' ? storedMessage.exec(first)?.[1] : undefined
  if (id === undefined) return
  addSpan(
    reading,
    { traceId: id, spanId: id, name: 'chat completion', stated: { kind: 'llm', input: { messages } } },
    keys,
  )
}
