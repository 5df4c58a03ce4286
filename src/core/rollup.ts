import type { SpanContent } from './span.js'
import type { Trace, TraceSpan } from './trace.js'

/** What a row about a whole trace may tell of its root. */
const told = ['user', 'tenant', 'session', 'request', 'environment', 'release', 'workflow'] as const

/**
 * A trace (spans in order of start) without its platform's row about the whole trace: where spans came, the row only fills what
 * the first root leaves out; where none came, it stands in for them. A row repeats sums of its spans, so both would count double.
 */
export function foldRollup(trace: Trace): Trace {
  const rollup = trace.spans.find(({ isRollup }) => isRollup)
  const spans = rollup && trace.spans.filter((span) => span !== rollup)
  if (!rollup || !spans || spans.length === 0) return trace
  const root = spans.find(({ parentId }) => parentId === undefined) ?? spans[0]!
  return { ...trace, spans: spans.map((span) => (span === root ? filled(root, rollup) : span)) }
}

function filled(root: TraceSpan, rollup: TraceSpan): TraceSpan {
  const missing = told.filter((field) => root[field] === undefined && rollup[field] !== undefined)
  return { ...root, ...Object.fromEntries(missing.map((field) => [field, rollup[field]])) }
}

/** Content by span id, and what a platform's row about the whole trace says in words on the root, where the root says nothing. */
export function withRollup(
  contents: ReadonlyMap<string, SpanContent>,
  trace: Trace,
  root: string | undefined,
): ReadonlyMap<string, SpanContent> {
  const told = contents.get(trace.traceId)
  if (!told || !root || trace.spans.some(({ spanId }) => spanId === trace.traceId)) return contents
  const { input, output, inputMessages, outputMessages, tags } = told
  const missing = Object.entries({ input, output, inputMessages, outputMessages, tags }).filter(
    ([, value]) => value !== undefined,
  )
  return new Map(contents).set(root, { ...Object.fromEntries(missing), ...contents.get(root) })
}
