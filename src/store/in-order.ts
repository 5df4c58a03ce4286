import { foldRollup } from '../core/rollup.js'
import type { Trace, TraceSpan } from '../core/trace.js'

/** A trace with its spans in order of start, and without a platform's row about the whole of it. */
export function inOrder(trace: Trace): Trace {
  const start = (span: TraceSpan) => span.startMs ?? Number.POSITIVE_INFINITY
  // By id where the times are equal, so that every run prints the same.
  const spans = trace.spans.sort((a, b) => compare(start(a), start(b)) || (a.spanId < b.spanId ? -1 : 1))
  return foldRollup({ ...trace, spans })
}

/** Infinities have no difference. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
