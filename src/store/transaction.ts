import type { Store } from './open.js'

/** Does work that waits for something inside one transaction: all that it writes is kept, or nothing. */
export async function wholeOrNothing<T>(db: Store, work: () => Promise<T>): Promise<T> {
  db.exec('BEGIN IMMEDIATE')
  try {
    const made = await work()
    db.exec('COMMIT')
    return made
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}
