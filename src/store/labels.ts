import { isLaterLabel, type Label } from '../core/label.js'
import { known } from './known.js'
import type { Store } from './open.js'
import type { Outcome } from './span-writer.js'

/**
 * Writes labels: one per item, name and person. Of two the later stands, whichever came first; of equal times the one that
 * sorts last. Call it inside a transaction.
 */
export function labelWriter(db: Store, source: number) {
  const find = db.prepare('SELECT value, time_ms AS timeMs, note FROM label WHERE key = ?')
  const insert = db.prepare(
    'INSERT INTO label (key, item, name, value, "by", time_ms, note, source) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const replace = db.prepare('UPDATE label SET value = ?, time_ms = ?, note = ?, source = ? WHERE key = ?')
  const remove = db.prepare('DELETE FROM label WHERE key = ?')
  return {
    write({ item, name, value, by, timeMs, note }: Label): Outcome {
      const key = keyOf({ item, name, by })
      const cells = [value.toWellFormed(), timeMs ?? null, note?.toWellFormed() ?? null] as const
      const row = find.get(key) as object | undefined
      if (row === undefined) {
        insert.run(key, item, name, cells[0], by ?? null, cells[1], cells[2], source)
        return 'added'
      }
      const stored = known<Pick<Label, 'value' | 'timeMs' | 'note'>>(row)
      if (!isLaterLabel({ value: cells[0], timeMs, note: cells[2] ?? undefined }, stored)) return 'unchanged'
      replace.run(...cells, source, key)
      return 'updated'
    },
    /** Takes back what a person said of an item. */
    remove(label: Pick<Label, 'item' | 'name' | 'by'>): void {
      remove.run(keyOf(label))
    },
  }
}

function keyOf({ item, name, by }: Pick<Label, 'item' | 'name' | 'by'>): string {
  return JSON.stringify([item, name, by ?? null])
}

/** All labels, or those of one name, in order of time. */
export function readLabels(db: Store, name?: string): Label[] {
  const rows = db
    .prepare(
      `SELECT item, name, value, "by", time_ms AS timeMs, note FROM label WHERE ? IS NULL OR name = ? ORDER BY time_ms, key`,
    )
    .all(name ?? null, name ?? null) as object[]
  return rows.map((row) => known<Label>(row))
}

/** How many labels are stored, or how many of them one source brought. */
export function countLabels(db: Store, source?: number): number {
  return db
    .prepare('SELECT count(*) FROM label WHERE ? IS NULL OR source = ?')
    .pluck()
    .get(source ?? null, source ?? null) as number
}
