import type { Store } from '../open.js'
import type { Gone } from './rows.js'

/** What the search of the files came to. */
export interface PurgeProof {
  files: number
  pieces: number
  found: number
  /** Of the database, hex, as it was searched. */
  sha256: string
}

/** One purge, without text and ids. */
export interface PurgeEntry extends Gone {
  id: number
  /** Epoch milliseconds. */
  timeMs: number
  /** What it was selected by; `restore` where an ingest brought back what was purged. */
  selector: 'trace' | 'user' | 'tenant' | 'older-than' | 'restore'
  /** An alias. */
  by?: string
  /** `removed`: the rows are gone, and the bytes of them may still be in the files. */
  state: 'removed' | 'scrubbed'
  /** Of `older-than`: the moment, epoch milliseconds. */
  beforeMs?: number
  /** Undefined where nothing was searched: the purge was interrupted, and finished by another. */
  proof?: PurgeProof
}

type Body = Omit<PurgeEntry, 'id' | 'timeMs' | 'selector' | 'by' | 'state'>

/** Notes a purge, and gives its number. Call it inside the transaction that does it. */
export function addPurge(db: Store, { timeMs, selector, by, state, ...body }: Omit<PurgeEntry, 'id'>): number {
  const { lastInsertRowid } = db
    .prepare('INSERT INTO purge (time_ms, selector, "by", state, body) VALUES (?, ?, ?, ?, ?)')
    .run(timeMs, selector, by ?? null, state, JSON.stringify(body))
  return Number(lastInsertRowid)
}

/** Notes that the files hold no row that any purge took out, and of the one with this number what a search found. One transaction. */
export function notePurgesScrubbed(
  db: Store,
  id: number | undefined,
  { files, pieces, found, sha256 }: PurgeProof,
): void {
  const note = db.transaction(() => {
    db.exec("UPDATE purge SET state = 'scrubbed' WHERE state = 'removed'")
    if (id !== undefined)
      db.prepare("UPDATE purge SET body = json_set(body, '$.proof', json(?)) WHERE id = ?").run(
        JSON.stringify({ files, pieces, found, sha256 }),
        id,
      )
  })
  note.immediate()
}

/** All purges, the oldest first. */
export function readPurges(db: Store): PurgeEntry[] {
  const rows = db.prepare('SELECT id, time_ms, selector, "by", state, body FROM purge ORDER BY id').raw().all() as [
    number,
    number,
    PurgeEntry['selector'],
    string | null,
    PurgeEntry['state'],
    string,
  ][]
  return rows.map(([id, timeMs, selector, by, state, body]) => ({
    ...{ id, timeMs, selector, state },
    ...(by !== null && { by }),
    ...(JSON.parse(body) as Body), // as addPurge wrote it
  }))
}
