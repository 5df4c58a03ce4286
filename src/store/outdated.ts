import type { Store } from './open.js'

/**
 * Takes out what a source brought under other privacy rules than those of today, so that reading it again applies them, an
 * `omit` too. A span that other sources have brought as well is made of what all of them said: it goes, and they have to be read
 * again, those of today's rules too. Call it inside a transaction.
 */
export function dropOutdated(db: Store, source: number, policy: string): void {
  db.exec('CREATE TEMP TABLE IF NOT EXISTS outdated (id INTEGER PRIMARY KEY)')
  db.exec('DELETE FROM outdated')
  db.prepare('INSERT INTO outdated SELECT span FROM span_source WHERE source = ?').run(source)
  db.prepare(
    `UPDATE source SET policy = '' WHERE policy = ? AND id <> ? AND id IN
     (SELECT source FROM span_source WHERE span IN (SELECT id FROM outdated))`,
  ).run(policy, source)
  forgetNames(db, source)
  for (const [table, column] of spanTables) db.exec(`DELETE FROM ${table} WHERE ${column} IN (SELECT id FROM outdated)`)
  for (const [table, column] of rowTables) db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(source)
  db.exec('DROP TABLE outdated')
}

/** Spans of other sources have got their prompts' names from the source: it names them again when it is read. */
function forgetNames(db: Store, source: number): void {
  if (db.prepare('SELECT 1 FROM prompt_name WHERE origin = ? LIMIT 1').get(source) === undefined) return
  const named = `SELECT span.id FROM span JOIN prompt_name USING (platform, prompt_id)
    WHERE prompt_name.origin = ? AND prompt_name.name = span.prompt_name`
  db.prepare(`DELETE FROM span_version WHERE id IN (${named})`).run(source)
  db.prepare(`UPDATE span SET prompt_name = NULL WHERE id IN (${named})`).run(source)
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
  ['prompt_name', 'origin'],
  ['deleted_record', 'origin'],
  ['billing', 'source'],
  ['attempt_event', 'source'],
  ['label', 'source'],
  ['log_entry', 'source'],
] as const
