import type { Attributes, Json, Span, SpanContent, Usage } from './span.js'

/**
 * One span from all versions of it that were read (start and end halves, create and update, two exports), whatever their order.
 * Per field the later version wins and an unknown never overwrites a value. Later is the one that the platform numbers higher,
 * then the one that ended later, then the one that says more; where none of that tells, the one that stands later in the list.
 * A row about the whole trace is earlier than every span.
 */
export function mergeVersions(versions: readonly Span[]): Span {
  const sorted = versions.toSorted(byVersion)
  const isSpan = sorted.some(({ isRollup }) => !isRollup)
  const [first, ...rest] = isSpan ? sorted.map(asSpan) : sorted
  return rest.reduce(mergeSpans, first!)
}

/** A platform may know a trace by the id of its root: then its row about the trace fills what the root leaves out, but its sums. */
function asSpan({ isRollup, ...span }: Span): Span {
  return isRollup ? { ...span, usage: undefined, costUsd: undefined } : span
}

function byVersion(a: Span, b: Span): number {
  const isSpan = (span: Span) => (span.isRollup ? 0 : 1)
  return (
    compare(isSpan(a), isSpan(b)) ||
    compare(a.revision, b.revision) ||
    compare(a.endMs, b.endMs) ||
    compare(knownFields(a), knownFields(b))
  )
}

/** Unknown is earlier than any number. */
function compare(a = Number.NEGATIVE_INFINITY, b = Number.NEGATIVE_INFINITY): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function knownFields(span: Span): number {
  return known(span).length + known(span.content).length
}

function mergeSpans(earlier: Span, later: Span): Span {
  return {
    ...overlay(earlier, later),
    ...times(earlier, later),
    name: later.name || earlier.name,
    // "other" and "unset" say nothing, so they do not replace a kind or status that does.
    kind: later.kind === 'other' ? earlier.kind : later.kind,
    status: later.status === 'unset' ? earlier.status : later.status,
    usage: mergeUsage(earlier.usage, later.usage),
    content: mergeContent(earlier.content, later.content),
  }
}

/** Milliseconds and nanoseconds of one time come from one version, or they would contradict each other. */
function times(earlier: Span, later: Span): Partial<Span> {
  const start = later.startMs === undefined ? earlier : later
  const end = later.endMs === undefined ? earlier : later
  return { startMs: start.startMs, startNs: start.startNs, endMs: end.endMs, endNs: end.endNs }
}

function known(object: object): [string, unknown][] {
  return Object.entries(object).filter(([, value]) => value !== undefined && value !== null)
}

function overlay<T extends object>(under: T, over: T): T {
  return { ...under, ...Object.fromEntries(known(over)) }
}

/** Counts that belong together: a version that states usage replaces the other's, filling only what it leaves out. */
function mergeUsage(earlier: Usage | undefined, later: Usage | undefined): Usage | undefined {
  return earlier && later ? overlay(earlier, later) : (later ?? earlier)
}

function mergeContent(earlier: SpanContent, later: SpanContent): SpanContent {
  const merged = overlay(earlier, later)
  for (const field of ['attributes', 'resource', 'settings'] as const) {
    const attributes = mergeAttributes(earlier[field], later[field])
    if (attributes) merged[field] = attributes
  }
  for (const field of ['inputMessages', 'outputMessages', 'documents', 'events', 'links', 'tags'] as const) {
    if (later[field]?.length === 0 && earlier[field]?.length) Object.assign(merged, { [field]: earlier[field] })
  }
  return merged
}

/** By name, into an object without prototype: names come from the export. */
function mergeAttributes(earlier: Attributes | undefined, later: Attributes | undefined): Attributes | undefined {
  if (!earlier || !later) return later ?? earlier
  const merged: Attributes = Object.create(null)
  for (const [name, value] of [...Object.entries(earlier), ...Object.entries(later)]) {
    const isUnknown: boolean = (value as Json | undefined) === null && merged[name] !== undefined
    if (!isUnknown) merged[name] = value
  }
  return merged
}
