import type { Attributes, Json, SpanKind, SpanStatus } from '../../core/span.js'
import { resolveSpan } from '../dialects/resolve.js'
import type { KeyPaths, RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { Stated } from '../stated.js'
import { observationColumns } from './columns.js'
import { readExtras } from './extras.js'
import { type LangfuseMetadata, splitMetadata } from './metadata.js'
import { type LangfuseRow, openLangfuseRow } from './row.js'
import { readToolCalls, withToolCalls } from './tool-calls.js'
import { readRowCost, readRowUsage } from './usage.js'

/** What is known of an observation beside its row: its trace's fields, or the ingestion event that it came in. */
export interface Surroundings {
  /** Its place in the record, for problems. */
  at: string
  traceId?: string | undefined
  /** Fields of the trace, for its roots. */
  trace?: Stated | undefined
  /** Langfuse's word for the type, where the row does not name it. */
  type?: string | undefined
  /** The row changes another one: what it lacks is not absent. */
  isUpdate?: boolean
  revision?: number | undefined
}

/** Types of observations; `SPAN` and `EVENT` say nothing of the kind of work. */
const kinds: ReadonlyMap<string, SpanKind | undefined> = new Map([
  ['GENERATION', 'llm'],
  ['AGENT', 'agent'],
  ['TOOL', 'tool'],
  ['CHAIN', 'chain'],
  ['RETRIEVER', 'retriever'],
  ['EMBEDDING', 'embedding'],
  ['EVALUATOR', 'evaluator'],
  ['GUARDRAIL', 'guardrail'],
  ['SPAN', undefined],
  ['EVENT', undefined],
])

/** True for the words by which Langfuse types observations. */
export function isObservationType(word: Json | undefined): boolean {
  return typeof word === 'string' && kinds.has(word)
}

/** Reads one observation, in whatever export it stands, into a span. */
export function readObservation(given: JsonObject, known: Surroundings, keys: KeyPaths, reading: Reading): void {
  const row = openLangfuseRow(given, observationColumns, reading, known.at)
  const traceId = readId(row.take('traceId'), 16) ?? known.traceId
  const spanId = readId(row.take('id'), 8)
  if (traceId === undefined || spanId === undefined) {
    row.complain(`${traceId === undefined ? 'traceId' : 'id'}: expected text; span left out`)
    return
  }
  const raw = readRaw(row, traceId, spanId, known)
  const calls = raw.stated?.kind === 'llm' ? readToolCalls(row) : []
  readExtras(row, { traceId, spanId }, reading)
  for (const sum of sums) row.take(sum)
  Object.assign(raw.attributes, row.rest())
  const { span, ...found } = resolveSpan(raw, keys)
  // The name of a root is no workflow's name where the trace has one of its own, which may come with another row.
  const isGuess = raw.stated?.workflow === undefined && (known.isUpdate === true || span.workflow === raw.name)
  reading.spans.push(withToolCalls(isGuess ? { ...span, workflow: undefined } : span, calls))
  reading.scores.push(...found.scores)
  reading.feedback.push(...found.feedback)
  for (const problem of found.problems) row.complain(problem)
}

/** Sums of the usage and cost details beside them, 0 where these say nothing. */
const sums = [
  ...['inputUsage', 'outputUsage', 'totalUsage', 'inputCost', 'outputCost', 'totalCost'],
  ...['calculatedInputCost', 'calculatedOutputCost', 'calculatedTotalCost', 'internalModel'],
]

function readRaw(row: LangfuseRow, traceId: string, spanId: string, known: Surroundings): RawSpan {
  const type = row.word('type', kinds, "one of Langfuse's types of observations") ?? known.type
  const metadata = splitMetadata(row.take('metadata'))
  // An observation that the SDK marks as the application's root keeps the id of a parent that was never exported.
  const isAppRoot = row.columns.isRootObservation === true || row.columns.isRootObservation === 'true'
  const parentId = isAppRoot ? undefined : readParentId(row.take('parentObservationId'))
  const isRoot = parentId === undefined && known.isUpdate !== true
  const start = row.moment('startTime')
  const end = row.moment('endTime')
  const name = row.text('name') ?? ''
  return {
    traceId,
    spanId,
    parentId,
    name,
    startMs: start.ms,
    startNs: start.ns,
    // An event is a moment; it never ends later.
    endMs: end.ms ?? (type === 'EVENT' ? start.ms : undefined),
    endNs: end.ns,
    status: levels.get(row.word('level', levels, 'DEBUG, DEFAULT, WARNING or ERROR') ?? '') ?? 'unset',
    statusMessage: row.text('statusMessage'),
    attributes: metadata.attributes,
    events: [],
    links: [],
    resource: metadata.resource,
    scope: metadata.scope,
    stated: overTrace(readStated(row, type, name, metadata), isRoot ? known.trace : undefined),
    defaultKind: known.isUpdate ? undefined : defaultKind(type, isRoot, metadata),
    revision: row.moment('updatedAt').ms ?? known.revision,
    promptId: row.text('promptId'),
  }
}

/** A step that the application names by Langfuse's own SDK is one; other instrumentations' plain spans may be plumbing. */
function defaultKind(type: string | undefined, isRoot: boolean, metadata: LangfuseMetadata): SpanKind | undefined {
  if (type !== 'SPAN') return undefined
  if (isRoot) return 'workflow'
  return metadata.scope === undefined || metadata.scope.startsWith('langfuse') ? 'chain' : undefined
}

const levels: ReadonlyMap<string, SpanStatus> = new Map([
  ['DEBUG', 'ok'],
  ['DEFAULT', 'ok'],
  ['WARNING', 'ok'],
  ['ERROR', 'error'],
])

function readStated(row: LangfuseRow, type: string | undefined, name: string, metadata: LangfuseMetadata): Stated {
  const { attributes } = metadata
  for (const column of ['usageDetails', 'costDetails', 'usage']) {
    const value = row.columns[column]
    if (value !== undefined && value !== null && value !== '' && !isObject(unpack(value)))
      row.complain(`${column}: expected an object`)
  }
  const settings = readSettings(row, attributes)
  const stated: Stated = {
    kind: type === undefined ? undefined : kinds.get(type),
    usage: readRowUsage(row.columns),
    costUsd: readRowCost(row.columns),
    requestModel: row.text('model') ?? row.text('providedModelName'),
    promptName: row.text('promptName'),
    promptVersion: row.text('promptVersion'),
    settings,
    input: row.take('input'),
    output: row.take('output'),
    user: row.text('userId'),
    session: row.text('sessionId'),
    environment: readEnvironment(row, attributes),
    release: row.text('release'),
    workflow: row.text('traceName'),
    tags: row.take('tags') ?? row.take('traceTags'),
  }
  if (type === 'TOOL' && !toolNames.some((key) => attributes[key] !== undefined)) stated.toolName = name
  return stated
}

const toolNames = ['gen_ai.tool.name', 'tool.name', 'ai.toolCall.name']

/** What a row states, and of its trace what it leaves open. */
function overTrace(stated: Stated, trace: Stated | undefined): Stated {
  if (trace === undefined) return stated
  return { ...trace, ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)) }
}

/** Model parameters; Langfuse keeps the provider among them, as `system`. */
function readSettings(row: LangfuseRow, attributes: Attributes): JsonObject | undefined {
  const given = unpack(row.columns.modelParameters ?? null)
  if (!isObject(given)) return undefined
  row.take('modelParameters')
  const { system, ...settings } = given
  if (typeof system !== 'string' || !/^[\w.-]{1,40}$/.test(system)) return given
  attributes['gen_ai.system'] ??= system
  return settings
}

/** Environments that begin with `langfuse` are its own: judges, code evaluators, prompt experiments. */
export function readEnvironment(row: LangfuseRow, attributes: Attributes): string | undefined {
  const environment = row.text('environment')
  if (environment?.startsWith('langfuse')) attributes['langfuse.internal'] = true
  return environment
}
