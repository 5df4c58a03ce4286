import type { Span, SpanContent } from '../core/span.js'
import { type Cell, readSpan, writeCells } from './columns.js'

/** A span as it is stored: plain values and text, which can also be passed between threads. */
export interface SpanRow {
  traceId: string
  spanId: string
  cells: Cell[]
  /** It tells of a whole trace, and is no span. */
  isRollup: boolean
  /** What the platform's deletions name. */
  recordId: string | undefined
  /** Its `SpanContent` as JSON. */
  body: string
  /** What detectors found in it: rule → hits. */
  findings: Record<string, number> | undefined
}

/** The row of a span that the privacy policy has passed. */
export function rowOf(span: Span, findings: SpanRow['findings']): SpanRow {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    cells: writeCells(span),
    isRollup: span.isRollup === true,
    recordId: span.recordId,
    body: JSON.stringify(span.content),
    findings,
  }
}

/** The span of a row. */
export function spanOf({ traceId, spanId, cells, body }: Omit<SpanRow, 'findings' | 'isRollup' | 'recordId'>): Span {
  const { fields: _, ...span } = readSpan([traceId, spanId, ...cells])
  return { ...span, content: JSON.parse(body) as SpanContent }
}
