import type { Attributes, Json } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'

/** The metadata of a call: whole, as attributes, and what it states together with the columns beside it. */
export interface CallMetadata {
  object: JsonObject
  attributes: Attributes
  stated(row: PlatformRow): Stated
}

/** Metadata in which the application's own keys stand. */
const applicationKeys = ['requester_metadata', 'spend_logs_metadata'] as const
/** What is read elsewhere. */
const readElsewhere = new Set<string>([
  ...applicationKeys,
  ...['model_map_information', 'usage_object', 'additional_usage_values', 'error_information', 'guardrail_information'],
  ...['vector_store_request_metadata', 'user_api_key', 'user_api_key_hash'],
])
/** Names under which an application keeps its own tenant. */
const tenantNames = [
  'tenant',
  'tenant_id',
  'tenantId',
  'customer_id',
  'customerId',
  'organization_id',
  'organizationId',
]

/** Takes `metadata`, an object or JSON text. The application's keys become `metadata.<key>`, LiteLLM's `litellm.metadata.<key>`. */
export function takeMetadata(row: PlatformRow, problems: string[]): CallMetadata {
  const given = row.take('metadata')
  const value = given === undefined ? {} : unpack(given)
  if (!isObject(value)) problems.push('metadata: expected an object')
  const object = isObject(value) ? value : {}
  const attributes: Attributes = Object.create(null)
  for (const home of applicationKeys) {
    const own = unpack(object[home] ?? null)
    if (!isObject(own)) continue
    for (const key of Object.keys(own)) attributes[`metadata.${key}`] ??= own[key]!
  }
  for (const key of Object.keys(object))
    if (!readElsewhere.has(key) && says(object[key]!)) attributes[`litellm.metadata.${key}`] = object[key]!
  return { object, attributes, stated: (columns) => statedBy(object, attributes, columns) }
}

function says(value: Json): boolean {
  if (value === null || value === '') return false
  return typeof value !== 'object' || Object.keys(value).length > 0
}

/** Teams, then organizations are tenants where the application names none; the end user comes before the key's owner. */
function statedBy(metadata: JsonObject, attributes: Attributes, row: PlatformRow): Stated {
  const prompt = isObject(metadata.prompt_management_metadata) ? metadata.prompt_management_metadata : {}
  const tool = isObject(metadata.mcp_tool_call_metadata) ? metadata.mcp_tool_call_metadata : {}
  const hasTenant = tenantNames.some((name) => says(attributes[`metadata.${name}`] ?? null))
  const team = row.take('team_id') ?? metadata.user_api_key_team_id ?? metadata.user_api_key_org_id
  return {
    user:
      row.take('end_user') ?? metadata.user_api_key_end_user_id ?? metadata.user_api_key_user_id ?? row.take('user'),
    ...(!hasTenant && { tenant: team ?? row.take('organization_id') }),
    promptName: prompt.prompt_id,
    promptVersion: prompt.prompt_version,
    promptVariables: prompt.prompt_variables,
    retries: metadata.attempted_retries,
    toolName: tool.namespaced_tool_name ?? tool.name,
    toolArguments: tool.arguments,
    toolResult: tool.result,
  }
}

/** The group of models that was asked first and did not answer; it is also stated where nothing else was tried. */
export function fallbackOf(metadata: JsonObject): string | undefined {
  const group = metadata.original_model_group
  const hasFallen = (count(metadata.attempted_fallbacks ?? null) ?? 0) > 0
  return hasFallen && typeof group === 'string' && group !== '' ? group : undefined
}
