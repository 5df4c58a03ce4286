import { PilotError } from '../../core/errors.js'
import type { Store } from '../open.js'

/** What an id is of: with it, equal ids of different things have different hashes. */
export type PurgedKind = 'trace' | 'request' | 'score' | 'feedback' | 'incident' | 'case' | 'user' | 'tenant'

/** Whether something was purged, by the keyed hash of its id; the ids themselves are kept nowhere. */
export interface Tombstones {
  has(kind: PurgedKind, id: string): boolean
  /** Forgets that it was purged. Call it inside a transaction. */
  lift(kind: PurgedKind, id: string): void
}

/** The tombstones of a store; undefined where nothing was ever purged. Throws `PilotError` (exit 3) where their salt is lost. */
export function readTombstones(db: Store, hash: (value: string) => string): Tombstones | undefined {
  const find = db.prepare('SELECT 1 FROM purged_id WHERE hash = ?').pluck()
  if (db.prepare('SELECT 1 FROM purged_id LIMIT 1').get() === undefined) return undefined
  if (find.get(hash(saltMark)) === undefined)
    throw new PilotError('What was purged cannot be told: the salt is not the one that it was hashed with.', {
      hint: 'Restore .pilot/salt from a copy.',
      exitCode: 3,
    })
  const drop = db.prepare('DELETE FROM purged_id WHERE hash = ?')
  const known = new Map<string, boolean>()
  return {
    has(kind, id) {
      const name = nameOf(kind, id)
      const before = known.get(name)
      if (before !== undefined) return before
      const isPurged = find.get(hash(name)) !== undefined
      if (known.size >= mostKnown) known.clear()
      known.set(name, isPurged)
      return isPurged
    },
    lift(kind, id) {
      const name = nameOf(kind, id)
      known.set(name, false)
      drop.run(hash(name))
    },
  }
}

/** Spans of one trace come together: a few are enough. */
const mostKnown = 10_000

/** Stands beside the hashes, so that another salt is noticed. */
const saltMark = 'purged'

const nameOf = (kind: PurgedKind, id: string) => `purged ${kind} ${id}`

const gone: readonly [kind: PurgedKind, select: string][] = [
  ['trace', 'SELECT id FROM temp.gone_trace'],
  // A record that no trace names is a trace of its own.
  ['trace', 'SELECT id FROM temp.gone_record'],
  ['request', 'SELECT id FROM temp.gone_request'],
  ['score', 'SELECT id FROM temp.gone_score'],
  ['feedback', 'SELECT id FROM temp.gone_feedback'],
  ['incident', "SELECT drill || '/' || id AS id FROM temp.gone_incident"],
  ['case', "SELECT run || '/' || id AS id FROM temp.gone_case"],
]

/** What `selectGone` has found, by its ids. */
export function goneIds(db: Store): Pick<Tombstones, 'has'> {
  const ids = new Map<PurgedKind, Set<string>>()
  for (const [kind, select] of gone) {
    const known = ids.get(kind) ?? new Set<string>()
    for (const id of db.prepare(select).pluck().iterate() as IterableIterator<string>) known.add(id)
    ids.set(kind, known)
  }
  return { has: (kind, id) => ids.get(kind)?.has(id) ?? false }
}

/** Keeps the hashes of all that `selectGone` has found, and of whom it was selected by. Call it inside a transaction. */
export function keepTombstones(
  db: Store,
  hash: (value: string) => string,
  { purge, named }: { purge: number; named: readonly (readonly [PurgedKind, string])[] },
): void {
  const insert = db.prepare('INSERT OR IGNORE INTO purged_id (hash, purge) VALUES (?, ?)')
  const ids = gone.flatMap(([kind, select]) =>
    (db.prepare(select).pluck().all() as string[]).map((id) => [kind, id] as const),
  )
  insert.run(hash(saltMark), purge)
  for (const [kind, id] of [...ids, ...named]) insert.run(hash(nameOf(kind, id)), purge)
}
