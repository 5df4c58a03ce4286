import type { Json } from '../../core/span.js'
import type { RawSpan, Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow, type PlatformRow } from '../platform-row.js'
import type { Stated } from '../stated.js'
import { msOfMoment } from '../time.js'
import { fileSearchDocuments, itemsByCall, slimChoices } from './output.js'
import { readOpenaiCost, readOpenaiUsage } from './usage.js'

/** What one answer of the API says of its call; the ids are the caller's. */
export type OpenaiCall = Pick<RawSpan, 'name' | 'status' | 'attributes' | 'stated' | 'links'> &
  Pick<Partial<RawSpan>, 'startMs' | 'endMs' | 'statusMessage'>

/** Keys that stay attributes. */
const known = new Set([
  ...[
    'system_fingerprint',
    'x_groq',
    'usage_breakdown',
    'tool_usage', // of Responses
    'prompt', // of Together
    'moderation',
    'request_id',
    'tools',
    'functions',
    'output_text',
  ],
  ...['prompt_cache_key', 'prompt_cache_retention', 'prompt_cache_options', 'completed_at', 'billing', 'input_user'],
  ...['prompt_filter_results', 'content_filters', 'content_filter_results', 'provider', 'citations', 'search_results'],
  ...[
    'data',
    'results',
    'next_response_ids',
    'content_filter',
    'prompt_logprobs',
    'prompt_token_ids',
    'kv_transfer_params',
  ],
])

const settingNames = [
  ...['temperature', 'top_p', 'max_output_tokens', 'max_tool_calls', 'presence_penalty', 'frequency_penalty', 'seed'],
  ...['top_logprobs', 'parallel_tool_calls', 'tool_choice', 'truncation', 'service_tier', 'response_format', 'text'],
  ...['reasoning', 'store', 'background', 'max_tokens', 'max_completion_tokens', 'stop', 'n', 'verbosity'],
]

/** A body of a chat or text completion, a response, an embedding or a moderation. */
export function readOpenaiBody(body: JsonObject, reading: Reading): OpenaiCall {
  const row = openRow(body, 'openai', known, reading)
  const isResponse = row.take('object') === 'response'
  const { name, kind } = naming(body)
  const settings: JsonObject = Object.create(null)
  for (const key of settingNames) {
    const value = row.take(key)
    if (value !== undefined) settings[key] = value
  }
  const stated: Stated = {
    kind,
    provider: providerOf(body),
    responseModel: row.take('model'),
    usage: readOpenaiUsage(body.usage),
    costUsd: readOpenaiCost(body.usage),
    user: row.take('user', 'input_user', 'safety_identifier'),
    settings,
    ...(isResponse ? readResponseParts(body, row) : { output: answerOf(row) }),
  }
  const outcome = outcomeOf(body, row)
  const attributes = attributesOf(row)
  const previous = row.take('previous_response_id')
  const links = typeof previous === 'string' ? [{ traceId: previous, spanId: previous }] : []
  const startMs = msOfMoment(row.take('created', 'created_at'))
  const endMs = msOfMoment(body.completed_at)
  return { name, ...outcome, stated, links, startMs, endMs, attributes: { ...attributes, ...row.rest() } }
}

function naming(body: JsonObject): { name: string; kind: 'llm' | 'embedding' | 'guardrail' } {
  if (body.object === 'list') return { name: 'embedding', kind: 'embedding' }
  if (body.object === 'text_completion') return { name: 'text completion', kind: 'llm' }
  if (body.object === 'response') return { name: 'response', kind: 'llm' }
  const isModeration = Array.isArray(body.results) && body.choices === undefined
  return isModeration ? { name: 'moderation', kind: 'guardrail' } : { name: 'chat completion', kind: 'llm' }
}

/** Embeddings' vectors are left out: they say nothing to a reader. */
function answerOf(row: PlatformRow): Json | undefined {
  const choices = row.take('choices')
  if (Array.isArray(choices)) return { choices: slimChoices(choices) }
  row.take('data')
  return row.take('results') ?? choices
}

function readResponseParts(body: JsonObject, row: PlatformRow): Stated {
  const instructions = row.take('instructions')
  const output = row.take('output')
  const prompt = row.take('prompt')
  const conversation = row.take('conversation')
  return {
    input: typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : instructions,
    output: Array.isArray(output) ? { output: itemsByCall(output) } : output,
    documents: fileSearchDocuments(body.output),
    session: isObject(conversation) ? conversation.id : conversation,
    ...(isObject(prompt)
      ? { promptName: prompt.id, promptVersion: prompt.version, promptVariables: prompt.variables }
      : {}),
  }
}

function attributesOf(row: PlatformRow): RawSpan['attributes'] {
  const attributes: RawSpan['attributes'] = Object.create(null)
  const id = row.take('id')
  if (typeof id === 'string') attributes['gen_ai.response.id'] = id
  const metadata = row.take('metadata')
  if (metadata !== undefined) attributes.metadata = metadata
  const usage = row.take('usage')
  if (usage !== undefined) attributes['openai.usage'] = usage
  return attributes
}

const outcomes: Record<string, RawSpan['status']> = {
  completed: 'ok',
  incomplete: 'ok',
  failed: 'error',
  cancelled: 'unset',
  in_progress: 'unset',
  queued: 'unset',
}

/** An answer that came is no error; why it stopped early is told. */
function outcomeOf(body: JsonObject, row: PlatformRow): Pick<OpenaiCall, 'status' | 'statusMessage'> {
  const error = row.take('error')
  const status = row.take('status')
  const incomplete = row.take('incomplete_details')
  if (error !== undefined) return { status: 'error', statusMessage: messageOf(error) }
  const reason = isObject(incomplete) ? incomplete.reason : stopOf(body.choices)
  const cut = typeof reason === 'string' && reason !== '' ? reason : undefined
  if (typeof status !== 'string') return { status: 'ok', statusMessage: cut }
  const word = Object.hasOwn(outcomes, status) ? outcomes[status]! : 'unset'
  return { status: word, statusMessage: cut ?? (word === 'ok' ? undefined : status) }
}

/** The text of an error in any of the API's shapes. */
export function messageOf(error: Json | undefined): string | undefined {
  if (typeof error === 'string') return error === '' ? undefined : error
  if (!isObject(error)) return undefined
  const { message, code, type } = error
  return [message, code, type].find((text) => typeof text === 'string' && text !== '') as string | undefined // by the test
}

function stopOf(choices: Json | undefined): string | undefined {
  if (!Array.isArray(choices)) return undefined
  for (const choice of choices) {
    if (!isObject(choice)) continue
    if (choice.finish_reason === 'length' || choice.finish_reason === 'content_filter') return choice.finish_reason
    if (isObject(choice.message) && typeof choice.message.refusal === 'string' && choice.message.refusal !== '')
      return 'refusal'
  }
  return undefined
}

/** Many servers copy the shape: only what a body itself shows names its provider. */
function providerOf(body: JsonObject): string | undefined {
  if (body.x_groq !== undefined) return 'groq'
  if (body.prompt_filter_results !== undefined || body.content_filters !== undefined) return 'azure.ai.openai'
  return typeof body.model === 'string' && openaiModel.test(body.model) ? 'openai' : undefined
}

const openaiModel =
  /^(?:ft:)?(?:gpt-(?!oss)|chatgpt-|o\d|text-embedding-|text-moderation|omni-moderation|davinci|babbage)/
