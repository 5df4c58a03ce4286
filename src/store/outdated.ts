import type { Store } from './open.js'

/**
 * Takes out what a source brought under other privacy rules than those of today, so that reading it again applies them, an
 * `omit` too. What another source has brought under today's rules stays. Call it inside a transaction.
 */
export function dropOutdated(db: Store, source: number, policy: string): void {
  db.exec('CREATE TEMP TABLE IF NOT EXISTS outdated (id INTEGER PRIMARY KEY)')
  db.exec('DELETE FROM outdated')
  db.prepare(
    `INSERT INTO outdated SELECT span FROM span_source WHERE source = ? AND span NOT IN
     (SELECT span FROM span_source JOIN source ON source.id = span_source.source WHERE source.policy = ? AND source.id <> ?)`,
  ).run(source, policy, source)
  for (const [table, column] of spanTables) db.exec(`DELETE FROM ${table} WHERE ${column} IN (SELECT id FROM outdated)`)
  for (const [table, column] of rowTables) db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(source)
  db.exec('DROP TABLE outdated')
}

const spanTables = [
  ['span_content', 'id'],
  ['span_version', 'id'],
  ['finding', 'span'],
  ['span_source', 'span'],
  ['span', 'id'],
] as const

const rowTables = [
  ['score', 'origin'],
  ['feedback', 'origin'],
  ['request', 'source'],
  ['deployment', 'source'],
] as const
