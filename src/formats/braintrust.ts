import type { Json } from '../core/span.js'
import { createMemory } from './braintrust/memory.js'
import { createRowReader, isDatasetRow } from './braintrust/rows.js'
import { isTree, readTree } from './braintrust/tree.js'
import { emptyReading, type Format, type KeyPaths, type Reading, type RecordReader } from './format.js'
import { isObject, type JsonObject } from './json.js'
import { rowOf } from './platform-row.js'

/** Lists in which answers of the API, queries and SDKs hold rows. */
const lists = ['events', 'data', 'rows', 'objects'] as const

/** Braintrust: rows of project logs and experiments, whole or as the fragments that SDKs send. */
export const braintrust: Format = {
  name: 'braintrust',
  title: 'Braintrust: rows of logs and experiments (fetch, BTQL, downloads as JSON or CSV), bodies of its SDKs (logs3)',
  status: 'stable',
  obtain:
    'Save `POST /v1/project_logs/{project_id}/fetch` page by page, or `POST /btql` with ' +
    "`select: * | from: project_logs('<project id>') spans`, or download Logs (as spans, not traces) as JSON; " +
    '`GET /v1/prompt` beside it, since rows know prompts by their id only.',
  lacks: ['prompt.name', 'documents.score', 'tenant', 'release', 'retries'],
  containers: ['/events', '/data', '/rows', '/objects', '/span_tree'],
  detects: (record) => isObject(record) && (isRow(record) || isPage(record) || isTree(record)),
  read(record, keys) {
    const rows = createRowReader(createMemory(), keys)
    const reading = readRecord(record, rows, keys)
    rows.end(reading)
    return reading
  },
  open,
}

/** True for whatever stands as a row of its own: a span or a fragment of one, a deletion, a comment, an entry of the prompts. */
function isRow(row: JsonObject): boolean {
  if (isDatasetRow(row)) return false
  return (
    (Object.hasOwn(row, 'root_span_id') && Object.hasOwn(row, 'span_id')) ||
    (typeof row._is_merge === 'boolean' && 'id' in row) ||
    (row._object_delete === true && 'id' in row) ||
    (isObject(row.comment) && isObject(row.origin) && '_audit_source' in row) ||
    ('prompt_data' in row && 'slug' in row)
  )
}

/** Bodies of the SDK and empty answers are known by what stands beside the list. */
function isPage(record: JsonObject): boolean {
  for (const key of lists) {
    const list = record[key]
    if (!Array.isArray(list)) continue
    const first = list[0]
    if (isObject(first) && isRow(first)) return true
    if (key === 'rows' && 'api_version' in record && (first === undefined || isObject(first))) return true
    if (first === undefined && ((key === 'data' && 'schema' in record) || key === 'events') && 'cursor' in record)
      return true
  }
  return false
}

function open(keys: KeyPaths): RecordReader {
  const rows = createRowReader(createMemory(), keys)
  return {
    read: (record) => readRecord(record, rows, keys),
    end() {
      const reading = emptyReading()
      rows.end(reading)
      return reading
    },
  }
}

type RowReader = ReturnType<typeof createRowReader>

function readRecord(record: Json, rows: RowReader, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const object = rowOf(record, reading)
  if (object === undefined) return reading
  if (isRow(object)) rows.read(object, reading, '')
  else if (isTree(object)) readTree(object, keys, reading)
  else readPage(object, rows, reading)
  return reading
}

function readPage(page: JsonObject, rows: RowReader, reading: Reading): void {
  for (const key of lists) {
    const list = page[key]
    if (!Array.isArray(list)) continue
    if (list.length === 0) reading.skipped['pages without rows'] = 1
    for (const [index, row] of list.entries())
      if (isObject(row)) rows.read(row, reading, `${key}.${index}.`)
      else reading.problems.push(`${key}.${index}: expected an object`)
  }
}
