import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import { isIngestionEvent } from './event.js'
import { isObservationType } from './observation.js'
import { isScoreSource } from './score.js'

/** What a record of Langfuse is; `page` and `batch` hold others, `answer` holds one of them. */
export type LangfuseShape =
  | 'download'
  | 'trace'
  | 'observation'
  | 'score'
  | 'comment'
  | 'session'
  | 'prompt'
  | 'prompt list entry'
  | 'event'
  | 'batch'
  | 'page'
  | 'answer'
  | 'empty download'
  | 'empty page'
  | 'manifest'
  | 'acknowledgement'

/** What a record is, by its keys alone; undefined for what is none of Langfuse's. */
export function shapeOf(record: Json): LangfuseShape | undefined {
  return isObject(record) ? (shapeOfItem(record) ?? shapeOfWhole(record)) : undefined
}

/** The same for a record that stands in a page. */
export function shapeOfItem(record: JsonObject): LangfuseShape | undefined {
  if (isObservation(record)) return 'observation'
  if (isTrace(record)) return 'trace'
  if (isScore(record)) return 'score'
  if (isIngestionEvent(record)) return 'event'
  if (has(record, 'objectType', 'objectId', 'content')) return 'comment'
  if (isSession(record)) return 'session'
  if (has(record, 'name', 'versions', 'labels', 'lastUpdatedAt')) return 'prompt list entry'
  return has(record, 'name', 'version', 'prompt', 'labels', 'config', 'type') ? 'prompt' : undefined
}

function shapeOfWhole(record: JsonObject): LangfuseShape | undefined {
  const { observations, scores, batch, data, trace } = record
  if (Array.isArray(observations) || Array.isArray(scores))
    return isObject(trace) ? (has(trace, 'id') ? 'download' : undefined) : shapeOfNewDownload(observations, scores)
  if (Array.isArray(batch)) return isIngestionEvent(batch[0]) ? 'batch' : undefined
  if (Array.isArray(data)) return shapeOfPage(record, data)
  if (isObject(trace) && isTrace(trace)) return 'download'
  if (isObject(data) && shapeOfAnswer(data) !== undefined) return 'answer'
  if (has(record, 'exportSource', 'window', 'tables', 'files')) return 'manifest'
  return Array.isArray(record.successes) && Array.isArray(record.errors) ? 'acknowledgement' : undefined
}

/** What an SDK's answer has in its `data`: one record, or a page of them. */
export function shapeOfAnswer(data: JsonObject): LangfuseShape | undefined {
  return shapeOfItem(data) ?? (Array.isArray(data.data) ? shapeOfPage(data, data.data) : undefined)
}

/** Of a large one, the parts that it was split into have one of both lists. */
function shapeOfNewDownload(observations: Json | undefined, scores: Json | undefined): LangfuseShape | undefined {
  const observation = Array.isArray(observations) ? observations[0] : undefined
  const score = Array.isArray(scores) ? scores[0] : undefined
  if (isObject(observation)) return isObservation(observation) ? 'download' : undefined
  if (isObject(score)) return isScore(score) ? 'download' : undefined
  return Array.isArray(observations) && Array.isArray(scores) ? 'empty download' : undefined
}

function shapeOfPage(record: JsonObject, data: Json[]): LangfuseShape | undefined {
  const [first] = data
  if (first !== undefined) return isObject(first) && shapeOfItem(first) !== undefined ? 'page' : undefined
  const { meta } = record
  if (!isObject(meta)) return undefined
  return has(meta, 'totalItems') || Object.keys(meta).length === 0 ? 'empty page' : undefined
}

function isObservation(record: JsonObject): boolean {
  if (has(record, 'traceId', 'startTime')) return isObservationType(record.type) || has(record, 'parentObservationId')
  if (!has(record, 'trace_id', 'start_time')) return false
  return isObservationType(record.type) || has(record, 'parent_observation_id')
}

function isTrace(record: JsonObject): boolean {
  return (
    has(record, 'id', 'timestamp', 'tags') &&
    (has(record, 'bookmarked') || has(record, 'htmlPath') || has(record, 'public'))
  )
}

function isScore(record: JsonObject): boolean {
  return isScoreSource(record.source) && has(record, 'name') && scoreMarks.some((key) => Object.hasOwn(record, key))
}

const scoreMarks = ['dataType', 'data_type', 'stringValue', 'string_value', 'value']

function isSession(record: JsonObject): boolean {
  if (has(record, 'id', 'countTraces')) return true
  if (!has(record, 'id', 'createdAt', 'projectId', 'environment')) return false
  return Array.isArray(record.traces) || Object.keys(record).length === 4
}

function has(record: JsonObject, ...keys: string[]): boolean {
  return keys.every((key) => Object.hasOwn(record, key))
}
