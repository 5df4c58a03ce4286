import type { Drill } from '../core/drill/drill.js'
import type { Store } from './open.js'

/** Writes a drill; one of the same id is replaced. */
export function saveDrill(db: Store, drill: Drill): void {
  db.prepare(
    'INSERT INTO drill (id, made_ms, body) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET made_ms = excluded.made_ms, body = excluded.body',
  ).run(drill.id, drill.madeMs, JSON.stringify(drill))
}

/** All drills, the oldest first. */
export function readDrills(db: Store): Drill[] {
  const bodies = db.prepare('SELECT body FROM drill ORDER BY made_ms, id').pluck().all() as string[]
  return bodies.map((body) => JSON.parse(body) as Drill)
}
