import type { TraceSpan } from '../core/trace.js'

/** One span in its place. */
export interface Branch {
  span: TraceSpan
  /** 0 for a root. */
  depth: number
  /** Why a span that names a parent stands at the top. */
  fault?: 'parent missing' | 'in a cycle'
}

/** The spans of a trace as a tree, parents before children and siblings in the order given; each span once, whatever its parent says. */
export function treeOf(spans: readonly TraceSpan[]): Branch[] {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const children = childrenOf(spans)
  const placed = new Set<TraceSpan>()
  const branches: Branch[] = []
  // A stack, not recursion: an export may nest a hundred thousand deep.
  const place = (root: Branch) => {
    const waiting = [root]
    for (let branch = waiting.pop(); branch !== undefined; branch = waiting.pop()) {
      if (placed.has(branch.span)) continue
      placed.add(branch.span)
      branches.push(branch)
      const depth = branch.depth + 1
      for (const span of (children.get(branch.span.spanId) ?? []).toReversed()) waiting.push({ span, depth })
    }
  }
  for (const span of spans) if (span.parentId === undefined) place({ span, depth: 0 })
  for (const span of spans) {
    if (span.parentId !== undefined && !ids.has(span.parentId)) place({ span, depth: 0, fault: 'parent missing' })
  }
  for (const span of spans) if (!placed.has(span)) place({ span, depth: 0, fault: 'in a cycle' })
  return branches
}

function childrenOf(spans: readonly TraceSpan[]): Map<string, TraceSpan[]> {
  const children = new Map<string, TraceSpan[]>()
  for (const span of spans) {
    if (span.parentId === undefined) continue
    const siblings = children.get(span.parentId)
    if (siblings === undefined) children.set(span.parentId, [span])
    else siblings.push(span)
  }
  return children
}
