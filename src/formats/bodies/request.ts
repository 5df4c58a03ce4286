import type { Attributes, Json } from '../../core/span.js'
import { askedIn } from '../dialects/conversation.js'
import type { RawSpan, Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow } from '../platform-row.js'
import type { Stated } from '../stated.js'

/** What a model was sent, beside its settings. */
const contentKeys = ['system', 'instructions', 'messages', 'input', 'contents'] as const
/** What is neither content nor a setting. */
const otherKeys = new Set<string>([...contentKeys, 'model', 'prompt', 'user', 'metadata', 'tools', 'functions'])

/** Keys of a capture beside its request and its response. */
const captureKeys = new Set([
  'id',
  'timestamp',
  'created_at',
  'latency',
  'latency_ms',
  'duration_ms',
  'url',
  'method',
  'status',
])

/** A call that was read from the `response` of a capture, with what the `request` beside it adds. */
export function withCapture<Call extends Pick<RawSpan, 'stated'> & { attributes?: Attributes }>(
  call: Call,
  capture: JsonObject,
  { format, reading }: { format: string; reading: Reading },
): Call {
  const row = openRow(capture, format, captureKeys, reading)
  const request = row.take('request')
  row.take('response')
  const attributes = { ...call.attributes, ...row.rest() }
  const metadata = metadataOf(request)
  if (metadata !== undefined) attributes.metadata ??= metadata
  return { ...call, attributes, stated: withRequest(call.stated ?? {}, request) }
}

/** What an answer states, with what the request beside it adds; where both speak, the answer's word stands, but for the input. */
function withRequest(answer: Stated, given: Json | undefined): Stated {
  if (!isObject(given)) return answer
  const request = isObject(given.body) ? given.body : given
  const input = inputOf(request)
  const settings = { ...settingsOf(request), ...(isObject(answer.settings) ? answer.settings : {}) }
  return {
    ...answer,
    settings,
    input: input ?? answer.input,
    requestModel: answer.requestModel ?? request.model,
    user: answer.user ?? request.user,
  }
}

/** The application's own keys of a request, if it sent any. */
function metadataOf(given: Json | undefined): Json | undefined {
  const request = isObject(given) && isObject(given.body) ? given.body : given
  return isObject(request) && isObject(request.metadata) ? request.metadata : undefined
}

/** As messages where they are such. */
function inputOf(request: JsonObject): Json | undefined {
  const content: JsonObject = Object.create(null)
  for (const key of contentKeys) if (says(request[key])) content[key] = request[key]!
  // A string is the text completions' prompt, an object the Responses API's reference to a stored one.
  if (typeof request.prompt === 'string') content.prompt = request.prompt
  if (Object.keys(content).length === 0) return undefined
  if (typeof content.input === 'string') content.input = [{ role: 'user', content: content.input }]
  return askedIn(content)
}

function settingsOf(request: JsonObject): JsonObject {
  const settings: JsonObject = Object.create(null)
  for (const key of Object.keys(request)) if (!otherKeys.has(key)) settings[key] = request[key]!
  return settings
}

function says(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}
