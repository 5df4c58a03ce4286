import type { Attributes, Json, SpanKind } from '../../core/span.js'
import { errorMessage } from '../error-text.js'
import type { RawSpan, Reading } from '../format.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import { spreadMetadata } from '../spread-metadata.js'
import { readMoment } from '../time.js'
import { runColumns } from './columns.js'
import { readEvents, readRetries } from './events.js'
import { type Holder, type RunIds, readRunIds } from './ids.js'
import { readTexts } from './io.js'
import { readUsage } from './usage.js'

/** Columns that say again what a field of the span holds. */
const repeated = ['run_id', 'id', 'trace_id', 'parent_run_id', 'dotted_order', 'parent_run_ids'] as const

const kinds: Record<string, SpanKind> = {
  llm: 'llm',
  chain: 'chain',
  tool: 'tool',
  retriever: 'retriever',
  embedding: 'embedding',
  prompt: 'prompt',
  parser: 'other',
}

/** One run as a span; undefined, with a problem, when it cannot be identified. `at` is its place in the record, for problems. */
export function readRun(
  run: JsonObject,
  holder: Holder | undefined,
  reading: Reading,
  at: string,
): RawSpan | undefined {
  const ids = readRunIds(run, holder)
  if (typeof ids === 'string') {
    reading.problems.push(at + ids)
    return undefined
  }
  const row = openRow(run, 'langsmith', runColumns, reading)
  for (const key of repeated) row.take(key)
  row.take('child_runs')
  const time = (key: string) => readTime(row.take(key), `${at}${key}`, reading)
  const [start, end] = [time('start_time'), time('end_time')]
  const extra = takeObject(run, row, 'extra', at, reading)
  const metadata = {
    ...(isObject(extra.metadata) ? extra.metadata : {}),
    ...takeObject(run, row, 'metadata', at, reading),
    ...takeObject(run, row, 'custom_metadata', at, reading),
  }
  const kind = readKind(run, row, ids) ?? kindOfCall(metadata)
  const serialized = row.take('serialized')
  const texts = { inputs: unpacked(row.take('inputs')), outputs: unpacked(row.take('outputs')), extra, metadata }
  const { usage, costUsd } = readUsage(row, texts.outputs, metadata)
  const error = row.take('error')
  const name = row.take('name')
  const tags = row.take('tags')
  const happened = unpacked(row.take('events'))
  const revision = row.take('revision_id') ?? metadata.revision_id
  const stated = {
    ...readTexts({ ...texts, serialized: unpacked(serialized) }, kind),
    kind,
    usage,
    costUsd,
    toolName: kind === 'tool' ? name : undefined,
    session: row.take('thread_id'),
    environment: metadata.environment ?? metadata.ls_env ?? metadata.env,
    release: metadata.release ?? metadata.git_sha ?? metadata.commit_sha ?? revision,
    tags,
    retries: readRetries(tags, happened),
  }
  return {
    traceId: ids.traceId,
    spanId: ids.spanId,
    parentId: ids.parentId,
    name: typeof name === 'string' ? name : '',
    startMs: start.ms,
    startNs: start.ns,
    endMs: end.ms,
    endNs: end.ns,
    status: readStatus(row.take('status'), error, `${at}status`, reading),
    statusMessage: errorMessage(error),
    events: readEvents(happened),
    links: [],
    resource: Object.create(null),
    attributes: attributesOf({ row, extra, metadata, serialized, error, outputs: texts.outputs, kind }),
    stated,
  }
}

/** A chain without a parent is the workflow itself. Words of an application's own are kept and mean nothing to us. */
function readKind(run: JsonObject, row: PlatformRow, ids: RunIds): SpanKind | undefined {
  const word = typeof run.run_type === 'string' ? run.run_type.toLowerCase() : ''
  const kind = Object.hasOwn(kinds, word) ? kinds[word] : undefined
  if (kind !== undefined) row.take('run_type')
  return kind === 'chain' && ids.parentId === undefined && ids.knowsParent ? 'workflow' : kind
}

/** An update that does not repeat its type tells by what LangChain's models and wrapped clients note in its metadata. */
function kindOfCall({ ls_model_type: type }: JsonObject): SpanKind | undefined {
  return type === 'chat' || type === 'llm' ? 'llm' : undefined
}

function attributesOf(given: {
  row: PlatformRow
  extra: JsonObject
  metadata: JsonObject
  serialized: Json | undefined
  error: Json | undefined
  outputs: Json | undefined
  kind: SpanKind | undefined
}): Attributes {
  const { row, extra, metadata, serialized, error, outputs, kind } = given
  const attributes = row.rest()
  spreadMetadata(metadata, attributes)
  for (const key of Object.keys(extra))
    if ((key !== 'metadata' || !isObject(extra[key])) && extra[key] !== null)
      attributes[`langsmith.extra.${key}`] = extra[key]!
  if (serialized !== undefined) attributes['langsmith.serialized'] = serialized
  if (error !== undefined && error !== errorMessage(error)) attributes['langsmith.error'] = error
  // The provider's id of the answer, under the name by which it is known to be that.
  if (kind === 'llm' && isObject(outputs) && typeof outputs.id === 'string')
    attributes['gen_ai.response.id'] = outputs.id
  return attributes
}

function readStatus(
  status: Json | undefined,
  error: Json | undefined,
  at: string,
  reading: Reading,
): RawSpan['status'] {
  const word = typeof status === 'string' ? status.toLowerCase() : undefined
  if (error !== undefined || word === 'error') return 'error'
  if (word === 'success') return 'ok'
  if (status !== undefined && word !== 'pending' && word !== 'interrupted')
    reading.problems.push(`${at}: expected success, error or pending`)
  return 'unset'
}

function readTime(value: Json | undefined, at: string, reading: Reading): { ms?: number; ns?: string } {
  const moment = readMoment(value)
  if (value !== undefined && moment.ms === undefined) reading.problems.push(`${at}: expected a date and time; left out`)
  return moment
}

/** A column that should hold an object; what is none stays with the rest. */
function takeObject(run: JsonObject, row: PlatformRow, key: string, at: string, reading: Reading): JsonObject {
  const value = Object.hasOwn(run, key) ? unpacked(run[key]) : undefined
  if (isObject(value)) {
    row.take(key)
    return value
  }
  if (value !== undefined && value !== null && value !== '') reading.problems.push(`${at}${key}: expected an object`)
  return {}
}

function unpacked(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : unpack(value)
}
