import type { Attributes, Json } from '../../core/span.js'
import { addSpan } from '../add-span.js'
import type { KeyPaths, Reading } from '../format.js'
import { readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'
import { openRow } from '../platform-row.js'
import { readAnthropicMessage } from './message.js'

const failures = new Set(['errored', 'canceled', 'expired'])
const known = new Set<string>()

/**
 * One line of a batch's results: an answer by the id of its message, a failure by the id of its request. A failure that names none
 * has only `custom_id`, which repeats from batch to batch: that two of them would count as one is told, since it cannot be seen.
 */
export function readBatchResult(line: JsonObject, keys: KeyPaths, reading: Reading): void {
  const result = isObject(line.result) ? line.result : {}
  const row = openRow(line, 'anthropic', known, reading)
  const request = row.take('custom_id')
  row.take('result')
  const type = typeof result.type === 'string' ? result.type : ''
  if (type === 'succeeded' && isObject(result.message)) {
    const id = readId(result.message.id, 16)
    if (id === undefined) {
      reading.problems.push('result.message.id: expected text; span left out')
      return
    }
    const call = readAnthropicMessage(result.message, reading)
    const attributes = { ...call.attributes, ...row.rest() }
    addSpan(reading, { ...call, attributes, stated: { ...call.stated, request }, traceId: id, spanId: id }, keys)
  } else if (failures.has(type)) readFailure(type, { error: result.error, request, rest: row.rest() }, keys, reading)
  else reading.problems.push('result.type: expected succeeded, errored, canceled or expired; span left out')
}

function readFailure(
  type: string,
  { error, request, rest }: { error: Json | undefined; request: Json | undefined; rest: Attributes },
  keys: KeyPaths,
  reading: Reading,
): void {
  const outer = isObject(error) ? error : {}
  const inner = isObject(outer.error) ? outer.error : outer
  const named = readId(outer.request_id, 16)
  const id = named ?? readId(request, 16)
  if (id === undefined) {
    reading.problems.push('custom_id: expected text; span left out')
    return
  }
  if (named === undefined)
    reading.problems.push('result.error.request_id: absent; failures of one custom_id in several batches count as one')
  const statusMessage = typeof inner.message === 'string' && inner.message !== '' ? inner.message : type
  const errorType = typeof inner.type === 'string' ? inner.type : type
  addSpan(
    reading,
    {
      traceId: id,
      spanId: id,
      name: 'message',
      status: 'error',
      statusMessage,
      attributes: { 'error.type': errorType, ...rest },
      stated: { kind: 'llm', provider: 'anthropic', request },
    },
    keys,
  )
}
