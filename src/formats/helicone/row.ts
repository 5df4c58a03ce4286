import type { Attributes, Json, SpanKind, SpanStatus } from '../../core/span.js'
import { completeUsage, modelOfBody } from '../bodies/usage.js'
import { count } from '../dialects/readers.js'
import type { RawSpan, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'
import { readMoment } from '../time.js'
import { type Bodies, takeBodies } from './bodies.js'
import { readJudgements } from './judgements.js'

/** Keys that are kept as attributes; `helicone_user` is the account, not the end user. */
const known = new Set([
  ...['response_id', 'helicone_user', 'time_to_first_token', 'total_tokens', 'prompt_audio_tokens', 'country_code'],
  ...['completion_audio_tokens', 'asset_ids', 'assets', 'target_url', 'cache_reference_id', 'cache_enabled', 'node_id'],
  ...['request_referrer', 'updated_at', 'storage_location', 'ai_gateway_body_mapping', 'key_name', 'prompt_regex'],
  ...[
    'request_feedback',
    'request_formatted_prompt_id',
    'request_prompt',
    'response_prompt',
    'cache_count',
    'is_cached',
  ],
  ...['user_api_key_preview', 'user_api_key_user_id', 'organization_id', 'size_bytes', 'gateway_router_id', 'delay_ms'],
  ...[
    'gateway_deployment_target',
    'is_passthrough_billing',
    'threat',
    'properties',
    'request_path',
    'model',
    'costUSD',
  ],
])

/** One request, with its path inside of its session if it has one. Undefined without an id. */
export function readRequestRow(
  record: JsonObject,
  reading: Reading,
): { raw: RawSpan; path: string | undefined } | undefined {
  const { problems } = reading
  const row = openRow(record, 'helicone', known, reading)
  const spanId = readId(record.request_id, 16)
  row.take('request_id')
  if (spanId === undefined) {
    problems.push('request_id: expected text; span left out')
    return undefined
  }
  for (const secret of ['signed_body_url', 'asset_urls', 'user_api_key_hash']) row.take(secret) // they open what they name
  const properties = propertiesOf(row, problems)
  const session = textOf(properties['Helicone-Session-Id'])
  const path = textOf(properties['Helicone-Session-Path'])
  const bodies = takeBodies(row)
  const start = moment(row, 'request_created_at', problems)
  const end = moment(row, 'response_created_at', problems)
  const delayMs = count(record.delay_ms ?? null)
  const user = textOf(row.take('request_user_id'))
  const ids = { traceId: readId(session, 16) ?? spanId, spanId }
  readJudgements(row, ids, user, reading)
  const stated = statedBy(row, record, properties, bodies, problems)
  const raw: RawSpan = {
    ...ids,
    name: lastOf(path) ?? textOf(record.request_path) ?? 'request',
    startMs: start.ms,
    startNs: start.ns,
    endMs: end.ms ?? (start.ms !== undefined && delayMs !== undefined ? start.ms + delayMs : undefined),
    endNs: end.ns,
    ...statusOf(row.take('response_status'), bodies, problems),
    attributes: row.rest(),
    events: [],
    links: [],
    resource: Object.create(null),
    stated,
  }
  addMetadata(raw.attributes, properties)
  stated.user = user
  stated.session = session
  stated.workflow = textOf(properties['Helicone-Session-Name'])
  return { raw, path: session === undefined || path === undefined ? undefined : trimmed(path) }
}

function statedBy(
  row: PlatformRow,
  record: JsonObject,
  properties: JsonObject,
  bodies: Bodies,
  problems: string[],
): Stated {
  const numberAt = (name: string) => {
    const value = row.take(name)
    const number = value === undefined ? undefined : count(value)
    if (value !== undefined && number === undefined) problems.push(`${name}: expected a number from 0`)
    return number
  }
  const usage = completeUsage(
    {
      input: numberAt('prompt_tokens'),
      output: numberAt('completion_tokens'),
      cachedInput: numberAt('prompt_cache_read_tokens'),
      cacheWrite: numberAt('prompt_cache_write_tokens'),
      reasoning: numberAt('reasoning_tokens'),
    },
    bodies.answer,
  )
  const cost = numberAt('cost') ?? numberAt('costUSD')
  const hasTokens = (count(usage?.input ?? null) ?? 0) + (count(usage?.output ?? null) ?? 0) > 0
  return {
    ...bodies.stated,
    kind: bodies.stated.kind ?? kindOfPath(record.request_path),
    usage,
    costUsd: cost !== undefined && (cost > 0 || hasTokens) ? cost : undefined,
    requestModel: row.take('model_override', 'request_model') ?? record.model,
    responseModel: row.take('response_model') ?? modelOfBody(bodies.answer),
    provider: row.take('provider'),
    promptName: row.take('prompt_name') ?? properties['Helicone-Prompt-Id'] ?? row.take('prompt_id'),
    promptVersion: row.take('prompt_version'),
    promptVariables: row.take('request_prompt_values') ?? bodies.stated.promptVariables,
    environment: properties.Environment ?? properties.environment,
    request: says(properties.request_id) || says(properties.requestId) ? undefined : record.request_id,
  }
}

function kindOfPath(path: Json | undefined): SpanKind {
  const text = typeof path === 'string' ? path : ''
  if (text.includes('/embeddings')) return 'embedding'
  return text.includes('/moderations') ? 'guardrail' : text.includes('/rerank') ? 'reranker' : 'llm'
}

/** Codes below zero are Helicone's own. */
const ownCodes: Record<string, { status: SpanStatus; statusMessage?: string }> = {
  '-1': { status: 'error', statusMessage: 'timeout' },
  '-2': { status: 'unset', statusMessage: 'pending' },
  '-3': { status: 'error', statusMessage: 'cancelled' },
  '-4': { status: 'error', statusMessage: 'threat' },
}

function statusOf(
  code: Json | undefined,
  { failure }: Bodies,
  problems: string[],
): { status: SpanStatus; statusMessage?: string | undefined } {
  if (code === undefined) return { status: failure === undefined ? 'unset' : 'error', statusMessage: failure }
  const word = typeof code === 'object' ? '' : String(code)
  const own = Object.hasOwn(ownCodes, word) ? ownCodes[word] : undefined
  if (own !== undefined) return own
  const number = count(code)
  if (number === undefined) problems.push('response_status: expected a number')
  if (number === undefined || number < 100) return { status: 'unset' }
  return number < 400 ? { status: 'ok' } : { status: 'error', statusMessage: failure ?? `HTTP ${number}` }
}

function propertiesOf(row: PlatformRow, problems: string[]): JsonObject {
  const given = row.take('request_properties', 'properties')
  const value = given === undefined ? {} : unpack(given)
  if (!isObject(value)) problems.push('request_properties: expected an object')
  return isObject(value) ? value : {}
}

/** Properties are the application's metadata. */
function addMetadata(attributes: Attributes, properties: JsonObject): void {
  for (const key of Object.keys(properties)) if (says(properties[key])) attributes[`metadata.${key}`] = properties[key]!
}

function moment(row: PlatformRow, key: string, problems: string[]): { ms?: number; ns?: string } {
  const value = row.take(key)
  const read = readMoment(value)
  if (value !== undefined && read.ms === undefined) problems.push(`${key}: expected a time`)
  return read
}

function trimmed(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

function lastOf(path: string | undefined): string | undefined {
  return path === undefined ? undefined : textOf(trimmed(path).slice(trimmed(path).lastIndexOf('/') + 1))
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function says(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}
