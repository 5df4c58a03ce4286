import type { Trace, TraceSpan } from '../src/core/trace.js'
import { type ContentField, contentFields } from '../src/core/trace.js'

type SpanParts = Partial<Omit<TraceSpan, 'fields'>> & { spanId: string; has?: readonly ContentField[] }

/** A trace of these spans, in the order given; what a test does not speak of is left unknown. */
export function traceOf(parts: readonly SpanParts[], traceId = 't1'): Trace {
  return { platform: 'a', traceId, spans: parts.map((part) => spanOf(part, traceId)) }
}

function spanOf({ has = [], ...known }: SpanParts, traceId: string): TraceSpan {
  let fields = 0
  for (const field of has) fields |= 1 << contentFields.indexOf(field)
  return { traceId, name: known.spanId, kind: 'other', status: 'unset', ...known, fields }
}
