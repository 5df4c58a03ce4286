import type { Store } from './open.js'

/** Feedback of the application and of one platform: how much there is, and how much of it meets one of the platform's traces. */
export function countFeedback(db: Store, platform: string): { total: number; joined: number } {
  return db
    .prepare(
      `SELECT count(*) AS total, count(CASE WHEN
         trace_id IN (SELECT trace_id FROM span WHERE platform = @platform)
         OR request IN (SELECT request FROM span WHERE platform = @platform AND request IS NOT NULL)
         THEN 1 END) AS joined
       FROM feedback WHERE platform IN ('', @platform)`,
    )
    .get({ platform }) as { total: number; joined: number }
}

/** The traces of a platform that carry a score. */
export function scoredTraceIds(db: Store, platform: string): Set<string> {
  const ids = db
    .prepare('SELECT DISTINCT trace_id FROM score WHERE platform = ? AND trace_id IS NOT NULL')
    .pluck()
    .all(platform)
  return new Set(ids as string[])
}

/** Trace ids and requests that a score of a platform, or feedback of it or of the application, names. */
export function judgedIds(db: Store, platform: string): Set<string> {
  const ids = db
    .prepare(
      `SELECT trace_id FROM score WHERE platform = @platform AND trace_id IS NOT NULL
       UNION SELECT trace_id FROM feedback WHERE platform IN ('', @platform) AND trace_id IS NOT NULL
       UNION SELECT request FROM feedback WHERE platform IN ('', @platform) AND request IS NOT NULL`,
    )
    .pluck()
    .all({ platform })
  return new Set(ids as string[])
}

/** The names of the scores of a platform, each with its traces. */
export function* scoreNames(db: Store, platform: string): Generator<{ traceId: string; name: string }> {
  const rows = db
    .prepare('SELECT DISTINCT trace_id AS traceId, name FROM score WHERE platform = ? AND trace_id IS NOT NULL')
    .iterate(platform)
  yield* rows as IterableIterator<{ traceId: string; name: string }>
}

/** Every name that scores of a platform have, in order. */
export function distinctScoreNames(db: Store, platform: string): string[] {
  const names = db
    .prepare('SELECT DISTINCT name FROM score WHERE platform = ? AND trace_id IS NOT NULL ORDER BY name')
    .pluck()
    .all(platform)
  return names as string[]
}

/** How many scores and how much feedback the store holds: in all, of one platform, or brought by one source. */
export function countJudgements(
  db: Store,
  of: 'all' | { platform: string } | { source: number },
): { scores: number; feedback: number } {
  const [where, values] =
    of === 'all' ? ['TRUE', []] : 'platform' in of ? ['platform = ?', [of.platform]] : ['origin = ?', [of.source]]
  const count = (table: string) =>
    db
      .prepare(`SELECT count(*) FROM ${table} WHERE ${where}`)
      .pluck()
      .get(...values) as number
  return { scores: count('score'), feedback: count('feedback') }
}
