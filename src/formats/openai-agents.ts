import type { Json } from '../core/span.js'
import { addSpan } from './add-span.js'
import { emptyReading, type Format, type KeyPaths, type Reading } from './format.js'
import { readId, readParentId } from './ids.js'
import { isObject, type JsonObject } from './json.js'
import { messageOf } from './openai/body.js'
import { readSpanData } from './openai-agents/data.js'
import { openRow, rowOf } from './platform-row.js'
import { readMoment } from './time.js'

/** What the tracing of OpenAI's Agents SDK exports: traces and spans, as the SDK posts them or a processor of your own writes them. */
export const openaiAgents: Format = {
  name: 'openai-agents',
  title: 'OpenAI Agents SDK: exported traces and spans (Python and TypeScript)',
  status: 'experimental',
  obtain:
    'Add a TracingProcessor (add_trace_processor) whose on_trace_end and on_span_end append trace.export() and span.export() to a file.',
  lacks: [
    ...[
      'prompt.name',
      'prompt.version',
      'prompt.variables',
      'user',
      'tenant',
      'environment',
      'release',
      'request',
      'cost',
    ],
    ...['documents', 'documents.score', 'feedback', 'scores', 'retries'],
  ],
  containers: ['/data'],
  detects: (record) => isObject(record) && (isOurs(record) || (Array.isArray(record.data) && isOurs(record.data[0]))),
  read,
}

function isOurs(record: Json | undefined): boolean {
  if (!isObject(record)) return false
  return record.object === 'trace.span' || (record.object === 'trace' && record.workflow_name !== undefined)
}

function read(record: Json, keys: KeyPaths): Reading {
  const reading = emptyReading()
  const row = rowOf(record, reading)
  if (row === undefined) return reading
  if (isOurs(row)) readItem(row, keys, reading, '')
  else
    for (const [index, item] of (row.data as Json[]).entries()) // a list, by detects
      if (isObject(item) && isOurs(item)) readItem(item, keys, reading, `data.${index}.`)
      else reading.problems.push(`data.${index}: expected a trace or a span; left out`)
  return reading
}

function readItem(item: JsonObject, keys: KeyPaths, reading: Reading, at: string): void {
  const isTrace = item.object === 'trace'
  const id = readId(item.id, isTrace ? 16 : 8)
  const traceId = isTrace ? id : readId(item.trace_id, 16)
  if (id === undefined || traceId === undefined) {
    reading.problems.push(`${at}${id === undefined ? 'id' : 'trace_id'}: expected text; span left out`)
    return
  }
  if (isTrace) readTrace(item, id, keys, reading)
  else readSpan(item, { traceId, spanId: id }, keys, reading)
}

const traceKeys = new Set(['object', 'id', 'tracing_api_key', 'tracing'])

function readTrace(trace: JsonObject, id: string, keys: KeyPaths, reading: Reading): void {
  const row = openRow(trace, 'openai-agents', traceKeys, reading)
  const workflow = row.take('workflow_name')
  const session = row.take('group_id')
  const metadata = row.take('metadata')
  row.take('object')
  row.take('id')
  row.take('tracing_api_key') // a secret of the exporter's
  const attributes = metadata === undefined ? row.rest() : { metadata, ...row.rest() }
  const name = typeof workflow === 'string' ? workflow : 'trace'
  addSpan(
    reading,
    { traceId: id, spanId: id, name, isRollup: true, attributes, stated: { kind: 'workflow', workflow, session } },
    keys,
  )
}

const spanKeys = new Set<string>()

function readSpan(span: JsonObject, ids: { traceId: string; spanId: string }, keys: KeyPaths, reading: Reading): void {
  const row = openRow(span, 'openai-agents', spanKeys, reading)
  for (const key of ['object', 'id', 'trace_id', 'parent_id', 'span_data']) row.take(key)
  const start = readMoment(row.take('started_at'))
  const end = readMoment(row.take('ended_at'))
  const error = row.take('error')
  const metadata = row.take('metadata')
  if (!isObject(span.span_data)) reading.problems.push('span_data: expected an object')
  const data = readSpanData(isObject(span.span_data) ? span.span_data : {}, reading)
  const attributes = { ...data.attributes, ...row.rest() }
  if (metadata !== undefined) attributes.metadata = metadata
  if (isObject(error) && error.data !== undefined && error.data !== null)
    attributes['openai-agents.error.data'] = error.data
  const isOver = end.ms !== undefined
  addSpan(
    reading,
    {
      ...ids,
      parentId: readParentId(span.parent_id),
      name: data.name,
      startMs: start.ms,
      endMs: end.ms,
      status: error !== undefined ? 'error' : isOver ? 'ok' : 'unset',
      statusMessage: messageOf(error),
      attributes,
      stated: data.stated,
    },
    keys,
  )
}
