import { durationMs, type TraceStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'

/** A span whose duration is known. */
export type TimedSpan = TraceSpan & { startMs: number; endMs: number }

/** True where start and end are known and in this order. */
export function isTimed(span: TraceSpan): span is TimedSpan {
  return durationMs(span) !== undefined
}

/**
 * The timed children of each timed span that has any, in order of start. Where a span's time is unknown its children stand in
 * for it, so that what is known of them is not lost. Linear, without recursion.
 */
export function timedChildren({ spans }: Trace, { parents }: TraceStructure): Map<TimedSpan, TimedSpan[]> {
  const children = new Map<TimedSpan, TimedSpan[]>()
  const above = timedAncestors(parents)
  for (const span of spans) {
    const parent = isTimed(span) ? above(span) : undefined
    if (parent === undefined) continue
    const siblings = children.get(parent)
    if (siblings) siblings.push(span as TimedSpan)
    else children.set(parent, [span as TimedSpan])
  }
  return children
}

/** The nearest timed span above one. Each span is walked over once, whatever is asked. */
function timedAncestors(parents: TraceStructure['parents']): (span: TraceSpan) => TimedSpan | undefined {
  const known = new Map<TraceSpan, TimedSpan | undefined>()
  return (span) => {
    const path: TraceSpan[] = []
    let top = parents.get(span)
    for (; top !== undefined && !isTimed(top) && !known.has(top); top = parents.get(top)) path.push(top)
    const answer = top === undefined || isTimed(top) ? top : known.get(top)
    for (const walked of path) known.set(walked, answer)
    return answer
  }
}
