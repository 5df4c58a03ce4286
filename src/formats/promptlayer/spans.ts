import type { Attributes, Json, SpanKind, SpanStatus } from '../../core/span.js'
import type { RawSpan, Reading } from '../format.js'
import { readId, readParentId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'
import { msOfMoment } from '../time.js'
import { mergeAttributes, objectOf, providerName, takeMoment, takeText } from './fields.js'
import { idsOfRequest, type SpanIds } from './ids.js'
import { scoresOfRow } from './judgements.js'
import { requestSpan } from './request.js'

/** A span knows its times and its place better than the rows about its request, the fullest of which counts as the third. */
const later = 4

/** Keys that are kept as attributes. */
const known = new Set([
  'id',
  'workspace_id',
  'created_at',
  'updated_at',
  'type',
  'prompt_id',
  'request_log_id',
  'children',
])
const logKeys = new Set(['id', 'function_args', 'args', 'provider_base_url', 'api_type', 'tokens', 'type'])

/** One span of the traces API or of `/spans-bulk`; `traceId` is the one that stands around it. Undefined without ids. */
export function readSpan(given: Json, traceId: Json | undefined, reading: Reading): RawSpan | undefined {
  const { problems } = reading
  if (!isObject(given)) {
    problems.push('spans: expected objects; span left out')
    return undefined
  }
  const row = openRow(given, 'promptlayer', known, reading)
  const context = objectOf(row.take('context')) ?? {}
  const ids = {
    traceId: readId(context.trace_id ?? row.take('trace_id') ?? traceId, 16),
    spanId: readId(context.span_id ?? row.take('span_id'), 8),
  }
  if (ids.traceId === undefined || ids.spanId === undefined) {
    problems.push('trace_id, span_id: expected text; span left out')
    return undefined
  }
  const own = { traceId: ids.traceId, spanId: ids.spanId }
  const logged = objectOf(row.take('log_request', 'request_log'))
  const request = idsOfRequest(given.request_log_id ?? logged?.id)
  const parentId = readParent(row.take('parent_id', 'parent_span_id'), own.spanId)
  const attributes = attributesOf(row, context)
  const name = takeText(row, problems, 'name') ?? ''
  const log = readLog(logged, own, given.log_request !== undefined, reading)
  const start = takeMoment(row, problems, 'start_time', 'start')
  const end = takeMoment(row, problems, 'end_time', 'end')
  const { status, statusMessage } = takeSpanStatus(row)
  const isCall = log !== undefined || request !== undefined
  const raw: RawSpan = {
    ...own,
    parentId,
    name,
    startMs: start.ms ?? log?.startMs,
    startNs: start.ns,
    endMs: end.ms ?? log?.endMs,
    endNs: end.ns,
    status: status === 'unset' && log !== undefined ? log.status : status,
    statusMessage: statusMessage ?? log?.statusMessage,
    attributes,
    events: eventsOf(row.take('events')),
    links: [...linksOf(row.take('links')), ...(request === undefined ? [] : [request])],
    resource: resourceOf(row.take('resource')),
    recordId: request?.spanId,
    revision: request === undefined ? undefined : later,
    promptId: log?.promptId ?? textAt(attributes, 'promptlayer.prompt.id') ?? textAt(attributes, 'prompt_id'),
    stated: overlay({ ...statedBySdk(name, attributes, isCall), ...outputOf(row) }, log?.stated ?? {}),
    defaultKind: defaultKindOf(attributes, parentId),
  }
  return { ...raw, attributes: mergeAttributes(attributes, log?.attributes ?? {}, row.rest()) }
}

/** What `over` says, else what `under` says. */
function overlay(under: Stated, over: Stated): Stated {
  return { ...under, ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)) }
}

/** A request log inside of its span. */
function readLog(log: JsonObject | undefined, ids: SpanIds, isPayload: boolean, reading: Reading) {
  if (log === undefined) return undefined
  const row = openRow(log, 'promptlayer', logKeys, reading)
  row.take('api_key')
  const raw = requestSpan(row, ids, reading.problems, isPayload)
  reading.scores.push(...scoresOfRow(row, ids, reading.problems))
  return { ...raw, attributes: mergeAttributes(raw.attributes, row.rest()) }
}

/** Python's exporter writes the parent as hex without its leading zeros, a span itself with them. */
function readParent(value: Json | undefined, spanId: string): string | undefined {
  const id = readParentId(value)
  const isCut = id !== undefined && id.length < 16 && hex.test(id) && spanId.length === 16 && hex.test(spanId)
  return isCut ? id.padStart(16, '0') : id
}

const hex = /^[0-9a-f]+$/

function attributesOf(row: PlatformRow, context: JsonObject): Attributes {
  const attributes: Attributes = Object.create(null)
  const given = objectOf(row.take('attributes')) ?? {}
  for (const key of Object.keys(given)) attributes[key] = given[key]!
  const kind = row.take('kind')
  const role = typeof kind === 'string' ? kind.replace('SpanKind.', '').toLowerCase() : ''
  if (['server', 'client', 'producer', 'consumer'].includes(role)) attributes['span.kind'] = role
  const state = context.trace_state
  if (typeof state === 'string' && state !== '' && state !== '[]') attributes['w3c.tracestate'] = state
  return attributes
}

/** What PromptLayer's own SDKs write as plain attributes, before they spoke any convention. */
function statedBySdk(name: string, attributes: Attributes, isCall: boolean): Stated {
  const prompt = { promptName: attributes.prompt_name, promptVersion: attributes.prompt_version }
  const tool = /^Tool:\s*(.*)$/.exec(name)
  if (tool !== null) return { ...prompt, kind: 'tool', toolName: tool[1] }
  const isWrapped = textAt(attributes, 'function_name') !== undefined && textAt(attributes, 'provider') !== undefined
  const provider = isWrapped ? providerName(textAt(attributes, 'provider')) : undefined
  const namesKind = ['gen_ai.operation.name', 'openinference.span.kind', 'node_type'].some((key) => key in attributes)
  const kind: SpanKind | undefined = (isCall || isWrapped) && !namesKind ? 'llm' : undefined
  return { ...prompt, provider, ...(kind && { kind }) }
}

/** The whole of a trace is a workflow and what is inside a step of it, but for plumbing that tracing brought along. */
function defaultKindOf(attributes: Attributes, parentId: string | undefined): SpanKind {
  if (plumbing.some((key) => key in attributes)) return 'other'
  return parentId === undefined ? 'workflow' : 'chain'
}

const plumbing = ['http.request.method', 'http.method', 'url.full', 'db.system', 'db.system.name', 'rpc.system']

function outputOf(row: PlatformRow): Stated {
  const input = row.take('input')
  const output = row.take('output')
  return { ...(input !== undefined && { input }), ...(output !== undefined && { output }) }
}

/** `{status_code, description}` of an exporter, or a word. */
function takeSpanStatus(row: PlatformRow): { status: SpanStatus; statusMessage: string | undefined } {
  const given = row.take('status', 'status_code')
  const code = isObject(given) ? (given.status_code ?? given.code) : given
  const message = isObject(given) ? (given.description ?? given.message) : row.take('error_message', 'status_message')
  const word = typeof code === 'string' ? code.replace('StatusCode.', '').toUpperCase() : ''
  const status = word === 'ERROR' ? 'error' : word === 'OK' || word === 'SUCCESS' ? 'ok' : 'unset'
  return { status, statusMessage: typeof message === 'string' && message !== '' ? message : undefined }
}

function eventsOf(list: Json | undefined): RawSpan['events'] {
  return (Array.isArray(list) ? list : []).flatMap((event) => {
    if (!isObject(event) || typeof event.name !== 'string') return []
    const attributes = isObject(event.attributes) ? event.attributes : undefined
    const timeMs = msOfMoment(event.timestamp ?? event.time)
    return [{ name: event.name, ...(timeMs !== undefined && { timeMs }), ...(attributes && { attributes }) }]
  })
}

function linksOf(list: Json | undefined): RawSpan['links'] {
  return (Array.isArray(list) ? list : []).flatMap((link) => {
    const context = isObject(link) && isObject(link.context) ? link.context : {}
    const traceId = readId(context.trace_id ?? context.traceId, 16)
    const spanId = readId(context.span_id ?? context.spanId, 8)
    return traceId === undefined || spanId === undefined ? [] : [{ traceId, spanId }]
  })
}

function resourceOf(given: Json | undefined): Attributes {
  const resource: Attributes = Object.create(null)
  const attributes = isObject(given) && isObject(given.attributes) ? given.attributes : {}
  for (const key of Object.keys(attributes)) resource[key] = attributes[key]!
  return resource
}

function textAt(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key]
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
