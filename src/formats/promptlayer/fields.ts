import type { Attributes, Json, SpanStatus } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { PlatformRow } from '../platform-row.js'
import { readMoment } from '../time.js'

/** The moment under the first of `names` that says something; what is no time is a problem. */
export function takeMoment(row: PlatformRow, problems: string[], ...names: string[]): { ms?: number; ns?: string } {
  const value = row.take(...names)
  const moment = readMoment(value)
  if (value !== undefined && moment.ms === undefined) problems.push(`${names[0]}: expected a time`)
  return moment
}

/** Text or a number under the first of `names` that says something; anything else is a problem. */
export function takeText(row: PlatformRow, problems: string[], ...names: string[]): string | undefined {
  const value = row.take(...names)
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (value !== undefined) problems.push(`${names[0]}: expected text`)
  return undefined
}

/** A number from 0, or digits; anything else is a problem. */
export function takeCount(row: PlatformRow, problems: string[], name: string): number | undefined {
  const value = row.take(name)
  const number = value === undefined ? undefined : count(value)
  if (value !== undefined && number === undefined) problems.push(`${name}: expected a number from 0`)
  return number
}

/**
 * Metadata as attributes `metadata.<key>`, each of its own, so that what is tracked later adds to it. PromptLayer sends an object
 * and answers with a list of objects of one key each.
 */
export function metadataAttributes(given: Json | undefined, problems: string[]): Attributes {
  const attributes: Attributes = Object.create(null)
  const value = given === undefined ? undefined : unpack(given)
  const parts = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  if (!parts.every(isObject)) problems.push('metadata: expected an object, or a list of objects')
  for (const part of parts) {
    if (!isObject(part)) continue
    for (const key of Object.keys(part)) attributes[`metadata.${key}`] = part[key]!
  }
  return attributes
}

/** Sets of attributes as one; the first that has a key wins. */
export function mergeAttributes(...sets: Attributes[]): Attributes {
  const merged: Attributes = Object.create(null)
  for (const set of sets) for (const key of Object.keys(set)) if (!Object.hasOwn(merged, key)) merged[key] = set[key]!
  return merged
}

const statuses: Record<string, SpanStatus> = { SUCCESS: 'ok', WARNING: 'ok', ERROR: 'error' }
const errorTypes = new Set([
  ...['PROVIDER_TIMEOUT', 'PROVIDER_QUOTA_LIMIT', 'PROVIDER_RATE_LIMIT', 'PROVIDER_PARTIAL_RESPONSE'],
  ...['PROVIDER_AUTH_ERROR', 'PROVIDER_ERROR', 'TEMPLATE_RENDER_ERROR', 'VARIABLE_MISSING_OR_EMPTY', 'UNKNOWN_ERROR'],
])

/**
 * The status of a request. WARNING is a success that had trouble on its way (a retry, a partial answer): ok, with its message.
 * An error type without any status is an error.
 */
export function takeStatus(
  row: PlatformRow,
  problems: string[],
): { status: SpanStatus; statusMessage: string | undefined; attributes: Attributes } {
  const word = takeText(row, problems, 'status')?.toUpperCase()
  const type = takeText(row, problems, 'error_type')
  const message = takeText(row, problems, 'error_message')
  const known = word !== undefined && Object.hasOwn(statuses, word) ? statuses[word] : undefined
  if (word !== undefined && known === undefined) problems.push('status: expected SUCCESS, WARNING or ERROR')
  if (type !== undefined && !errorTypes.has(type))
    problems.push("error_type: expected one of PromptLayer's error types")
  const attributes: Attributes = Object.create(null)
  if (type !== undefined) attributes['error.type'] = type
  const status = known ?? (type === undefined ? 'unset' : 'error')
  return { status, statusMessage: message ?? type, attributes }
}

/** Providers that PromptLayer calls by names of its own; the others are known by theirs. */
const providers = new Map([
  ['openai.azure', 'azure.ai.openai'],
  ['amazon.bedrock', 'aws.bedrock'],
  ['anthropic.bedrock', 'aws.bedrock'],
])

/** The provider by the name that the conventions have for it. */
export function providerName(name: string | undefined): string | undefined {
  return name === undefined ? undefined : (providers.get(name.toLowerCase()) ?? name)
}

/** True when metadata has the application's own id of the request. */
export function hasOwnRequest(attributes: Attributes): boolean {
  return ['metadata.request_id', 'metadata.requestId'].some((key) => (attributes[key] ?? '') !== '')
}

/** The value as an object, from an object or JSON text. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  const given = value === undefined ? undefined : unpack(value)
  return isObject(given) ? given : undefined
}
