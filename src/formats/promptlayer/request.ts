import type { Json, SpanKind } from '../../core/span.js'
import { modelOfBody } from '../bodies/usage.js'
import type { RawSpan, Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'
import { takeAmounts } from './amounts.js'
import { type Exchange, exchangeOfBlueprint, exchangeOfCall, modelOf } from './body.js'
import {
  hasOwnRequest,
  mergeAttributes,
  metadataAttributes,
  objectOf,
  providerName,
  takeCount,
  takeMoment,
  takeStatus,
  takeText,
} from './fields.js'
import { idsOfPayload, idsOfRequest, type SpanIds } from './ids.js'
import { scoresOfRow } from './judgements.js'

/** Keys that are kept as attributes; `user_id` is the account that logged the request, never the end user. */
const known = new Set([
  ...['success', 'type', 'user_id', 'workspace_id', 'created_at', 'tokens', 'latency', 'latency_ms', 'trace_id'],
  ...['span_id', 'group_id', 'prompt_id', 'label', 'is_sharable', 'share_hash', 'share_view_count', 'is_starred'],
  ...['function_args', 'args', 'return_data', 'return_prompt_blueprint', 'return_pl_id', 'provider_base_url_name'],
  ...['provider_base_url', 'api_type', 'custom_provider', 'provider_id', 'input_text', 'output_text', 'is_json'],
  ...['is_tool_call', 'is_plain_text', 'tool_names', 'output_keys', 'metadata_keys', 'input_variable_keys', 'cost'],
  ...['turn_count', 'tool_call_count', 'report_id', 'inference_client_name'],
])

/** A request in any shape: log row, single answer, search result, or a payload that an SDK sends. Undefined without an id. */
export function readRequest(record: JsonObject, shape: 'row' | 'detail' | 'call' | 'log', reading: Reading) {
  const { problems } = reading
  const ids = idsOf(record, shape, problems)
  if (ids === undefined) return undefined
  const row = openRow(record, 'promptlayer', known, reading)
  row.take('api_key') // a secret
  row.take('success')
  const number = shape === 'row' ? row.take('id') : shape === 'detail' ? row.take('request_id') : undefined
  const raw = requestSpan(row, ids, problems, shape === 'log')
  reading.scores.push(...scoresOfRow(row, ids, problems))
  const attributes = mergeAttributes(raw.attributes, row.rest())
  const request = number !== undefined && !hasOwnRequest(attributes) ? String(number) : undefined
  const revision = number === undefined ? undefined : fullness(record)
  return { ...raw, attributes, revision, stated: { ...raw.stated, request } } satisfies RawSpan
}

/**
 * One request comes in rows that say more or less; none of them is dated, so the fuller one counts as the later. The log row is
 * the fullest, then the search result (which has tags, metadata and the prompt's name), then the single answer.
 */
function fullness(record: JsonObject): number {
  if (record.function_kwargs !== undefined || record.request_response !== undefined) return 3
  return record.engine === undefined && record.provider_type === undefined ? 1 : 2
}

function idsOf(record: JsonObject, shape: string, problems: string[]): SpanIds | undefined {
  if (shape === 'call' || shape === 'log') {
    const { request_response: answer, request_start_time: start, request_end_time: end, kwargs, input } = record
    const said: Json = [
      start ?? null,
      end ?? null,
      record.function_name ?? record.model ?? null,
      kwargs ?? input ?? null,
    ]
    return idsOfPayload(record.span_id, isObject(answer) ? answer.id : undefined, said)
  }
  const key = shape === 'row' ? 'id' : 'request_id'
  const ids = idsOfRequest(record[key])
  if (ids === undefined) problems.push(`${key}: expected a number; span left out`)
  return ids
}

/** What any row about a request says of its span. `rest` is left to the caller. */
export function requestSpan(
  row: PlatformRow,
  ids: SpanIds,
  problems: string[],
  isPayload: boolean,
): RawSpan & { stated: Stated } {
  const start = takeMoment(row, problems, 'request_start_time')
  const end = takeMoment(row, problems, 'request_end_time')
  const functionName = takeText(row, problems, 'function_name')
  const promptName = takeText(row, problems, 'prompt_name')
  const model = takeText(row, problems, 'engine', 'model')
  const provider = providerName(takeText(row, problems, 'provider_type', 'provider'))
  const promptId = takeText(row, problems, 'prompt_id')
  const blueprint = takeBlueprint(row)
  const version = row.take('prompt_version_number') ?? blueprint.version
  const exchange = takeExchange(row, blueprint.value)
  const { status, statusMessage, attributes } = takeStatus(row, problems)
  const tags = row.take('tags_array', 'tags')
  return {
    ...ids,
    name: functionName ?? promptName ?? model ?? 'request',
    startMs: start.ms,
    startNs: start.ns,
    endMs: end.ms ?? endOf(row, start.ms, problems),
    endNs: end.ns,
    status,
    statusMessage,
    promptId,
    attributes: mergeAttributes(attributes, metadataAttributes(row.take('metadata'), problems)),
    events: [],
    links: [],
    resource: Object.create(null),
    stated: {
      kind: kindOf(functionName, row.take('api_type') ?? blueprint.model?.api_type),
      ...takeAmounts(row, exchange.body, problems, isPayload),
      requestModel: model ?? blueprint.model?.name ?? exchange.model,
      responseModel: modelOfBody(exchange.body),
      provider: provider ?? blueprint.model?.provider,
      promptName,
      promptVersion: version,
      // Never a template: PromptLayer's copies of it in requests are rendered, and each would look like another version.
      promptVariables: row.take('prompt_input_variables'),
      settings: exchange.settings,
      input: exchange.input,
      output: exchange.output,
      tags,
    },
  }
}

/** `prompt_version` is the rendered blueprint in answers and the version's number in payloads. */
function takeBlueprint(row: PlatformRow): { value?: JsonObject; version?: Json | undefined; model?: JsonObject } {
  const given = row.take('prompt_blueprint', 'prompt_version')
  const value = objectOf(given)
  if (value === undefined) return { version: given }
  const model = modelOf(value)
  return model === undefined ? { value } : { value, model }
}

/** The call's own words come before the blueprint's, and both before the two plain texts, which repeat the last messages. */
function takeExchange(row: PlatformRow, blueprint: JsonObject | undefined): Exchange & { model?: Json | undefined } {
  const asked = row.take('function_kwargs', 'kwargs')
  const call = exchangeOfCall(asked, row.take('request_response'))
  const [input, output, parameters] = [row.take('input'), row.take('output'), row.take('parameters')]
  const texts = [row.take('prompt_string'), row.take('response_string')]
  const rendered = exchangeOfBlueprint(blueprint)
  const sent = exchangeOfCall(
    { input: input ?? null, parameters: parameters ?? null },
    output === undefined ? undefined : { output },
  )
  const kwargs = objectOf(asked)
  return {
    input: call.input ?? (input === undefined ? undefined : sent.input) ?? rendered.input ?? texts[0],
    output: call.output ?? sent.output ?? rendered.output ?? texts[1],
    settings: call.settings ?? sent.settings ?? rendered.settings,
    body: call.body,
    model: kwargs?.model ?? kwargs?.modelId ?? kwargs?.engine,
  }
}

/** Calls of embeddings are told by their function's name or the kind of their endpoint; PromptLayer logs nothing but models. */
function kindOf(functionName: string | undefined, apiType: Json | undefined): SpanKind {
  return apiType === 'embeddings' || /embedding/i.test(functionName ?? '') ? 'embedding' : 'llm'
}

/** Search results state how long it took in seconds, single answers in milliseconds. */
function endOf(row: PlatformRow, startMs: number | undefined, problems: string[]): number | undefined {
  const ms = takeCount(row, problems, 'latency_ms')
  const seconds = takeCount(row, problems, 'latency')
  const took = ms ?? (seconds === undefined ? undefined : seconds * 1000)
  return startMs === undefined || took === undefined ? undefined : startMs + took
}
