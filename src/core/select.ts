import { readStructure, type TraceStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'

/** Which traces belong to the workflow; a condition that is absent holds for all. */
export interface Match {
  /** Name of the root span, exact, or with a `*` in front, at the end or both for "anything". */
  root?: string | undefined
  service?: string | undefined
  environment?: string | undefined
  workflow?: string | undefined
}

/** Epoch milliseconds: from `startMs` on, and before `endMs`. */
export interface Window {
  startMs: number
  endMs: number
}

/** True when the trace belongs to the workflow, at whatever time. */
export function selectsTrace(trace: Trace, match: Match): boolean {
  return selectedRoot(trace, readStructure(trace), match) !== undefined
}

/**
 * The span that stands for the run of the workflow in this trace; undefined if the trace has none. It is the first root
 * whose name matches. A trace that lost its root is known by its first orphan: a parent in another service is no fault, and
 * any other orphan has another name. Service, environment and workflow are the root's, or else the first that a span states.
 */
export function selectedRoot(trace: Trace, structure: TraceStructure, match: Match): TraceSpan | undefined {
  const root = entrySpans(structure).find(({ name }) => match.root === undefined || fits(name, match.root))
  if (root === undefined) return undefined
  const isSelected = (['service', 'environment', 'workflow'] as const).every(
    (field) => match[field] === undefined || runValue(trace, root, field) === match[field],
  )
  return isSelected ? root : undefined
}

/** The spans whose name may be the workflow's: all roots, else the one that stands for the trace. */
export function entrySpans({ roots, root }: TraceStructure): TraceSpan[] {
  return roots.length > 0 || root === undefined ? roots : [root]
}

/** What a run states of itself: its root's value, else that of the first span with one. */
export function runValue(
  { spans }: Trace,
  root: TraceSpan,
  field: 'service' | 'environment' | 'workflow' | 'tenant' | 'user' | 'release',
): string | undefined {
  return root[field] ?? spans.find((span) => span[field] !== undefined)?.[field]
}

/** What a run calls its workflow, else what its root is called. */
export function workflowOf(trace: Trace, root: TraceSpan): string {
  return runValue(trace, root, 'workflow') || root.name
}

function fits(name: string, pattern: string): boolean {
  const [before, after] = [pattern.startsWith('*'), pattern.endsWith('*')]
  const text = pattern.slice(before ? 1 : 0, after ? -1 : undefined)
  if (before && after) return name.includes(text)
  if (before) return name.endsWith(text)
  return after ? name.startsWith(text) : name === text
}

/** When a trace began: the first start of any of its spans, which stand in order of start. */
export function startOf({ spans }: Trace): number | undefined {
  return spans[0]?.startMs
}

/** True inside the window, and always without one; an unknown time is in no window. */
export function isInWindow(timeMs: number | undefined, window: Window | undefined): boolean {
  if (window === undefined) return true
  return timeMs !== undefined && timeMs >= window.startMs && timeMs < window.endMs
}
