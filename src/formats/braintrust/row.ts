import type { Attributes, Json, SpanKind } from '../../core/span.js'
import { errorMessage } from '../error-text.js'
import type { RawSpan, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { openRow } from '../platform-row.js'
import { spreadMetadata } from '../spread-metadata.js'
import { readMoment } from '../time.js'
import { type KnownRow, revisionOf } from './memory.js'
import { isPlaceholder, readMetrics } from './metrics.js'
import { readTexts } from './texts.js'

/** Columns of rows in some version of the API, beside those that are read. */
const known: ReadonlySet<string> = new Set([
  ...[
    '_async_scoring_control',
    '_async_scoring_state',
    '_audit_metadata',
    '_audit_source',
    '_merge_paths',
    '_parent_id',
  ],
  ...[
    '_array_delete',
    '_is_merge',
    '_object_delete',
    '_pagination_key',
    '_skip_async_scoring',
    'audit_data',
    'children',
  ],
  ...[
    'classifications',
    'comment',
    'comments',
    'context',
    'model', // repeats metadata's
    'dataset_id',
    'dataset_record_id',
    'dataset_xact_id',
    'created',
  ],
  ...['expected', 'experiment_id', 'facets', 'is_root', 'log_id', 'metric_keys', 'org_id', 'origin', 'project_id'],
  ...['prompt_session_id', 'scores', 'span_parents', 'span_type_info', 'tags', 'type', 'name', 'attributes', 'score'],
])

/** Columns that were judged, or that say again what a field of the span holds. */
const spent = ['scores', 'comments', 'comment', 'span_id', 'root_span_id', '_xact_id', 'id', 'children', '_is_merge']

const kinds: Record<string, SpanKind> = {
  llm: 'llm',
  tool: 'tool',
  function: 'chain',
  task: 'chain',
  eval: 'workflow',
  score: 'evaluator',
  review: 'evaluator',
  classifier: 'evaluator',
  facet: 'other',
  preprocessor: 'other',
  automation: 'other',
}

/** Where a row stands: its span, what earlier rows said of it, its place in the record for problems. */
export interface Place extends KnownRow {
  at: string
}

/** One row, or one fragment of it, as a span: it says what the row itself says, and fragments say no more than that. */
export function readRow(given: JsonObject, place: Place, reading: Reading): RawSpan {
  const { at } = place
  const row = openRow(given, 'braintrust', known, reading)
  for (const key of spent) row.take(key)
  const own = objectOf(row.take('span_attributes', 'attributes'), `${at}span_attributes`, reading)
  const { name = row.take('name'), type = row.take('type'), exec_counter, ...more } = own
  const parents = parentsOf(row.take('span_parents', 'parent_id'), `${at}span_parents`, reading)
  const parentId = parents[0] ?? place.parentId
  const isFragment = given._is_merge === true
  const isRoot =
    parentId === undefined &&
    given.is_root !== false &&
    given.is_root !== 'false' &&
    (!isFragment || place.versions > 0)
  const details = row.take('metadata')
  const metadata = objectOf(details, `${at}metadata`, reading)
  const texts = { input: unpacked(row.take('input')), output: unpacked(row.take('output')), metadata, name }
  const kind = kindOf(type, isRoot, `${at}span_attributes.type`, reading) ?? place.kind
  const error = given.error === false ? undefined : row.take('error')
  const metrics = unpacked(row.take('metrics'))
  const tags = row.take('tags')
  const isTimed = isObject(metrics) && (metrics.start ?? metrics.end ?? null) !== null
  // A row that was inserted without its times happened about when it came in; a fragment's row has its times elsewhere.
  const created = isTimed || isFragment ? undefined : row.take('created')
  const attributes: Attributes = row.rest()
  const { start, end, usage, costUsd } = readMetrics(metrics, attributes, reading, at)
  const started = created === undefined ? start : readCreated(created)
  for (const key of Object.keys(more)) attributes[key] = more[key]!
  spreadMetadata(details, attributes)
  if (kind === undefined && type !== undefined) attributes['braintrust.type'] = type
  if (error !== undefined && error !== errorMessage(error)) attributes['braintrust.error'] = error
  const prompt = isObject(metadata.prompt) ? metadata.prompt : {}
  return {
    traceId: place.traceId,
    spanId: place.spanId,
    parentId,
    name: typeof name === 'string' ? name : '',
    startMs: started.ms,
    startNs: started.ns,
    endMs: end.ms,
    endNs: end.ns,
    status: error !== undefined ? 'error' : 'unset',
    statusMessage: errorMessage(error),
    events: [],
    links: parents.slice(1).map((spanId) => ({ traceId: place.traceId, spanId })),
    resource: Object.create(null),
    attributes,
    recordId: textOf(given.id),
    revision:
      revisionOf(given._xact_id) ?? (place.versions > 0 || isFragment ? Math.max(place.versions, 1) : undefined),
    promptId: textOf(prompt.id),
    stated: { ...readTexts(texts, kind), usage, costUsd, tags },
  }
}

/** A trace's own task is the workflow. Types that are not known to us are told, since they may mean a newer API. */
function kindOf(type: Json | undefined, isRoot: boolean, at: string, reading: Reading): SpanKind | undefined {
  if (type === undefined || type === null || type === '') return undefined
  const kind = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined
  if (kind === undefined) reading.problems.push(`${at}: expected one of ${Object.keys(kinds).join(', ')}`)
  return isRoot && type === 'task' ? 'workflow' : kind
}

function parentsOf(value: Json | undefined, at: string, reading: Reading): string[] {
  const list = typeof value === 'string' ? unpack(value) : value
  if (list === undefined) return []
  const ids = (Array.isArray(list) ? list : [list]).map((id) => readId(id, 8))
  const found = ids.filter((id) => id !== undefined)
  if (found.length < ids.length) reading.problems.push(`${at}: expected a list of ids`)
  return found
}

function readCreated(created: Json | undefined): { ms?: number; ns?: string } {
  return created === undefined || isPlaceholder(created) ? {} : readMoment(created)
}

function objectOf(value: Json | undefined, at: string, reading: Reading): JsonObject {
  const given = unpacked(value)
  if (isObject(given)) return given
  if (given !== undefined) reading.problems.push(`${at}: expected an object`)
  return {}
}

function unpacked(value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : unpack(value)
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
