import { guarded, type Store } from './open.js'

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
    /** Does `work`, which writes about so much, and commits when enough has come together. */
    write(size: { records: number; bytes: number }, work: () => void): void {
      guarded(db, () => {
        if (!db.inTransaction) db.exec('BEGIN IMMEDIATE')
        work()
      })
      records += size.records
      bytes += size.bytes
      if (records >= recordsPerCommit || bytes >= bytesPerCommit) commit()
    },
    commit,
    rollback(): void {
      if (db.inTransaction) db.exec('ROLLBACK')
    },
  }
}
