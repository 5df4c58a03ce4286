import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'
import { msOfMoment } from '../time.js'

/** One line of a rollout, whichever version of Codex wrote it. */
export interface CodexLine {
  type: string
  payload: JsonObject
  /** As written: what identifies a call is the time of its first line. Absent in rollouts before September 2025. */
  stamp?: string
  timeMs?: number
}

const bareItems = new Set([
  ...['reasoning', 'function_call', 'function_call_output', 'local_shell_call', 'custom_tool_call'],
  ...['custom_tool_call_output', 'web_search_call'],
])

/** True for a line in the wrapper of today: {timestamp, type, payload} and nothing else. */
export function isWrapped(record: JsonObject): boolean {
  if (typeof record.type !== 'string' || !isObject(record.payload) || record.timestamp === undefined) return false
  for (const key in record)
    if (key !== 'timestamp' && key !== 'type' && key !== 'payload' && key !== 'ordinal') return false
  return true
}

/** What a line without the wrapper is: rollouts before September 2025 have a header, bare items and state markers. */
export function bareType(record: JsonObject): 'header' | 'state' | 'item' | undefined {
  if (record.record_type !== undefined) return record.record_type === 'state' ? 'state' : undefined
  if (typeof record.id === 'string' && record.timestamp !== undefined && Object.hasOwn(record, 'instructions'))
    return record.object === undefined && record.type === undefined ? 'header' : undefined
  if (typeof record.type !== 'string' || record.sessionId !== undefined || record.usage !== undefined) return undefined
  if (record.type === 'message') return isBareMessage(record) ? 'item' : undefined
  if (!bareItems.has(record.type)) return undefined
  return record.call_id !== undefined || Array.isArray(record.summary) || record.action !== undefined
    ? 'item'
    : undefined
}

function isBareMessage({ role, content, object }: JsonObject): boolean {
  const first: Json | undefined = Array.isArray(content) ? content[0] : undefined
  const type = isObject(first) ? first.type : undefined
  return typeof role === 'string' && object === undefined && (type === 'input_text' || type === 'output_text')
}

/** True for a session of the first versions, which was one document. */
export function isDocument({ session, items }: JsonObject): boolean {
  return isObject(session) && typeof session.id === 'string' && session.timestamp !== undefined && Array.isArray(items)
}

/** The lines of a record as today's versions would write them; none for what is no part of a rollout. */
export function readLines(record: JsonObject): CodexLine[] {
  const { timestamp, type, payload, session, items } = record
  if (isWrapped(record) && typeof type === 'string' && isObject(payload)) {
    const stamp = typeof timestamp === 'string' && timestamp !== '' ? timestamp : undefined
    return [{ type, payload, stamp, timeMs: msOfMoment(timestamp) }]
  }
  if (isDocument(record) && isObject(session) && Array.isArray(items)) {
    const head = { type: 'session_meta', payload: session, timeMs: msOfMoment(session.timestamp) }
    return [head, ...items.filter(isObject).map((item) => ({ type: 'response_item', payload: item }))]
  }
  const bare = bareType(record)
  if (bare === undefined) return []
  const types = { header: 'session_meta', state: 'state', item: 'response_item' }
  return [{ type: types[bare], payload: record, timeMs: bare === 'header' ? msOfMoment(timestamp) : undefined }]
}
