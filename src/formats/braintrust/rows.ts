import type { Json } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { readRemarks, readRowScores } from './judgements.js'
import type { KnownRow, RowMemory } from './memory.js'
import { readRow } from './row.js'

/** Feedback that came before its row waits for it: so many rows, each no longer than that as text. */
const mostWaiting = 1000
const longestWaiting = 16_384

/** Columns of which one at least says something of the span itself; without any, a row only judges it. */
const describes = [
  'input',
  'output',
  'expected',
  'error',
  'tags',
  'metadata',
  'metrics',
  'span_attributes',
  'root_span_id',
]

/** True for a row of a dataset, which has the ids of a span and is none. */
export function isDatasetRow(row: JsonObject): boolean {
  return typeof row.dataset_id === 'string' && !('experiment_id' in row) && !('log_id' in row) && !isObject(row.metrics)
}

/**
 * Reads the rows of one file in their order. `logFeedback` and `updateSpan` of the SDKs write fragments that name their row by its
 * `id` alone, so ids are remembered; feedback may come before the row.
 */
export function createRowReader(memory: RowMemory, keys: KeyPaths) {
  const waiting: { row: JsonObject; at: string }[] = []

  function read(row: JsonObject, reading: Reading, at: string): void {
    const place = placeOf(row)
    if (row._object_delete === true) readDeletion(row, reading, at)
    else if (isDatasetRow(row)) skip(reading, 'rows of datasets')
    else if ('prompt_data' in row && 'slug' in row) readPrompt(row, reading, at)
    else if ('prompt_session_id' in row && !('root_span_id' in row)) skip(reading, 'rows of playgrounds')
    else if (place !== undefined) readAt(row, place, reading, at)
    else if (waiting.length < mostWaiting && JSON.stringify(row).length <= longestWaiting) waiting.push({ row, at })
    else refuse(reading, at)
  }

  /** Where the row belongs: its own ids, else those of the row that it names. */
  function placeOf(row: JsonObject): KnownRow | undefined {
    const traceId = readId(row.root_span_id, 16)
    const spanId = readId(row.span_id, 8)
    const named = isObject(row.comment) && isObject(row.origin) ? row.origin.id : row.id
    const before = memory.find(named)
    if (spanId === undefined || traceId === undefined) return before
    return before ?? { traceId, spanId, versions: 0 }
  }

  function readAt(row: JsonObject, place: KnownRow, reading: Reading, at: string): void {
    const { traceId, spanId } = place
    readRemarks(row, { traceId, spanId }, reading)
    readRowScores(row, { traceId, spanId }, isReview(row), reading, at)
    if (!describes.some((key) => Object.hasOwn(row, key))) return
    const raw = readRow(row, { ...place, at }, reading)
    const kind = raw.stated?.kind
    memory.keep(row.id, { traceId, spanId, parentId: raw.parentId, kind, versions: place.versions + 1 })
    addSpan(reading, raw, keys, at)
  }

  return {
    read,
    /** What waited and never met its row is a problem. */
    end(reading: Reading): void {
      for (const { row, at } of waiting.splice(0)) {
        const place = placeOf(row)
        if (place === undefined) refuse(reading, at)
        else readAt(row, place, reading, at)
      }
    },
  }
}

function isReview({ span_attributes: attributes }: JsonObject): boolean {
  return isObject(attributes) && attributes.type === 'review'
}

function readDeletion(row: JsonObject, reading: Reading, at: string): void {
  if (typeof row.id === 'string' && row.id !== '') reading.deleted.push(row.id)
  else reading.problems.push(`${at}id: expected text; deletion left out`)
}

/** The slug names a prompt in code and is one of a kind; the name is for show. */
function readPrompt(row: JsonObject, reading: Reading, at: string): void {
  const name = textOf(row.slug) ?? textOf(row.name)
  const id = textOf(row.id)
  if (id !== undefined && name !== undefined) reading.prompts.push({ id, name })
  else reading.problems.push(`${at}id, slug: expected text; prompt left out`)
}

function skip(reading: Reading, what: string): void {
  reading.skipped[what] = (reading.skipped[what] ?? 0) + 1
}

function refuse(reading: Reading, at: string): void {
  reading.problems.push(`${at}span_id, root_span_id: expected text, or the id of another row of the file; row left out`)
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
