import type { Store } from './open.js'

/** When the first span of a platform began, epoch milliseconds, whatever the window; undefined while it has none. */
export function firstSpanMs(db: Store, platform: string): number | undefined {
  const first = db.prepare('SELECT min(start_ms) FROM span WHERE platform = ?').pluck().get(platform) as number | null
  return first ?? undefined
}
