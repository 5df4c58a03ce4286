import { guarded, type Store } from './open.js'

/** How much a piece of work has written. */
export interface Written {
  records: number
  bytes: number
}

/** Records per transaction: each commit rewrites the index pages it touched, so small ones cost more than their rows. */
const recordsPerCommit = 10_000
const bytesPerCommit = 32 * 1024 * 1024

/**
 * Transactions that span several pieces of work: what was not committed when the process dies was never there.
 * Call `commit` at the end, `rollback` when something failed.
 */
export function openBatches(db: Store) {
  let records = 0
  let bytes = 0

  function commit(): void {
    if (!db.inTransaction) return
    guarded(db, () => db.exec('COMMIT'))
    records = 0
    bytes = 0
  }

  return {
    /** Does `work`, which says what it has written, and commits when enough has come together. */
    write(work: () => Written): void {
      const written = guarded(db, () => {
        if (!db.inTransaction) db.exec('BEGIN IMMEDIATE')
        return work()
      })
      records += written.records
      bytes += written.bytes
      if (records >= recordsPerCommit || bytes >= bytesPerCommit) commit()
    },
    commit,
    rollback(): void {
      if (db.inTransaction) db.exec('ROLLBACK')
    },
  }
}
