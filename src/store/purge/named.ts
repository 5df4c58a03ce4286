import type { Store } from '../open.js'
import { findTraceIds } from '../spans.js'

/** True where anything at all is stored of a trace id: spans, or what is beside them. */
export function standsAnywhere(db: Store, traceId: string): boolean {
  const places = ['span', 'score', 'feedback', 'request'].map(
    (table) => `SELECT 1 FROM ${table} WHERE trace_id = @traceId`,
  )
  return db.prepare(`${places.join(' UNION ALL ')} LIMIT 1`).get({ traceId }) !== undefined
}

/** The trace ids, at most six, that begin so. */
export function namedTraces(db: Store, beginning: string): string[] {
  return [...new Set(findTraceIds(db, beginning, { limit: 6 }).map(({ traceId }) => traceId))]
}

/** Every user or tenant that anything is stored of, as stored. */
export function namesOf(db: Store, kind: 'user' | 'tenant'): Set<string> {
  const tables = kind === 'user' ? ['span', 'request', 'feedback'] : ['span', 'request']
  const each = tables.map((table) => `SELECT ${kind} FROM ${table} WHERE ${kind} IS NOT NULL`)
  return new Set(db.prepare(each.join(' UNION ')).pluck().all() as string[])
}
