import type { Json } from '../../core/span.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { msOfMoment } from '../time.js'
import { isObservationType, readObservation } from './observation.js'
import { readScore } from './score.js'
import { readTrace } from './trace.js'

/** Ingestion events that tell of no observation. */
const others: ReadonlySet<string> = new Set(['trace-create', 'score-create', 'sdk-log', 'dataset-run-item-create'])

/** True for one event of Langfuse's ingestion: `{id, timestamp, type: "generation-create", body}`. */
export function isIngestionEvent(record: Json | undefined): record is JsonObject {
  return isObject(record) && typeof record.type === 'string' && isObject(record.body) && isEventType(record.type)
}

function isEventType(type: string): boolean {
  return others.has(type) || typeOf(type) !== undefined
}

/** Langfuse's type of observation (or `OBSERVATION`, which its body names) that an event creates or changes. */
function typeOf(eventType: string): string | undefined {
  const dash = eventType.lastIndexOf('-')
  const change = eventType.slice(dash + 1)
  if (change !== 'create' && change !== 'update') return undefined
  const type = eventType.slice(0, dash).toUpperCase()
  return isObservationType(type) || type === 'OBSERVATION' ? type : undefined
}

/**
 * Reads one event. Creations and changes of an observation share the id in their body, so each gives what it knows and they
 * merge; `traces` tells the trace of an observation whose change leaves it out.
 */
export function readEvent(
  event: JsonObject,
  at: string,
  traces: ReadonlyMap<Json, Json> | undefined,
  keys: KeyPaths,
  reading: Reading,
): void {
  const { type, body, timestamp } = event
  if (typeof type !== 'string' || !isObject(body)) {
    reading.problems.push(`${at}type: expected an ingestion event; left out`)
    return
  }
  const revision = msOfMoment(timestamp)
  const inBody = `${at}body.`
  if (type === 'trace-create') readTrace(body, { at: inBody, revision }, keys, reading)
  else if (type === 'score-create')
    readScore({ timestamp: timestamp ?? null, source: 'API', ...body }, inBody, reading, {})
  else if (type === 'sdk-log') skip(reading, 'SDK logs')
  else if (type === 'dataset-run-item-create') skip(reading, 'dataset run items')
  else {
    const traceId = readId(traces?.get(body.id ?? null), 16)
    const word = typeOf(type)
    const known = { traceId, type: word === 'OBSERVATION' ? undefined : word, isUpdate: type.endsWith('-update') }
    readObservation(body, { at: inBody, revision, ...known }, keys, reading)
  }
}

/** Reads one batch, as an SDK posts it. */
export function readBatch(events: readonly Json[], keys: KeyPaths, reading: Reading): void {
  const traces = new Map<Json, Json>()
  for (const event of events)
    if (isObject(event) && isObject(event.body) && typeof event.body.traceId === 'string')
      traces.set(event.body.id ?? null, event.body.traceId)
  for (const [index, event] of events.entries()) {
    const at = `batch.${index}.`
    if (isIngestionEvent(event)) readEvent(event, at, traces, keys, reading)
    else reading.problems.push(`${at}type: expected an ingestion event; left out`)
  }
}

function skip(reading: Reading, what: string): void {
  reading.skipped[what] = (reading.skipped[what] ?? 0) + 1
}
