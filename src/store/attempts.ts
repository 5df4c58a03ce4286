import type { AttemptEvent } from '../core/drill/attempt.js'
import type { Store } from './open.js'
import type { Outcome } from './span-writer.js'

/**
 * Writes events of attempts, each once. Of two that claim the same place in an attempt the one whose text sorts last stands, a
 * rule that no order of arrival changes. Call it inside a transaction.
 */
export function attemptWriter(db: Store, source: number) {
  const find = db.prepare('SELECT body FROM attempt_event WHERE attempt = ? AND seq = ?').pluck()
  const insert = db.prepare('INSERT INTO attempt_event (attempt, seq, body, source) VALUES (?, ?, ?, ?)')
  const replace = db.prepare('UPDATE attempt_event SET body = ?, source = ? WHERE attempt = ? AND seq = ?')
  return {
    write(event: AttemptEvent): Outcome {
      const body = JSON.stringify(event)
      const stored = find.get(event.attempt, event.seq) as string | undefined
      if (stored === undefined) {
        insert.run(event.attempt, event.seq, body, source)
        return 'added'
      }
      if (body <= stored) return 'unchanged'
      replace.run(body, source, event.attempt, event.seq)
      return 'updated'
    },
  }
}

/** All events, in the order in which their attempts came. */
export function readAttemptEvents(db: Store): AttemptEvent[] {
  const bodies = db.prepare('SELECT body FROM attempt_event ORDER BY source, attempt, seq').pluck().all() as string[]
  return bodies.map((body) => JSON.parse(body) as AttemptEvent)
}

/** How many attempts are stored, or how many of them one source brought. */
export function countAttempts(db: Store, source?: number): number {
  return db
    .prepare('SELECT count(DISTINCT attempt) FROM attempt_event WHERE ? IS NULL OR source = ?')
    .pluck()
    .get(source ?? null, source ?? null) as number
}
