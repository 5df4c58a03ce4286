import type { Span, SpanContent } from '../core/span.js'
import { type Cell, columnNames, readSpan } from './columns.js'
import type { Store } from './open.js'

/** Every span of a platform as it is stored, text and all, by trace and span id; one at a time. With what detectors found in it. */
export function* eachStoredSpan(
  db: Store,
  platform: string,
): Generator<{ span: Span; findings?: Record<string, number> }> {
  const rows = db
    .prepare(
      `SELECT body, (SELECT json_group_object(rule, hits) FROM finding WHERE finding.span = span.id), trace_id, span_id, ${columnNames}
       FROM span JOIN span_content USING (id) WHERE platform = ? ORDER BY trace_id, span_id`,
    )
    .raw()
    .iterate(platform) as IterableIterator<Cell[]>
  for (const [body, hits, ...cells] of rows) {
    const { fields: _, ...span } = readSpan(cells)
    const findings = JSON.parse(String(hits)) as Record<string, number>
    yield {
      span: { ...span, content: JSON.parse(String(body)) as SpanContent }, // as spanWriter wrote it
      ...(Object.keys(findings).length > 0 && { findings }),
    }
  }
}
