import type { SpanContent } from '../core/span.js'
import type { Trace } from '../core/trace.js'
import { type Cell, columnNames, readSpan } from './columns.js'
import { inOrder } from './in-order.js'
import type { Store } from './open.js'

/** The trace ids, at most `limit`, that begin with `prefix` (of all platforms, or of one). */
export function findTraceIds(
  db: Store,
  prefix: string,
  { platform, limit }: { platform?: string | undefined; limit: number },
): { platform: string; traceId: string }[] {
  const rows = db
    .prepare(
      `SELECT DISTINCT platform, trace_id AS traceId FROM span
       WHERE trace_id >= ? AND trace_id < ? AND (? IS NULL OR platform = ?) ORDER BY trace_id, platform LIMIT ?`,
    )
    .all(prefix, `${prefix}\u{10ffff}`, platform ?? null, platform ?? null, limit)
  return rows as { platform: string; traceId: string }[]
}

/** One trace without text; undefined if the store does not have it. */
export function readTrace(db: Store, platform: string, traceId: string): Trace | undefined {
  return traceReader(db, platform)(traceId)
}

/** As `readTrace`, for whoever reads many traces. */
export function traceReader(db: Store, platform: string): (traceId: string) => Trace | undefined {
  const read = db
    .prepare(`SELECT trace_id, span_id, ${columnNames} FROM span WHERE trace_id = ? AND platform = ?`)
    .raw()
  return (traceId) => {
    const rows = read.all(traceId, platform) as Cell[][]
    return rows.length === 0 ? undefined : inOrder({ platform, traceId, spans: rows.map(readSpan) })
  }
}

/** The text of each span of a trace, by span id. */
export function readContents(db: Store, platform: string, traceId: string): Map<string, SpanContent> {
  return contentReader(db, platform)(traceId)
}

/** As `readContents`, for whoever reads that of many traces. */
export function contentReader(db: Store, platform: string): (traceId: string) => Map<string, SpanContent> {
  const read = db
    .prepare('SELECT span_id, body FROM span JOIN span_content USING (id) WHERE trace_id = ? AND platform = ?')
    .raw()
  return (traceId) => {
    const rows = read.all(traceId, platform) as [string, string][]
    return new Map(rows.map(([spanId, body]) => [spanId, JSON.parse(body) as SpanContent]))
  }
}

/** As `readContents`, for whoever reads single spans of many traces; undefined for a span that is not stored. */
export function spanContentReader(
  db: Store,
  platform: string,
): (traceId: string, spanId: string) => SpanContent | undefined {
  const read = db
    .prepare('SELECT body FROM span JOIN span_content USING (id) WHERE trace_id = ? AND span_id = ? AND platform = ?')
    .pluck()
  return (traceId, spanId) => {
    const body = read.get(traceId, spanId, platform) as string | undefined
    return body === undefined ? undefined : (JSON.parse(body) as SpanContent)
  }
}

/** How many spans are stored, of all platforms. */
export function countSpans(db: Store): number {
  return db.prepare('SELECT count(*) FROM span').pluck().get() as number
}

/** The platforms that have spans, in order of name. */
export function platformsWithSpans(db: Store): string[] {
  return db
    .prepare('SELECT DISTINCT platform FROM source WHERE kind = ? ORDER BY platform')
    .pluck()
    .all('traces') as string[]
}
