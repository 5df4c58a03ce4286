import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { mergeVersions } from '../core/merge.js'
import { type Cell, columnNames } from './columns.js'
import type { Store } from './open.js'
import { rowOf, type SpanRow, spanOf } from './span-row.js'

/** What became of one span that was handed to the writer. */
export type Outcome = 'added' | 'updated' | 'unchanged'

/**
 * Writes spans of one platform and source by their identity (platform, trace, span); call it inside a transaction.
 * Each distinct version of a span is kept once and all of them are merged, so that files may come in any order and again.
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
  const isKnown = db.prepare('SELECT 1 FROM span_version WHERE id = ? AND hash = ?').pluck()
  const versions = db.prepare('SELECT cells, body FROM span_version WHERE id = ? AND place >= 0 ORDER BY place')
  const absorbVersions = db.prepare(
    "UPDATE span_version SET place = -1, cells = '', body = '' WHERE id = ? AND place >= 0",
  )
  const insertVersion = db.prepare(
    'INSERT OR REPLACE INTO span_version (id, hash, place, cells, body) VALUES (?, ?, ?, ?, ?)',
  )
  const addFinding = db.prepare(
    'INSERT INTO finding (span, rule, hits) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET hits = max(hits, excluded.hits)',
  )

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
    note(id, row.findings)
    return outcome
  }

  /** What was found in any version of a span counts, whichever came last. */
  function note(id: number | bigint, findings: SpanRow['findings']): void {
    for (const [rule, hits] of Object.entries(findings ?? {})) addFinding.run(id, rule, hits)
  }

  function merge(row: SpanRow): { id: number; outcome: Outcome } {
    const { traceId, spanId, cells, body } = row
    // The row exists: the insert above just met it.
    const [id, storedBody, ...storedCells] = find.raw().get(platform, traceId, spanId) as [number, string, ...Cell[]]
    if (body === storedBody && isDeepStrictEqual(cells, storedCells)) return { id, outcome: 'unchanged' }
    const stored = { cells: storedCells, body: storedBody }
    const hash = hashOf(row)
    // −0 comes back from the database as 0, which makes no other version.
    if (hash === hashOf(stored) || isKnown.get(id, hash) !== undefined) return { id, outcome: 'unchanged' }
    const kept = versions.all(id) as Version[]
    const isFull = kept.length >= mostVersions
    if (isFull) absorbVersions.run(id)
    const before = isFull || kept.length === 0 ? [addVersion(id, 0, stored)] : kept
    const all = [...before, addVersion(id, before.length, row)]
    const spans = all.map(({ cells, body }) => spanOf({ traceId, spanId, cells: JSON.parse(cells) as Cell[], body }))
    const merged = rowOf(mergeVersions(spans), undefined)
    const isSame =
      isDeepStrictEqual(merged.cells, storedCells) && isDeepStrictEqual(JSON.parse(merged.body), JSON.parse(storedBody))
    if (isSame) return { id, outcome: 'unchanged' }
    update.run(merged.cells, id)
    updateContent.run(merged.body, id)
    return { id, outcome: 'updated' }
  }

  function addVersion(id: number, place: number, row: Pick<SpanRow, 'cells' | 'body'>): Version {
    const version = { cells: JSON.stringify(row.cells), body: row.body }
    insertVersion.run(id, hashOf(row), place, version.cells, version.body)
    return version
  }

  return { write }
}

/** Versions of one span that are kept apart; when more come, what they gave together counts as one. Else ids that many spans share (zeros) would take quadratic time. */
const mostVersions = 16

interface Version {
  cells: string
  body: string
}

function hashOf({ cells, body }: Pick<SpanRow, 'cells' | 'body'>): string {
  return hash('sha1', `${JSON.stringify(cells)}${body}`, 'base64')
}
