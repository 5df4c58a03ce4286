import { isRecordSpan, recordSpanPrefix } from '../core/record-span.js'
import { type Cell, columnNames } from './columns.js'
import type { Store } from './open.js'
import { spanWriter } from './span-writer.js'

/** The span of a trace that names a record. */
interface Place {
  id: number
  traceId: string
  spanId: string
}

/** Where what an export says of a record alone belongs: the span that names it, if one was stored before this file. */
export function placesOfRecords(
  db: Store,
  platform: string,
): (ids: { traceId: string; spanId: string }) => Pick<Place, 'traceId' | 'spanId'> | undefined {
  let places: Map<string, Place> | undefined
  return (ids) => {
    if (!isRecordSpan(ids)) return undefined
    places ??= readPlaces(db, platform)
    const place = places.get(ids.spanId)
    return place && { traceId: place.traceId, spanId: place.spanId }
  }
}

/**
 * Makes one span of a record's row and the span that names the record, whichever came first: as two they would count the same
 * call, its tokens and its price twice. Judgements of the record become the span's. Call it inside a transaction.
 */
export function joinRecords(db: Store, platform: string): void {
  const [rows, judged] = [recordRows(db, platform), (['score', 'feedback'] as const).map(judgedBy)]
  if (rows.length === 0 && judged.every((records) => records.length === 0)) return
  const places = readPlaces(db, platform)
  if (places.size === 0) return
  const fold = folder(db, platform)
  for (const { id, spanId } of rows) {
    const place = places.get(spanId)
    if (place !== undefined) fold(id, place)
  }
  for (const [index, table] of (['score', 'feedback'] as const).entries()) {
    const move = db.prepare(`UPDATE ${table} SET trace_id = ?, span_id = ? WHERE platform = ? AND trace_id = ?`)
    for (const record of judged[index]!) {
      const place = places.get(record)
      if (place !== undefined) move.run(place.traceId, place.spanId, platform, record)
    }
  }

  function judgedBy(table: 'score' | 'feedback'): string[] {
    return db
      .prepare(`SELECT DISTINCT trace_id FROM ${table} WHERE ${isOfRecord} AND platform = ?`)
      .pluck()
      .all(platform) as string[]
  }
}

/** By the index on trace ids: a platform without such rows is not read for them. */
const isOfRecord = `trace_id >= '${recordSpanPrefix}' AND trace_id < '${recordSpanPrefix}\u{10ffff}'`

function recordRows(db: Store, platform: string): Place[] {
  return db
    .prepare(
      `SELECT id, trace_id AS traceId, span_id AS spanId FROM span
       WHERE ${isOfRecord} AND platform = ? AND span_id = trace_id ORDER BY id`,
    )
    .all(platform) as Place[]
}

/** Where several spans name one record, the model call counts, and of those the latest. */
function readPlaces(db: Store, platform: string): Map<string, Place> {
  const rows = db
    .prepare(
      `SELECT record_id AS record, id, trace_id AS traceId, span_id AS spanId FROM span
       WHERE platform = ? AND record_id >= '${recordSpanPrefix}' AND record_id < '${recordSpanPrefix}\u{10ffff}'
       ORDER BY kind = 'llm', start_ms, trace_id, span_id`,
    )
    .all(platform) as (Place & { record: string })[]
  return new Map(rows.map(({ record, ...place }) => [record, place]))
}

/** By the key of the table, whose first part is the source. */
const isOfSpan = 'source IN (SELECT id FROM source) AND span = ?'

function folder(db: Store, platform: string): (row: number, into: Place) => void {
  const stored = db
    .prepare(`SELECT body, ${columnNames} FROM span JOIN span_content USING (id) WHERE span.id = ?`)
    .raw()
  const versions = db.prepare('SELECT cells, body FROM span_version WHERE id = ? AND place >= 0 ORDER BY place')
  const writers = new Map<number, ReturnType<typeof spanWriter>>()
  const sources = db.prepare(`SELECT source FROM span_source WHERE ${isOfSpan}`).pluck()
  const findings = db.prepare(
    `INSERT INTO finding (span, rule, hits) SELECT ?, rule, hits FROM finding WHERE span = ?
     ON CONFLICT DO UPDATE SET hits = max(hits, excluded.hits)`,
  )
  const drops = [
    ...['span_content', 'span_version', 'span'].map((table) => db.prepare(`DELETE FROM ${table} WHERE id = ?`)),
    db.prepare('DELETE FROM finding WHERE span = ?'),
    db.prepare(`DELETE FROM span_source WHERE ${isOfSpan}`),
  ]

  function versionsOf(row: number): { cells: Cell[]; body: string }[] {
    const kept = versions.all(row) as { cells: string; body: string }[]
    if (kept.length > 0) return kept.map(({ cells, body }) => ({ cells: JSON.parse(cells) as Cell[], body }))
    const [body, ...cells] = stored.get(row) as [string, ...Cell[]] // the row was just listed
    return [{ cells, body }]
  }

  return (row, { id, traceId, spanId }) => {
    const said = versionsOf(row)
    for (const source of sources.all(row) as number[]) {
      if (!writers.has(source)) writers.set(source, spanWriter(db, platform, source))
      for (const version of said)
        writers
          .get(source)
          ?.write({ traceId, spanId, ...version, isRollup: false, recordId: undefined, findings: undefined })
    }
    findings.run(id, row)
    for (const drop of drops) drop.run(row)
  }
}
