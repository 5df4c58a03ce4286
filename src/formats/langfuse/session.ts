import type { KeyPaths, Reading } from '../format.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import { readComment } from './extras.js'
import { readTrace } from './trace.js'

/** Reads a session: its traces where they come with it, the comments on it, which belong to no trace. Sums alone are skipped. */
export function readSession(row: JsonObject, at: string, keys: KeyPaths, reading: Reading): void {
  const traces = Array.isArray(row.traces) ? row.traces : []
  for (const [index, trace] of traces.entries()) {
    const place = { at: `${at}traces.${index}.` }
    if (isObject(trace)) readTrace({ sessionId: row.id ?? null, ...trace }, place, keys, reading)
    else reading.problems.push(`${at}traces.${index}: expected an object; left out`)
  }
  const comments = unpack(row.comments ?? null)
  for (const comment of Array.isArray(comments) ? comments : []) {
    const read = isObject(comment) ? readComment(comment, {}) : undefined
    if (read !== undefined) reading.feedback.push(read)
  }
  if (traces.length === 0) reading.skipped.sessions = (reading.skipped.sessions ?? 0) + 1
}
