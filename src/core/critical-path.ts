import type { TraceStructure } from './structure.js'
import { isTimed, type TimedSpan, timedChildren } from './timed-tree.js'
import type { Trace, TraceSpan } from './trace.js'

/** Times that are rounded to whole milliseconds may let a step begin before the one that it waited for has ended. */
const roundingMs = 1

/** A stretch of a run, epoch milliseconds, and the span that it waited for. */
export interface Stretch {
  span: TraceSpan
  startMs: number
  endMs: number
}

/** A span of which the time from `low` to `cursor` is still to be given away. */
interface Frame {
  span: TimedSpan
  low: number
  high: number
  cursor: number
  /** The last to end first. */
  children: readonly TimedSpan[]
  next: number
}

/**
 * What a run waited for, from its start to its end without a gap, so that the stretches add up to its latency. Walked
 * back from the end of the root: the time belongs to the child that ended last before, what lies between children to the
 * parent itself. A child that was still running when the next one began kept nobody waiting. What of a child lies outside
 * of its parent is cut off; spans whose time is unknown have their children in their place. Empty where the root's
 * duration is unknown. As Jaeger draws it; Zhang and others (2022), CRISP. Without recursion.
 */
export function criticalPath(trace: Trace, structure: TraceStructure, root: TraceSpan): Stretch[] {
  if (!isTimed(root)) return []
  const children = timedChildren(trace, structure)
  const path: Stretch[] = []
  const frames = [frameOf(root, root.startMs, root.endMs, children)]
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const child = lastChild(frame, children)
    const startMs = child?.high ?? frame.low
    if (startMs < frame.cursor) path.push({ span: frame.span, startMs, endMs: frame.cursor })
    if (child === undefined) frames.pop()
    else {
      frame.cursor = child.low
      frames.push(child)
    }
  }
  return path.reverse()
}

function frameOf(span: TimedSpan, low: number, high: number, children: ReadonlyMap<TimedSpan, TimedSpan[]>): Frame {
  const below = children.get(span) ?? []
  const end = ({ endMs }: TimedSpan) => Math.min(endMs, high)
  // Of those that end together the first to begin comes first: the sort keeps their order.
  return { span, low, high, cursor: high, children: [...below].sort((a, b) => end(b) - end(a)), next: 0 }
}

/** The next child that ended before what is given away already; the walk goes back in time, so that each is met once. */
function lastChild(frame: Frame, children: ReadonlyMap<TimedSpan, TimedSpan[]>): Frame | undefined {
  while (frame.next < frame.children.length) {
    const child = frame.children[frame.next]!
    frame.next += 1
    const [low, end] = [Math.max(child.startMs, frame.low), Math.min(child.endMs, frame.high)]
    const high = Math.min(end, frame.cursor)
    if (low < high && end <= frame.cursor + roundingMs) return frameOf(child, low, high, children)
  }
  return undefined
}
