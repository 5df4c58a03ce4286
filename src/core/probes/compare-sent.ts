import { carriesField } from '../capture.js'
import type { RequiredField, Share } from '../evidence.js'
import { addCase, emptyShare } from '../sample.js'
import type { SpanContent } from '../span.js'
import { contentFields, type Trace, type TraceSpan } from '../trace.js'
import { changedFields, isChanged } from './changed.js'
import type { FieldShare, SentComparison } from './export.js'

/** Every field that a span may carry. */
const fields: readonly RequiredField[] = [
  ...contentFields,
  ...(['prompt.name', 'prompt.version', 'model', 'tokens', 'cost', 'user', 'tenant', 'session', 'request'] as const),
  ...(['environment', 'release', 'latency'] as const),
]

/** One trace as it was sent, or as it came out. */
export interface WholeTrace {
  trace: Trace
  contents: ReadonlyMap<string, SpanContent>
  scores: number
  feedback: number
}

/** Counts what is left of traces that are added one by one. */
export function sentTally() {
  const [traces, spans, kept, scores, feedback] = [0, 1, 2, 3, 4].map(emptyShare) as [Share, Share, Share, Share, Share]
  const carried = fields.map((field) => ({ field, share: emptyShare(), examples: [] as string[] }))
  const changed = changedFields.map((field) => ({ field, share: emptyShare(), examples: [] as string[] }))
  const pairedBy = { traceId: 0, request: 0 }
  return {
    /** `got` is what the export has of it, found `by` one of its ids. */
    add(sent: WholeTrace, got: WholeTrace | undefined, by: keyof typeof pairedBy): void {
      addCase(traces, got !== undefined)
      if (got !== undefined) pairedBy[by] += 1
      addCounts(scores, sent.scores, got?.scores ?? 0)
      addCounts(feedback, sent.feedback, got?.feedback ?? 0)
      for (const [span, other] of pairSpans(ownSpans(sent.trace), got === undefined ? [] : ownSpans(got.trace))) {
        addCase(spans, other !== undefined)
        for (const each of carried) {
          if (!carriesField(span, each.field)) continue
          const isKept = other !== undefined && carriesField(other, each.field)
          addCase(kept, isKept)
          // Of a span that is lost its fields are no matter of each field.
          if (other !== undefined) count(each, isKept, !isKept, span.traceId)
        }
        if (got === undefined || other === undefined) continue
        const [before, after] = [
          { span, content: sent.contents.get(span.spanId) },
          { span: other, content: got.contents.get(other.spanId) },
        ]
        for (const each of changed) {
          const differs = isChanged(each.field, before, after)
          if (differs !== undefined) count(each, differs, differs, span.traceId)
        }
      }
    },
    result: (): Omit<SentComparison, 'platform' | 'isSameFile'> => ({
      ...{ traces, pairedBy, spans, kept, scores, feedback },
      fields: carried.filter(({ share }) => share.n > 0),
      changed: changed.filter(({ share }) => share.n > 0),
    }),
  }
}

function count({ share, examples }: FieldShare<unknown>, holds: boolean, isExample: boolean, traceId: string): void {
  addCase(share, holds)
  if (isExample && examples.length < 5 && !examples.includes(traceId)) examples.push(traceId)
}

function addCounts(share: Share, sent: number, got: number): void {
  share.n += sent
  share.x += Math.min(sent, got)
}

/** Without the platform's row about the trace as a whole, unless there is nothing else. */
function ownSpans({ spans }: Trace): TraceSpan[] {
  const own = spans.filter(({ isRollup }) => !isRollup)
  return own.length > 0 ? own : spans
}

/** Each span that was sent with what became of it: by its id; where the export has ids of its own, by kind and order, as far as the counts agree. */
function pairSpans(sent: readonly TraceSpan[], got: readonly TraceSpan[]): [TraceSpan, TraceSpan | undefined][] {
  const byId = new Map(got.map((span) => [span.spanId, span]))
  if (sent.some(({ spanId }) => byId.has(spanId))) return sent.map((span) => [span, byId.get(span.spanId)])
  const [ours, theirs] = [byKind(sent), byKind(got)]
  const met = new Map<TraceSpan['kind'], number>()
  return sent.map((span) => {
    const place = met.get(span.kind) ?? 0
    met.set(span.kind, place + 1)
    const others = theirs.get(span.kind) ?? []
    return [span, ours.get(span.kind)?.length === others.length ? others[place] : undefined]
  })
}

function byKind(spans: readonly TraceSpan[]): Map<TraceSpan['kind'], TraceSpan[]> {
  const groups = new Map<TraceSpan['kind'], TraceSpan[]>()
  for (const span of spans) {
    const group = groups.get(span.kind)
    if (group) group.push(span)
    else groups.set(span.kind, [span])
  }
  return groups
}
