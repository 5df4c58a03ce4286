import type { TraceState } from './evidence.js'
import type { Trace, TraceSpan } from './trace.js'

/** How the spans of one trace hang together. Lists are in order of start. */
export interface TraceStructure {
  /** Spans that name no parent. */
  roots: TraceSpan[]
  /** Spans whose parent is not in the trace; a parent in another service is no fault by itself. */
  orphans: TraceSpan[]
  /** The span that stands for the trace: its first root, else its first orphan, else its first span. */
  root: TraceSpan | undefined
  /** Each span's parent in the trace. Free of rings: a span that is its own ancestor loses the parent that closes the ring. */
  parents: ReadonlyMap<TraceSpan, TraceSpan>
  /** The first that fits of rootless, several roots, orphans (or a ring), unfinished (a span without an end), complete. */
  state: TraceState
}

/** The structure of a trace; linear, and without recursion, since depth is the exporter's choice. */
export function readStructure({ spans }: Trace): TraceStructure {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const roots: TraceSpan[] = []
  const orphans: TraceSpan[] = []
  const parents = new Map<TraceSpan, TraceSpan>()
  for (const span of spans) {
    if (span.parentId === undefined) {
      roots.push(span)
      continue
    }
    const parent = byId.get(span.parentId)
    if (parent) parents.set(span, parent)
    else orphans.push(span)
  }
  const rings = openRings(spans, parents)
  return {
    roots,
    orphans,
    root: roots[0] ?? orphans[0] ?? spans[0],
    parents,
    state: stateOf(spans, roots.length, orphans.length + rings),
  }
}

/** Removes the parent at which a walk upwards meets itself; says how many there were. Each span is walked once. */
function openRings(spans: readonly TraceSpan[], parents: Map<TraceSpan, TraceSpan>): number {
  const walkOf = new Map<TraceSpan, TraceSpan>()
  let rings = 0
  for (const start of spans) {
    let span: TraceSpan | undefined = start
    while (span && !walkOf.has(span)) {
      walkOf.set(span, start)
      span = parents.get(span)
    }
    if (span && walkOf.get(span) === start && parents.delete(span)) rings += 1
  }
  return rings
}

/** The children of each span that has any, in order of start; like `parents`, free of rings. */
export function childrenOf({ spans }: Trace, { parents }: TraceStructure): Map<TraceSpan, TraceSpan[]> {
  const children = new Map<TraceSpan, TraceSpan[]>()
  for (const span of spans) {
    const parent = parents.get(span)
    if (parent === undefined) continue
    const siblings = children.get(parent)
    if (siblings) siblings.push(span)
    else children.set(parent, [span])
  }
  return children
}

/** Every span once, parents before what is below them, siblings in order of start; by a stack, since depth is the exporter's choice. */
export function parentsFirst(trace: Trace, structure: TraceStructure): TraceSpan[] {
  const children = childrenOf(trace, structure)
  const waiting = trace.spans.filter((span) => !structure.parents.has(span)).reverse()
  const found: TraceSpan[] = []
  for (let span = waiting.pop(); span !== undefined; span = waiting.pop()) {
    found.push(span)
    for (const child of (children.get(span) ?? []).toReversed()) waiting.push(child)
  }
  return found
}

function stateOf(spans: readonly TraceSpan[], roots: number, detached: number): TraceState {
  if (roots === 0) return 'rootless'
  if (roots > 1) return 'several roots'
  if (detached > 0) return 'orphans'
  return spans.every(({ endMs }) => endMs !== undefined) ? 'complete' : 'unfinished'
}

/** Milliseconds from start to end; undefined where either is unknown or the end lies before the start. */
export function durationMs({ startMs, endMs }: TraceSpan): number | undefined {
  if (startMs === undefined || endMs === undefined || endMs < startMs) return undefined
  return endMs - startMs
}

/**
 * Milliseconds that a run took: the duration of the span that stands for it. Work that outlives the root (a flush, a queue)
 * kept nobody waiting. Undefined where the root was lost: an orphan stands for the whole run only when it is the sole top.
 */
export function runLatencyMs({ roots, orphans }: TraceStructure, root: TraceSpan): number | undefined {
  return roots.length > 0 || orphans.length === 1 ? durationMs(root) : undefined
}
