import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { mergeHalves } from './langsmith/batch.js'
import { isFeedback, readFeedbackRow } from './langsmith/feedback.js'
import { isFetched, readFetched } from './langsmith/fetched.js'
import type { Holder } from './langsmith/ids.js'
import { readRun } from './langsmith/run.js'
import { rowOf } from './platform-row.js'

/** Lists in which answers of the API and the commands hold runs. */
const lists = ['runs', 'data', 'items', 'feedback'] as const

/** LangSmith: runs, their feedback, and what its SDKs send. */
export const langsmith: Format = {
  name: 'langsmith',
  title: 'LangSmith: runs as JSON, JSONL or CSV, feedback rows, ingest bodies of its SDKs, langsmith-fetch',
  status: 'stable',
  obtain:
    'Write `[run.dict() for run in client.list_runs(project_name=…)]` as JSON, or save `POST /api/v1/runs/query`, or run ' +
    '`langsmith run export runs.jsonl --full`; `GET /api/v1/feedback?run=…` for what people said. Bulk exports are Parquet: ' +
    "`duckdb -c \"COPY (FROM 'runs/**/*.parquet') TO 'runs.jsonl'\"` makes JSONL of them.",
  lacks: ['documents.score', 'tenant'],
  containers: ['/runs', '/data', '/items', '/post', '/patch'],
  detects: (record) =>
    isObject(record) &&
    (isItem(record) || lists.some((key) => holdsItem(record[key])) || isBatch(record) || isEmptyPage(record)),
  read,
}

function isItem(item: JsonObject): boolean {
  return isRun(item) || isFeedback(item) || isFetched(item)
}

function isRun(item: JsonObject): boolean {
  if (typeof item.dotted_order === 'string' && item.dotted_order !== '') return true
  return (
    typeof item.run_type === 'string' &&
    (Object.hasOwn(item, 'trace_id') || Object.hasOwn(item, 'inputs') || Object.hasOwn(item, 'parent_run_id'))
  )
}

function holdsItem(list: Json | undefined): boolean {
  return Array.isArray(list) && isObject(list[0]) && isItem(list[0])
}

/** What SDKs send: updates of old ones have but an id and what is new. */
function isBatch({ post, patch }: JsonObject): boolean {
  if (Array.isArray(post) && Array.isArray(patch) && post.length + patch.length === 0) return true
  return [post, patch].some((list) => {
    const first = Array.isArray(list) ? list[0] : undefined
    return isObject(first) && (isRun(first) || ('id' in first && ('end_time' in first || 'trace_id' in first)))
  })
}

function isEmptyPage({ runs, cursors }: JsonObject): boolean {
  return Array.isArray(runs) && runs.length === 0 && cursors !== undefined
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  if (row === undefined) return reading
  const { post, patch } = row
  if (isItem(row)) readItem(row, keys, reading, '')
  else if (Array.isArray(post) || Array.isArray(patch))
    readAll(mergeHalves(post, patch, reading), keys, reading, '', 'batches without runs')
  else
    for (const key of lists)
      if (Array.isArray(row[key])) readAll(row[key], keys, reading, `${key}.`, 'pages without runs')
  return reading
}

function readAll(items: Json[], keys: KeyPaths, reading: Reading, path: string, none: string): void {
  if (items.length === 0) reading.skipped[none] = 1
  for (const [index, item] of items.entries()) {
    if (isObject(item)) readItem(item, keys, reading, `${path}${index}.`)
    else reading.problems.push(`${path}${index}: expected an object`)
  }
}

function readItem(item: JsonObject, keys: KeyPaths, reading: Reading, at: string): void {
  if (isRun(item)) readTree(item, keys, reading, at)
  else if (isFeedback(item)) readFeedbackRow(item, undefined, reading, at)
  else if (isFetched(item)) readFetched(item, keys, reading, at)
  else readTree(item, keys, reading, at)
}

/** A run and the copies of its children that exporters nest in it; a run that stands there twice is read once. */
function readTree(root: JsonObject, keys: KeyPaths, reading: Reading, at: string): void {
  const seen = new Set<string>()
  const waiting: { run: Json; holder: Holder | undefined; at: string }[] = [{ run: root, holder: undefined, at }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { run } = next
    if (!isObject(run)) {
      reading.problems.push(`${next.at.slice(0, -1)}: expected an object`)
      continue
    }
    const raw = readRun(run, next.holder, reading, next.at)
    if (raw === undefined || seen.has(raw.spanId)) continue
    seen.add(raw.spanId)
    addSpan(reading, raw, keys, next.at)
    const children = Array.isArray(run.child_runs) ? run.child_runs : []
    for (let index = children.length - 1; index >= 0; index--)
      waiting.push({ run: children[index]!, holder: raw, at: `${next.at}child_runs.${index}.` })
  }
}
