import type { Deployment } from '../core/deployment.js'
import { known } from './known.js'
import type { Store } from './open.js'
import type { Outcome } from './span-writer.js'

/** What may be learned later of the same deployment. */
const laterFields = ['by', 'reviewed_by', 'evidence'] as const

/**
 * Writes deployments, each once: what is deployed, where and when tell one from another. Of two rows about the same one the
 * greater value wins per field, so that no order of arrival changes anything. Call it inside a transaction.
 */
export function deploymentWriter(db: Store, source: number) {
  const fields = ['kind', 'name', 'version', 'time_ms', 'environment', 'action', 'content_hash'] as const
  const columns = [...fields, ...laterFields].map((name) => `"${name}"`)
  const find = db.prepare(`SELECT "by", reviewed_by, evidence FROM deployment WHERE key = ?`).raw()
  const insert = db.prepare(`INSERT INTO deployment (key, ${columns}, source) VALUES (?, ${columns.map(() => '?')}, ?)`)
  const update = db.prepare('UPDATE deployment SET "by" = ?, reviewed_by = ?, evidence = ? WHERE key = ?')

  return {
    write(deployment: Deployment): Outcome {
      const { kind, name, version, timeMs, environment, action, contentHash, by, reviewedBy, evidence } = deployment
      // Two files of one name in one commit differ by their text alone.
      const identity = [kind, name, version, timeMs, environment, action, contentHash].map((cell) => cell ?? null)
      // A lone surrogate cannot be stored: what comes back would differ from what came in.
      const later = [by, reviewedBy, evidence].map((cell) => cell?.toWellFormed() ?? null)
      const key = JSON.stringify(identity)
      const stored = find.get(key) as (string | null)[] | undefined
      if (!stored) {
        insert.run(key, identity, later, source)
        return 'added'
      }
      const merged = later.map((cell, index) => greater(cell, stored[index] ?? null))
      if (merged.every((cell, index) => cell === stored[index])) return 'unchanged'
      update.run(merged, key)
      return 'updated'
    },
  }
}

function greater(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  return a > b ? a : b
}

/** All deployments in order of time. */
export function readDeployments(db: Store): Deployment[] {
  const rows = db
    .prepare(
      `SELECT kind, name, version, time_ms AS timeMs, environment, action, "by", reviewed_by AS reviewedBy, evidence,
       content_hash AS contentHash FROM deployment ORDER BY time_ms, key`,
    )
    .all() as object[]
  return rows.map((row) => known<Deployment>(row))
}

/** How many deployments are stored, or how many of them one source brought first. */
export function countDeployments(db: Store, source?: number): number {
  return db
    .prepare('SELECT count(*) FROM deployment WHERE ? IS NULL OR source = ?')
    .pluck()
    .get(source ?? null, source ?? null) as number
}
