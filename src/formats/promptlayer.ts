import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { rowOf } from './platform-row.js'
import { readTrack } from './promptlayer/judgements.js'
import { readRequest } from './promptlayer/request.js'
import { recordsOf, type Shape, shapeOf } from './promptlayer/shapes.js'
import { readSpan } from './promptlayer/spans.js'
import { readCells, readTree } from './promptlayer/tree.js'

/** PromptLayer: request logs, traces, Tables and the prompt registry, and what its SDKs send. */
export const promptlayer: Format = {
  name: 'promptlayer',
  title: 'PromptLayer: request logs, traces, Tables with traces, the prompt registry, payloads of its SDKs',
  status: 'stable',
  obtain:
    'Page through `POST /api/public/v2/requests/search` with `include_prompt_name: true`, then get ' +
    '`/api/public/v2/requests/{id}` for texts and `/api/public/v2/traces/{trace_id}` for spans; or import traces into a Table and ' +
    'download it as CSV. Add `GET /prompt-templates` for the names of prompts.',
  lacks: ['documents', 'documents.score', 'feedback', 'retries'],
  containers: ['/items', '/data', '/rows', 'spans'],
  detects: (record) => shapeOf(record) !== undefined,
  read,
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  if (row !== undefined) readOne(row, shapeOf(row), keys, reading)
  return reading
}

function readOne(record: JsonObject, shape: Shape | undefined, keys: KeyPaths, reading: Reading): void {
  if (shape === undefined)
    reading.problems.push('expected a request, a span, a trace or a prompt of PromptLayer; left out')
  else readers[shape](record, keys, reading)
}

const readers: Record<Shape, (record: JsonObject, keys: KeyPaths, reading: Reading) => void> = {
  row: readRow,
  detail: readRequestOf('detail'),
  call: readRequestOf('call'),
  log: readRequestOf('log'),
  track: readTrack,
  trace: readSpans,
  bulk: readSpans,
  span: (record, keys, reading) => readSpanInto(record, undefined, keys, reading),
  tree: (record, keys, reading) => readTree(record, Object.create(null), keys, reading),
  cells: readTableRow,
  prompt: readPrompt,
  page: readPage,
}

function readRequestOf(shape: 'row' | 'detail' | 'call' | 'log') {
  return (record: JsonObject, keys: KeyPaths, reading: Reading): void => {
    const raw = readRequest(record, shape, reading)
    if (raw !== undefined) addSpan(reading, raw, keys)
  }
}

/** The short answer of /log-request says nothing of the request where it has no blueprint. */
function readRow(record: JsonObject, keys: KeyPaths, reading: Reading): void {
  const isShort = record.engine === undefined && record.provider_type === undefined
  if (isShort && !isObject(record.prompt_version)) skip(reading, 'acknowledgements of requests')
  else readRequestOf('row')(record, keys, reading)
}

function readSpans(record: JsonObject, keys: KeyPaths, reading: Reading): void {
  const spans = Array.isArray(record.spans) ? record.spans : []
  if (spans.length === 0) skip(reading, 'traces without spans')
  for (let index = 0; index < spans.length; index++) readSpanInto(spans[index]!, record.trace_id, keys, reading)
}

function readSpanInto(span: Json, traceId: Json | undefined, keys: KeyPaths, reading: Reading): void {
  const raw = readSpan(span, traceId, reading)
  if (raw !== undefined) addSpan(reading, raw, keys)
}

/** A row of a Table: its traces, else the requests that its cells hold. */
function readTableRow(record: JsonObject, keys: KeyPaths, reading: Reading): void {
  const before = reading.spans.length
  for (const value of readCells(record, keys, reading)) {
    const shape = shapeOf(value)
    if (isObject(value) && (shape === 'row' || shape === 'detail')) readers[shape](value, keys, reading)
  }
  if (reading.spans.length === before && reading.problems.length === 0) skip(reading, 'rows of tables without a trace')
}

/** The registry knows a prompt by its number, which is all that a request log says of it. */
function readPrompt({ id, prompt_name: name }: JsonObject, _keys: KeyPaths, reading: Reading): void {
  const isKnown = (typeof id === 'number' || (typeof id === 'string' && id !== '')) && typeof name === 'string'
  if (isKnown && name !== '') reading.prompts.push({ id: String(id), name })
  else reading.problems.push('id, prompt_name: expected a number and text; prompt left out')
}

function readPage(page: JsonObject, keys: KeyPaths, reading: Reading): void {
  const records = recordsOf(page)
  if (records.length === 0) skip(reading, 'pages without items')
  for (const record of records) {
    const shape = shapeOf(record)
    if (isObject(record) && shape !== 'page') readOne(record, shape, keys, reading)
    else reading.problems.push('expected objects in the list; left out')
  }
}

function skip(reading: Reading, what: string): void {
  reading.skipped[what] = (reading.skipped[what] ?? 0) + 1
}
