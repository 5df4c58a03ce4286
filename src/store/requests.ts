import type { Request } from '../core/span.js'
import { known } from './known.js'
import type { Store } from './open.js'
import type { Outcome } from './span-writer.js'

/**
 * Writes requests by their id. Of rows with the same id the one of the later time wins per field, whichever came first, so
 * that a log may come again and change nothing. Call it inside a transaction.
 */
export function requestWriter(db: Store, source: number) {
  const fields = ['time_ms', 'origin', 'tenant', 'user', 'trace_id', 'release'] as const
  const find = db.prepare(`SELECT ${fields} FROM request WHERE id = ?`).raw()
  const insert = db.prepare(`INSERT INTO request (id, ${fields}, source) VALUES (?, ${fields.map(() => '?')}, ?)`)
  const update = db.prepare(`UPDATE request SET ${fields.map((name) => `${name} = ?`)} WHERE id = ?`)

  return {
    write(request: Request): Outcome {
      const cells = [
        request.timeMs,
        request.origin,
        request.tenant,
        request.user,
        request.traceId,
        request.release,
      ].map((value) => value ?? null)
      const stored = find.get(request.id) as Cells | undefined
      if (!stored) {
        insert.run(request.id, cells, source)
        return 'added'
      }
      const merged = mergeCells(stored, cells)
      if (merged.every((value, index) => value === stored[index])) return 'unchanged'
      update.run(merged, request.id)
      return 'updated'
    },
  }
}

type Cells = readonly (string | number | null)[]

/** Both begin with their time. Where the times are equal, the greater value wins: a rule that no order of arrival changes. */
function mergeCells(stored: Cells, incoming: Cells): Cells {
  const [storedMs, incomingMs] = [Number(stored[0]), Number(incoming[0])]
  return incoming.map((value, index) => {
    const other = stored[index] ?? null
    if (value === null || other === null) return value ?? other
    if (incomingMs !== storedMs) return incomingMs > storedMs ? value : other
    return value > other ? value : other
  })
}

/** All requests in order of time, one at a time. */
export function* eachRequest(db: Store): Generator<Request> {
  const rows = db
    .prepare(
      'SELECT id, time_ms AS timeMs, origin, tenant, user, trace_id AS traceId, release FROM request ORDER BY time_ms, id',
    )
    .iterate() as IterableIterator<object>
  for (const row of rows) yield known<Request>(row)
}

/** How many requests the log holds, or how many of them one source brought first. */
export function countRequests(db: Store, source?: number): number {
  return db
    .prepare('SELECT count(*) FROM request WHERE ? IS NULL OR source = ?')
    .pluck()
    .get(source ?? null, source ?? null) as number
}

/** When the first production request of a time span came, epoch milliseconds; undefined if it holds none. */
export function firstProductionRequestMs(
  db: Store,
  { startMs, endMs }: { startMs: number; endMs: number },
): number | undefined {
  const ms = db
    .prepare("SELECT min(time_ms) FROM request WHERE origin = 'production' AND time_ms >= ? AND time_ms < ?")
    .pluck()
    .get(startMs, endMs) as number | null
  return ms ?? undefined
}

/** The trace that the request log joins to a request; undefined where it names none. */
export function traceIdOfRequest(db: Store, id: string): string | undefined {
  return (db.prepare('SELECT trace_id FROM request WHERE id = ?').pluck().get(id) ?? undefined) as string | undefined
}
