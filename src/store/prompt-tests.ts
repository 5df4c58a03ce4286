import type { TestRecord } from '../core/prompts/recorded.js'
import { known } from './known.js'
import type { Store } from './open.js'

/** Keeps a record, unless one of the same evidence is there: then that one comes back. One transaction. */
export function keepTestRecord(db: Store, { platform, hash, timeMs, ...body }: TestRecord): TestRecord {
  const keep = db.transaction(() => {
    db.prepare('INSERT OR IGNORE INTO prompt_test (platform, hash, time_ms, body) VALUES (?, ?, ?, ?)').run(
      ...[platform, hash, timeMs, JSON.stringify(body)],
    )
    return readTestRecords(db, platform).find((record) => record.hash === hash)! // it is there now
  })
  return keep.immediate()
}

/** All records of a platform, the oldest first. */
export function readTestRecords(db: Store, platform: string): TestRecord[] {
  const rows = db
    .prepare(
      'SELECT platform, hash, time_ms AS timeMs, body FROM prompt_test WHERE platform = ? ORDER BY time_ms, hash',
    )
    .all(platform) as { body: string }[]
  return rows.map(({ body, ...row }) => ({
    ...known<Pick<TestRecord, 'platform' | 'hash' | 'timeMs'>>(row),
    ...(JSON.parse(body) as Omit<TestRecord, 'platform' | 'hash' | 'timeMs'>), // as keepTestRecord wrote it
  }))
}
