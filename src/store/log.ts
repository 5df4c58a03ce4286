import type { LogEntry } from '../core/log-entry.js'
import type { Store } from './open.js'
import type { Outcome } from './span-writer.js'

/** An entry as it is stored: its key is its id, and it has a source. */
export interface StoredEntry extends LogEntry {
  id: string
  /** Where it came from: a file, or `pilot log`. */
  from: string
}

/** Writes entries by their ids. The same entry again changes nothing; another one under its id takes its place. Call it inside a transaction. */
export function logWriter(db: Store, source: number) {
  const find = db.prepare('SELECT kind, platform, time_ms, body FROM log_entry WHERE key = ?').raw()
  const write = db.prepare(
    `INSERT INTO log_entry (key, kind, platform, time_ms, body, source) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET kind = excluded.kind, platform = excluded.platform, time_ms = excluded.time_ms, body = excluded.body`,
  )
  return {
    write(id: string, { platform, timeMs, engineer, note, work }: LogEntry): Outcome {
      // A lone surrogate cannot be stored: what comes back would differ from what came in.
      const body = JSON.stringify({ engineer, note: note?.toWellFormed(), work })
      const cells = [work.kind, platform ?? null, timeMs, body]
      const stored = find.get(id) as (string | number | null)[] | undefined
      if (stored?.every((value, index) => value === cells[index])) return 'unchanged'
      write.run(id, cells, source)
      return stored === undefined ? 'added' : 'updated'
    },
  }
}

/** All entries in order of time, or those of one source. */
export function readLogEntries(db: Store, source?: number): StoredEntry[] {
  const rows = db
    .prepare(
      `SELECT key, log_entry.platform, time_ms AS timeMs, body, path FROM log_entry LEFT JOIN source ON source.id = log_entry.source
       WHERE @source IS NULL OR source = @source ORDER BY time_ms, key`,
    )
    .all({ source: source ?? null }) as {
    key: string
    platform: string | null
    timeMs: number
    body: string
    path: string | null
  }[]
  return rows.map(({ key, platform, timeMs, body, path }) => ({
    id: key,
    ...(platform === null ? {} : { platform }),
    timeMs,
    ...(JSON.parse(body) as Pick<LogEntry, 'engineer' | 'note' | 'work'>), // as logWriter wrote it
    from: path ?? 'unknown',
  }))
}

/** Takes entries out by their ids. */
export function removeLogEntry(db: Store, id: string): void {
  db.prepare('DELETE FROM log_entry WHERE key = ?').run(id)
}

/** How many entries are stored, or how many of them one source brought. */
export function countLogEntries(db: Store, source?: number): number {
  return db
    .prepare('SELECT count(*) FROM log_entry WHERE ? IS NULL OR source = ?')
    .pluck()
    .get(source ?? null, source ?? null) as number
}

/** What `pilot log` itself has written, as a source: its path in the store. */
export const ownLogPath = 'pilot log'

/** The source of what `pilot log` has written, and the privacy rules it is under; undefined before the first entry. */
export function findOwnLog(db: Store): { id: number; policy: string } | undefined {
  return db
    .prepare(`SELECT id, policy FROM source WHERE kind = 'log' AND platform = '' AND path = ?`)
    .get(ownLogPath) as { id: number; policy: string } | undefined
}

/** Notes that a source is under other privacy rules now. */
export function setSourcePolicy(db: Store, source: number, policy: string): void {
  db.prepare('UPDATE source SET policy = ? WHERE id = ?').run(policy, source)
}
