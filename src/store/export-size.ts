import type { Store } from './open.js'

/**
 * Bytes of a platform's exports per trace in them, whole exports alone; a trace that stands in two files counts in both. Packed files
 * tell nothing of what is in them, so they are left out. Undefined without any other.
 */
export function bytesPerTrace(db: Store, platform: string): number | undefined {
  const { bytes, traces } = db
    .prepare(
      `SELECT sum(bytes) AS bytes, sum((SELECT count(DISTINCT trace_id) FROM span_source JOIN span ON span.id = span_source.span
         WHERE span_source.source = source.id)) AS traces
       FROM source WHERE kind = 'traces' AND state = 'complete' AND platform = ? AND path NOT LIKE '%.gz' AND path NOT LIKE '%.zst'`,
    )
    .get(platform) as { bytes: number | null; traces: number | null }
  return bytes && traces ? bytes / traces : undefined
}
