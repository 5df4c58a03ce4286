import type { TraceStructure } from './structure.js'
import { isTimed, type TimedSpan, timedChildren } from './timed-tree.js'
import type { Trace, TraceSpan } from './trace.js'

/**
 * Milliseconds that each span spent in itself: its duration less the time in which any child ran. Children that overlap count
 * once, and only inside of their parent. A span whose start or end is unknown has none. Of steps side by side each has its
 * own, so that the sum may exceed the duration of the run.
 */
export function selfTimes(trace: Trace, structure: TraceStructure): Map<TraceSpan, number> {
  const children = timedChildren(trace, structure)
  return new Map(
    trace.spans.filter(isTimed).map((span) => {
      const covered = coveredMs(span, children.get(span) ?? [])
      return [span, span.endMs - span.startMs - covered]
    }),
  )
}

/** How much of a span its children cover together; they stand in order of start. */
function coveredMs({ startMs, endMs }: TimedSpan, children: readonly TimedSpan[]): number {
  let covered = 0
  let until = startMs
  for (const child of children) {
    const start = Math.max(child.startMs, until)
    const end = Math.min(child.endMs, endMs)
    // Also where it began when its parent had ended.
    if (end <= start) continue
    covered += end - start
    until = end
  }
  return covered
}
