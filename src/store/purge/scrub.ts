import { PilotError } from '../../core/errors.js'
import type { Store } from '../open.js'

/** How long a scrub waits for readers. */
const waitMs = 2000

/**
 * Writes the database anew without what was taken out of it, and empties the write-ahead log. Throws `PilotError` (exit 3) while
 * another program still reads what was there before.
 */
export function scrub(db: Store): void {
  db.pragma('secure_delete = ON')
  db.pragma('temp_store = MEMORY')
  db.pragma(`busy_timeout = ${waitMs}`)
  emptyLog(db)
  db.exec('VACUUM')
  emptyLog(db)
}

function emptyLog(db: Store): void {
  const [result] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  if (result?.busy === 0) return
  throw new PilotError(`Not scrubbed yet: the rows are gone, but another program still reads ${db.name} as it was.`, {
    hint: 'Close what reads it and run the same command again; pilot purge --yes alone finishes it too.',
    exitCode: 3,
  })
}
