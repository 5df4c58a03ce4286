import type { Attributes, Json, Span, SpanContent, Usage } from './span.js'

/**
 * One span from two versions of it (start and end halves, create and update, two exports). Per field the later version
 * wins and an unknown never overwrites a value. Later is the one that ended later, whichever arrived first; where that
 * does not tell, the incoming one.
 */
export function mergeSpans(stored: Span, incoming: Span): Span {
  const incomingIsLater = (incoming.endMs ?? Number.NEGATIVE_INFINITY) >= (stored.endMs ?? Number.NEGATIVE_INFINITY)
  const [earlier, later] = incomingIsLater ? [stored, incoming] : [incoming, stored]
  return {
    ...overlay(earlier, later),
    name: later.name || earlier.name,
    // "other" and "unset" say nothing, so they do not replace a kind or status that does.
    kind: later.kind === 'other' ? earlier.kind : later.kind,
    status: later.status === 'unset' ? earlier.status : later.status,
    usage: mergeUsage(earlier.usage, later.usage),
    content: mergeContent(earlier.content, later.content),
  }
}

function overlay<T extends object>(under: T, over: T): T {
  const known = Object.entries(over).filter(([, value]) => value !== undefined && value !== null)
  return { ...under, ...Object.fromEntries(known) }
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
