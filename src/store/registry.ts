import type { Store } from './open.js'

/** Writes what an export tells of its platform beside spans: names of prompts, and deletions; call it inside a transaction. */
export function registryWriter(db: Store, platform: string, source: number) {
  const name = db.prepare(
    `INSERT INTO prompt_name (platform, prompt_id, name, origin) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, origin = excluded.origin WHERE name <> excluded.name`,
  )
  const deletion = db.prepare('INSERT OR IGNORE INTO deleted_record (platform, record_id, origin) VALUES (?, ?, ?)')
  return {
    promptName: (id: string, given: string) => void name.run(platform, id, given, source),
    deletion: (recordId: string) => void deletion.run(platform, recordId, source),
  }
}

/**
 * Applies what is known of a platform to its spans, whichever came first: ids of prompts get their names, and records that the
 * platform has deleted go, with the scores and the feedback on them. Call it inside a transaction.
 */
export function applyRegistry(db: Store, platform: string): void {
  const has = (table: string) =>
    db.prepare(`SELECT 1 FROM ${table} WHERE platform = ? LIMIT 1`).get(platform) !== undefined
  if (has('prompt_name'))
    db.prepare(
      `UPDATE span SET prompt_name = (SELECT name FROM prompt_name WHERE platform = span.platform AND prompt_id = span.prompt_id)
       WHERE platform = ? AND prompt_id IS NOT NULL AND prompt_name IS NULL`,
    ).run(platform)
  if (has('deleted_record')) dropDeleted(db, platform)
}

function dropDeleted(db: Store, platform: string): void {
  const gone = db
    .prepare(
      `SELECT id, trace_id, span_id FROM span WHERE platform = ? AND record_id IN
       (SELECT record_id FROM deleted_record WHERE platform = ?)`,
    )
    .raw()
    .all(platform, platform) as [number, string, string][]
  const byId = ['span_content', 'span_version', 'span'].map((table) => db.prepare(`DELETE FROM ${table} WHERE id = ?`))
  const bySpan = ['finding', 'span_source'].map((table) => db.prepare(`DELETE FROM ${table} WHERE span = ?`))
  const judged = ['score', 'feedback'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE platform = ? AND trace_id = ? AND span_id = ?`),
  )
  for (const [id, traceId, spanId] of gone) {
    for (const statement of [...byId, ...bySpan]) statement.run(id)
    for (const statement of judged) statement.run(platform, traceId, spanId)
  }
}
