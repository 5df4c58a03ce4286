import type { Json } from '../core/span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { readBatch, readEvent } from './langfuse/event.js'
import { readComment } from './langfuse/extras.js'
import { readObservation } from './langfuse/observation.js'
import { readScore } from './langfuse/score.js'
import { readSession } from './langfuse/session.js'
import { type LangfuseShape, shapeOf, shapeOfAnswer, shapeOfItem } from './langfuse/shapes.js'
import { readObservations, readTrace } from './langfuse/trace.js'
import { rowOf } from './platform-row.js'

/** Langfuse, in every form in which it lets its data out. */
export const langfuse: Format = {
  name: 'langfuse',
  title: 'Langfuse: trace downloads, public API, table exports, blob storage, ingestion events',
  status: 'stable',
  obtain:
    'Open a trace and press Download; or Export above the tables of traces, observations and scores (JSONL); or save pages of GET /api/public/v2/observations, /traces and /v2/scores; or set up the blob storage integration.',
  lacks: ['prompt.variables', 'tenant', 'request', 'retries'],
  containers: ['/data', '/batch', '/observations', '/scores'],
  detects: (record) => shapeOf(record) !== undefined,
  read,
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  const shape = row && shapeOf(row)
  if (row && shape) readShape(row, shape, '', keys, reading)
  else if (row) reading.problems.push("expected one of Langfuse's records; left out")
  return reading
}

function readShape(row: JsonObject, shape: LangfuseShape, at: string, keys: KeyPaths, reading: Reading): void {
  switch (shape) {
    case 'download':
      readDownload(row, keys, reading)
      break
    case 'trace':
      readTrace(row, { at }, keys, reading)
      break
    case 'observation':
      readObservation(row, { at }, keys, reading)
      break
    case 'score':
      readScore(row, at, reading, {})
      break
    case 'comment':
      readApiComment(row, at, reading)
      break
    case 'session':
      readSession(row, at, keys, reading)
      break
    case 'prompt':
      readPrompt(row, reading)
      break
    case 'event':
      readEvent(row, at, undefined, keys, reading)
      break
    case 'batch':
      readBatch(listAt(row, 'batch'), keys, reading)
      break
    case 'answer':
      readAnswer(row.data, keys, reading)
      break
    case 'page':
      readPage(listAt(row, 'data'), keys, reading)
      break
    default:
      skip(reading, skippedAs[shape])
  }
}

const skippedAs = {
  'prompt list entry': 'names of prompts, without their ids',
  'empty download': 'traces without observations',
  'empty page': 'pages without items',
  manifest: 'manifests of exports',
  acknowledgement: 'acknowledgements of ingestion',
}

/** One trace: `{trace, observations}`, or since 2026 `{observations, scores}`, where rows carry the fields of their trace. */
function readDownload({ trace, observations, scores }: JsonObject, keys: KeyPaths, reading: Reading): void {
  const rows = { at: 'observations.', rows: Array.isArray(observations) ? observations : [] }
  if (isObject(trace)) readTrace(trace, { at: 'trace.', observations: rows }, keys, reading)
  else readObservations(rows, {}, keys, reading)
  for (const [index, score] of (Array.isArray(scores) ? scores : []).entries())
    if (isObject(score)) readScore(score, `scores.${index}.`, reading, {})
}

function readAnswer(data: Json | undefined, keys: KeyPaths, reading: Reading): void {
  const shape = isObject(data) ? shapeOfAnswer(data) : undefined
  if (isObject(data) && shape !== undefined) readShape(data, shape, 'data.', keys, reading)
}

function readPage(items: readonly Json[], keys: KeyPaths, reading: Reading): void {
  for (const [index, item] of items.entries()) {
    const shape = isObject(item) ? shapeOfItem(item) : undefined
    if (isObject(item) && shape !== undefined) readShape(item, shape, `data.${index}.`, keys, reading)
    else reading.problems.push(`data.${index}: expected a record like the first of the page; left out`)
  }
}

function readApiComment(row: JsonObject, at: string, reading: Reading): void {
  const comment = readComment(row, {})
  if (row.objectType === 'PROMPT') skip(reading, 'comments on prompts')
  else if (comment === undefined) reading.problems.push(`${at}content: expected text; comment left out`)
  else reading.feedback.push(comment)
}

function readPrompt({ id, name }: JsonObject, reading: Reading): void {
  if (typeof id === 'string' && id !== '' && typeof name === 'string' && name !== '') reading.prompts.push({ id, name })
  else skip(reading, skippedAs['prompt list entry'])
}

function listAt(row: JsonObject, name: string): Json[] {
  const list = row[name]
  return Array.isArray(list) ? list : []
}

function skip(reading: Reading, what: string): void {
  reading.skipped[what] = (reading.skipped[what] ?? 0) + 1
}
