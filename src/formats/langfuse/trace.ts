import type { Json, Span } from '../../core/span.js'
import { resolveSpan } from '../dialects/resolve.js'
import type { KeyPaths, RawSpan, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { Stated } from '../stated.js'
import { traceColumns } from './columns.js'
import { readExtras } from './extras.js'
import { splitMetadata } from './metadata.js'
import { readEnvironment, readObservation } from './observation.js'
import { type LangfuseRow, openLangfuseRow } from './row.js'
import { readScore } from './score.js'

/** Where a row about a trace stands. */
export interface TracePlace {
  /** Its place in the record, for problems. */
  at: string
  /** When it was written, where the row does not say (ingestion events). */
  revision?: number | undefined
  /** The observations beside the row, in a download; else it may have them with it. */
  observations?: { at: string; rows: readonly Json[] } | undefined
}

/** Reads a row about a whole trace, with the observations and scores that come with it. */
export function readTrace(given: JsonObject, place: TracePlace, keys: KeyPaths, reading: Reading): void {
  const row = openLangfuseRow(given, traceColumns, reading, place.at)
  const own = listAt(row, 'observations')
  const scores = [...listAt(row, 'scores'), ...listAt(row, 'corrections')]
  const traceId = readId(row.take('id'), 16)
  if (traceId === undefined) row.complain('id: expected text; trace left out')
  const raw = readRaw(row, traceId ?? '', place)
  const { user, session, release, environment, workflow, tags } = raw.stated!
  const trace = { user, session, release, environment, workflow, tags }
  // A download repeats its observations, without their content, inside the trace.
  const observations = place.observations?.rows.length
    ? place.observations
    : { at: `${place.at}observations.`, rows: own }
  readObservations(observations, { traceId, trace }, keys, reading)
  // In the list of traces, observations and scores are ids alone.
  for (const [index, score] of scores.entries())
    if (isObject(score)) readScore(score, `${place.at}scores.${index}.`, reading, { traceId })
  if (traceId === undefined) return
  readExtras(row, { traceId }, reading)
  Object.assign(raw.attributes, row.rest())
  const { span, problems } = resolveSpan(raw, keys)
  reading.spans.push(withoutCalls(span, raw))
  for (const problem of problems) row.complain(problem)
}

/** The row repeats its root's attributes: what they say of a model call is the root's alone. They all stay. */
function withoutCalls(span: Span, raw: RawSpan): Span {
  const calls = {
    usage: undefined,
    costUsd: undefined,
    provider: undefined,
    requestModel: undefined,
    responseModel: undefined,
  }
  const attributes = Object.keys(raw.attributes).length === 0 ? undefined : raw.attributes
  // A change that leaves the name out tells of no workflow.
  return { ...span, ...calls, workflow: span.workflow || undefined, content: { ...span.content, attributes } }
}

/** The observations of one list; what is no object, and no id, is a problem. */
export function readObservations(
  { at, rows }: { at: string; rows: readonly Json[] },
  known: { traceId?: string | undefined; trace?: Stated | undefined },
  keys: KeyPaths,
  reading: Reading,
): void {
  for (const [index, observation] of rows.entries()) {
    if (isObject(observation)) readObservation(observation, { ...known, at: `${at}${index}.` }, keys, reading)
    else if (typeof observation !== 'string') reading.problems.push(`${at}${index}: expected an object; left out`)
  }
}

function readRaw(row: LangfuseRow, traceId: string, place: TracePlace): RawSpan {
  const metadata = splitMetadata(row.take('metadata'))
  const { attributes } = metadata
  const start = row.moment('timestamp')
  const name = row.text('name')
  return {
    traceId,
    spanId: traceId,
    name: name ?? '',
    startMs: start.ms,
    startNs: start.ns,
    status: 'unset',
    attributes,
    events: [],
    links: [],
    resource: metadata.resource,
    scope: metadata.scope,
    stated: {
      kind: 'workflow',
      user: row.text('userId'),
      session: row.text('sessionId'),
      release: row.text('release'),
      environment: readEnvironment(row, attributes),
      workflow: name,
      tags: row.take('tags'),
      input: row.take('input'),
      output: row.take('output'),
    },
    isRollup: true,
    revision: row.moment('updatedAt').ms ?? place.revision,
  }
}

function listAt(row: LangfuseRow, name: string): Json[] {
  const given = row.take(name)
  const list = given === undefined ? [] : unpack(given)
  if (Array.isArray(list)) return list
  row.complain(`${name}: expected a list`)
  return []
}
