import type { Store } from './open.js'
import { joinRecords } from './record-spans.js'

/** Writes what an export tells of its platform beside spans: names of prompts, and deletions; call it inside a transaction. */
export function registryWriter(db: Store, platform: string, source: number) {
  const name = db.prepare(
    `INSERT INTO prompt_name (platform, prompt_id, name, origin) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET name = excluded.name, origin = excluded.origin WHERE name <> excluded.name`,
  )
  const deletion = db.prepare('INSERT OR IGNORE INTO deleted_record (platform, record_id, origin) VALUES (?, ?, ?)')
  const known = db.prepare('SELECT record_id FROM deleted_record WHERE platform = ?').pluck().all(platform)
  const gone = new Set(known as string[])
  return {
    promptName: (id: string, given: string) => void name.run(platform, id, given, source),
    deletion(recordId: string): void {
      deletion.run(platform, recordId, source)
    },
    /** True for a record that the platform had deleted before this file was read. */
    isDeleted: (recordId: string | undefined) => recordId !== undefined && gone.has(recordId),
  }
}

/**
 * Applies what is known of a platform to its spans, whichever came first: what is said of a record alone joins the span that
 * names it, ids of prompts get their names, judgements that name a span alone get its trace, and records that the platform has
 * deleted go, with the judgements of them. Call it inside a transaction.
 */
export function applyRegistry(db: Store, platform: string): void {
  const has = (table: string) =>
    db.prepare(`SELECT 1 FROM ${table} WHERE platform = ? LIMIT 1`).get(platform) !== undefined
  joinRecords(db, platform)
  if (has('prompt_name'))
    db.prepare(
      `UPDATE span SET prompt_name = (SELECT name FROM prompt_name WHERE platform = span.platform AND prompt_id = span.prompt_id)
       WHERE platform = ? AND prompt_id IS NOT NULL AND prompt_name IS NULL`,
    ).run(platform)
  for (const table of ['score', 'feedback'] as const) findTraces(db, platform, table)
  if (has('deleted_record')) dropDeleted(db, platform)
}

/** A span id that stands in several traces names none of them. */
function findTraces(db: Store, platform: string, table: 'score' | 'feedback'): void {
  const isLost = 'platform = ? AND trace_id IS NULL AND span_id IS NOT NULL'
  if (db.prepare(`SELECT 1 FROM ${table} WHERE ${isLost} LIMIT 1`).get(platform) === undefined) return
  db.prepare(
    `UPDATE ${table} SET trace_id = found.trace_id FROM (
       SELECT span_id, min(trace_id) AS trace_id FROM span
       WHERE platform = ? AND span_id IN (SELECT span_id FROM ${table} WHERE ${isLost})
       GROUP BY span_id HAVING count(*) = 1
     ) AS found
     WHERE found.span_id = ${table}.span_id AND ${table}.platform = ? AND ${table}.trace_id IS NULL`,
  ).run(platform, platform, platform)
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
  const bySpan = [
    db.prepare('DELETE FROM finding WHERE span = ?'),
    // By the key of the table, whose first part is the source.
    db.prepare('DELETE FROM span_source WHERE source IN (SELECT id FROM source) AND span = ?'),
  ]
  const judged = ['score', 'feedback'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE platform = ? AND trace_id = ? AND span_id = ?`),
  )
  for (const [id, traceId, spanId] of gone) {
    for (const statement of [...byId, ...bySpan]) statement.run(id)
    for (const statement of judged) statement.run(platform, traceId, spanId)
  }
}
