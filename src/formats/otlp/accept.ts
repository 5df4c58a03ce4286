import type { Json } from '../../core/span.js'
import { isZero, readId } from '../ids.js'
import { isObject, type JsonObject } from '../json.js'

/** What a receiver takes of a request. */
export interface Accepted {
  /** The request without the spans that are rejected. */
  request: JsonObject
  spans: number
  /** Why spans are rejected → how many. */
  rejected: Map<string, number>
}

/** As in `Accepted`; or, as text, why it is no request at all. Never quotes what it holds. */
export function acceptRequest(record: Json): Accepted | string {
  if (!isObject(record)) return 'expected an object with resourceSpans'
  const rejected = new Map<string, number>()
  const groups = listOf(record, ['resourceSpans', 'resource_spans'])
  if (groups === undefined) return 'resourceSpans: expected a list'
  let spans = 0
  const resourceSpans: Json[] = []
  for (const [index, group] of groups.entries()) {
    const at = `resourceSpans.${index}`
    const scopes = isObject(group) ? listOf(group, ['scopeSpans', 'scope_spans']) : undefined
    if (!isObject(group) || scopes === undefined) return `${at}: expected an object with a list of scopeSpans`
    const scopeSpans: Json[] = []
    for (const [place, scope] of scopes.entries()) {
      const accepted = acceptScope(scope, `${at}.scopeSpans.${place}`, rejected)
      if (typeof accepted === 'string') return accepted
      spans += accepted.spans.length
      scopeSpans.push(accepted)
    }
    resourceSpans.push({ resource: group.resource ?? null, scopeSpans })
  }
  return { request: { resourceSpans }, spans, rejected }
}

function acceptScope(
  scope: Json,
  at: string,
  rejected: Map<string, number>,
): (JsonObject & { spans: Json[] }) | string {
  const spans = isObject(scope) ? listOf(scope, ['spans']) : undefined
  if (!isObject(scope) || spans === undefined) return `${at}: expected an object with a list of spans`
  const kept: Json[] = []
  for (const [index, span] of spans.entries()) {
    if (!isObject(span)) return `${at}.spans.${index}: expected an object`
    const traceId = judgeId(span.traceId ?? span.trace_id, 16)
    const spanId = judgeId(span.spanId ?? span.span_id, 8)
    if (traceId === 'unreadable' || spanId === 'unreadable')
      return `${at}.spans.${index}.${traceId === 'unreadable' ? 'traceId' : 'spanId'}: expected bytes as hex`
    const reason = traceId ? `trace id ${traceId}` : spanId && `span id ${spanId}`
    if (reason === undefined) kept.push(span)
    else rejected.set(reason, (rejected.get(reason) ?? 0) + 1)
  }
  return { scope: scope.scope ?? null, spans: kept }
}

/** What is wrong with an id; undefined if nothing is. Text that is no bytes makes the whole request unreadable, as in other receivers. */
function judgeId(value: Json | undefined, bytes: 16 | 8): string | undefined {
  const absent = `is not ${bytes} bytes long`
  if (value === undefined || value === null || value === '') return absent
  const id = readId(value, bytes)
  if (id === undefined || id.length % 2 === 1 || !/^[0-9a-f]+$/.test(id)) return 'unreadable'
  if (id.length !== bytes * 2) return absent
  return isZero(id) ? 'is all zeros' : undefined
}

/** The list under the first of these keys; empty where there is none, as protobuf's JSON leaves empty lists out. */
function listOf(object: JsonObject, keys: readonly string[]): Json[] | undefined {
  const value = keys.map((key) => object[key]).find((each) => each !== undefined && each !== null)
  if (value === undefined) return []
  return Array.isArray(value) ? value : undefined
}
