import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow } from '../platform-row.js'
import { messageOf, type OpenaiCall, readOpenaiBody } from './body.js'

/**
 * One line of a batch's output or error file. It is its own trace, by the id that the batch gave it: `custom_id` repeats from
 * batch to batch, and is the application's name of the request. Azure and other copies give no id: their answer's id serves.
 */
export function readBatchLine(line: JsonObject, keys: KeyPaths, reading: Reading): void {
  const response = isObject(line.response) ? line.response : undefined
  const body = isObject(response?.body) ? response.body : undefined
  const id = readId(line.id, 16) ?? readId(body?.id, 16) ?? readId(response?.request_id, 16)
  if (id === undefined) {
    reading.problems.push('id: expected text; span left out')
    return
  }
  const row = openRow(line, 'openai', known, reading)
  const request = row.take('custom_id')
  const error = row.take('error')
  row.take('response')
  row.take('id')
  const isAnswer = body !== undefined && (body.object !== undefined || !isObject(body.error))
  const code = response?.status_code
  const isRefused = error !== undefined || !isAnswer || (typeof code === 'number' && code >= 400)
  const call: OpenaiCall = isAnswer
    ? readOpenaiBody(body, reading)
    : { name: 'batch request', status: 'error', stated: { kind: 'llm' }, links: [], attributes: Object.create(null) }
  const why = messageOf(error) ?? messageOf(body?.error) ?? (typeof code === 'number' ? `HTTP ${code}` : undefined)
  const failed = isRefused ? { status: 'error' as const, statusMessage: why } : {}
  const attributes = { ...call.attributes }
  if (response?.request_id !== undefined) attributes['openai.request_id'] = response.request_id
  if (code !== undefined) attributes['openai.status_code'] = code
  const stated = { ...call.stated, request }
  addSpan(
    reading,
    { ...call, ...failed, attributes: { ...attributes, ...row.rest() }, stated, traceId: id, spanId: id },
    keys,
  )
}

const known = new Set<string>()
