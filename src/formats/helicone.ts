import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type Reading, type RecordReader } from './format.js'
import { readRequestRow } from './helicone/row.js'
import { createSessions, type Sessions } from './helicone/sessions.js'
import { isObject, type JsonObject } from './json.js'
import { rowOf } from './platform-row.js'

/** Helicone: requests as its API and its export tool write them. */
export const helicone: Format = {
  name: 'helicone',
  title: 'Helicone: requests of its query API and of its export tool',
  status: 'experimental',
  obtain:
    '`npx @helicone/export --include-body --format jsonl`, or save the pages of `POST /v1/request/query-clickhouse`; without bodies ' +
    'there are no texts.',
  lacks: ['documents.score', 'retries'],
  containers: ['/data'],
  detects: (record) => isObject(record) && (isRequest(record) || isPage(record)),
  read: (record, keys) => {
    const reader = openFile(keys)
    return join(reader.read(record), reader.end())
  },
  // A request's parent in its session is told by the paths of the others, which stand anywhere in the file.
  open: openFile,
}

function isRequest(record: JsonObject): boolean {
  return Object.hasOwn(record, 'request_id') && Object.hasOwn(record, 'request_created_at')
}

/** `{data, error}`, of one request or of a list. */
function isPage({ data, error }: JsonObject): boolean {
  if (isObject(data)) return isRequest(data)
  if (!Array.isArray(data)) return false
  return data[0] === undefined ? error === null : isObject(data[0]) && isRequest(data[0])
}

function openFile(keys: KeyPaths): RecordReader {
  const sessions = createSessions()
  return {
    read: (record) => readRecord(record, keys, sessions),
    end: () => {
      const reading = emptyReading()
      for (const piece of sessions.parents()) addSpan(reading, piece, {})
      return reading
    },
  }
}

function readRecord(record: Json, keys: KeyPaths, sessions: Sessions): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  if (row === undefined) return reading
  const data = row.data
  const rows = isRequest(row) ? [row] : Array.isArray(data) ? data : [data ?? null]
  if (rows.length === 0) reading.skipped['pages without requests'] = 1
  for (const each of rows) {
    if (isObject(each)) readOne(each, keys, sessions, reading)
    else reading.problems.push('data: expected objects; left out')
  }
  return reading
}

function readOne(record: JsonObject, keys: KeyPaths, sessions: Sessions, reading: Reading): void {
  const read = readRequestRow(record, reading)
  if (read === undefined) return
  const parentId = read.path === undefined ? undefined : sessions.add(read.raw, read.path)
  read.raw.parentId = parentId
  addSpan(reading, read.raw, keys)
}

function join(reading: Reading, rest: Reading): Reading {
  return { ...reading, spans: [...reading.spans, ...rest.spans] }
}
