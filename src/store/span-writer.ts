import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { mergeSpans } from '../core/merge.js'
import { type Cell, columnNames } from './columns.js'
import type { Store } from './open.js'
import { rowOf, type SpanRow, spanOf } from './span-row.js'

/** What became of one span that was handed to the writer. */
export type Outcome = 'added' | 'updated' | 'unchanged'

/**
 * Writes spans of one platform and source by their identity (platform, trace, span); call it inside a transaction.
 * Each distinct version of a span is merged once, so that any file may come again, in any order, and change nothing.
 */
export function spanWriter(db: Store, platform: string, source: number) {
  const all = ['platform', 'trace_id', 'span_id', ...columnNames]
  const key = 'platform = ? AND trace_id = ? AND span_id = ?'
  const insert = db.prepare(`INSERT INTO span (${all}) VALUES (${all.map(() => '?')}) ON CONFLICT DO NOTHING`)
  const insertContent = db.prepare('INSERT INTO span_content (id, body) VALUES (?, ?)')
  const link = db.prepare('INSERT OR IGNORE INTO span_source (source, span) VALUES (?, ?)')
  const find = db.prepare(`SELECT span.id, body, ${columnNames} FROM span JOIN span_content USING (id) WHERE ${key}`)
  const update = db.prepare(`UPDATE span SET ${columnNames.map((name) => `${name} = ?`)} WHERE id = ?`)
  const updateContent = db.prepare('UPDATE span_content SET body = ? WHERE id = ?')
  const versions = db.prepare('SELECT hash FROM span_version WHERE id = ?').pluck()
  const addVersion = db.prepare('INSERT OR IGNORE INTO span_version (id, hash) VALUES (?, ?)')
  const forget = db.prepare('DELETE FROM finding WHERE span = ?')
  const addFinding = db.prepare('INSERT INTO finding (span, rule, hits) VALUES (?, ?, ?)')

  function write(row: SpanRow): Outcome {
    const added = insert.run(platform, row.traceId, row.spanId, row.cells)
    if (added.changes === 1) {
      insertContent.run(added.lastInsertRowid, row.body)
      link.run(source, added.lastInsertRowid)
      note(added.lastInsertRowid, row.findings)
      return 'added'
    }
    const { id, outcome } = merge(row)
    link.run(source, id)
    if (outcome === 'updated') note(id, row.findings)
    return outcome
  }

  function note(id: number | bigint, findings: SpanRow['findings']): void {
    if (!findings) return
    forget.run(id)
    for (const [rule, hits] of Object.entries(findings)) addFinding.run(id, rule, hits)
  }

  function merge(row: SpanRow): { id: number; outcome: Outcome } {
    const { traceId, spanId, cells, body } = row
    // The row exists: the insert above just met it.
    const [id, storedBody, ...storedCells] = find.raw().get(platform, traceId, spanId) as [number, string, ...Cell[]]
    if (body === storedBody && isDeepStrictEqual(cells, storedCells)) return { id, outcome: 'unchanged' }
    const seen = versions.all(id)
    const version = versionOf(cells, body)
    if (seen.includes(version)) return { id, outcome: 'unchanged' }
    if (seen.length === 0) addVersion.run(id, versionOf(storedCells, storedBody))
    addVersion.run(id, version)

    const stored = { traceId, spanId, cells: storedCells, body: storedBody }
    const merged = rowOf(mergeSpans(spanOf(stored), spanOf(row)), undefined)
    const isSame =
      isDeepStrictEqual(merged.cells, storedCells) && isDeepStrictEqual(JSON.parse(merged.body), JSON.parse(storedBody))
    if (isSame) return { id, outcome: 'unchanged' }
    update.run(merged.cells, id)
    updateContent.run(merged.body, id)
    return { id, outcome: 'updated' }
  }

  return { write }
}

function versionOf(cells: readonly Cell[], body: string): string {
  return hash('sha1', `${JSON.stringify(cells)}${body}`, 'base64')
}
