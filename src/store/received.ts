import { storeFailure } from './failure.js'
import type { Store } from './open.js'
import { applyRegistry } from './registry.js'
import type { Source } from './sources.js'

/** Readies a store for a receiver: what it has answered for is on the disk, and where another command writes it is told at once, since nothing else of it would run meanwhile. */
export function prepareToReceive(db: Store): void {
  db.pragma('synchronous = FULL')
  db.pragma('busy_timeout = 0')
}

/** Applies what is known of the platform to what came in; where another command writes for long, the next ingest does. */
export function finishReceiving(db: Store, platform: string): void {
  db.pragma('busy_timeout = 500')
  storeReceived(db, () => applyRegistry(db, platform))
}

/**
 * Does `work` in one transaction and commits it; `busy` where another command writes, and then nothing was done. Throws `PilotError`
 * (exit 3) where the store cannot be written.
 */
export function storeReceived<T>(db: Store, work: () => T): { done: T } | 'busy' {
  try {
    db.exec('BEGIN IMMEDIATE')
    const done = work()
    db.exec('COMMIT')
    return { done }
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')) return 'busy'
    throw storeFailure(error, db.name)
  }
}

/**
 * The source of all that comes in at one address under the same privacy rules. There is no file from which it could be read again,
 * so rules that change take nothing out of it: what comes under others is another source.
 */
export function receivedSource(
  db: Store,
  source: Pick<Source, 'platform' | 'path' | 'ingestedMs'> & { policy: string },
): number {
  const find = db
    .prepare("SELECT policy FROM source WHERE kind = 'traces' AND platform = @platform AND path = @path")
    .pluck()
  const policy = find.get(source)
  const path = policy === undefined || policy === source.policy ? source.path : `${source.path} rules ${source.policy}`
  return db
    .prepare(
      `INSERT INTO source (kind, platform, path, format, state, policy, ingested_ms) VALUES ('traces', @platform, @path, 'otlp', 'complete', @policy, @ingestedMs)
       ON CONFLICT DO UPDATE SET ingested_ms = @ingestedMs RETURNING id`,
    )
    .pluck()
    .get({ ...source, path }) as number
}

/** Adds to a source what came in; it is complete after each request. */
export function addReceived(
  db: Store,
  id: number,
  more: Pick<Source, 'records' | 'problems' | 'skipped' | 'redacted'> & { bytes: number },
): void {
  const before = db.prepare('SELECT skipped, redacted FROM source WHERE id = ?').get(id) as Record<string, string>
  const sum = (name: 'skipped' | 'redacted') => {
    const counts = new Map(Object.entries(JSON.parse(before[name]!) as Record<string, number>))
    for (const [reason, times] of Object.entries(more[name])) counts.set(reason, (counts.get(reason) ?? 0) + times)
    return JSON.stringify(Object.fromEntries(counts))
  }
  db.prepare(
    `UPDATE source SET records = records + @records, problems = problems + @problems, bytes = coalesce(bytes, 0) + @bytes,
     skipped = @skipped, redacted = @redacted WHERE id = @id`,
  ).run({ ...more, id, skipped: sum('skipped'), redacted: sum('redacted') })
}
