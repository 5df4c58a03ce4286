import type { Share } from '../evidence.js'
import { addCase, emptyShare } from '../sample.js'
import type { SpanKind } from '../span.js'
import { type ContentField, hasField, type TraceSpan } from '../trace.js'

/** Whether the steps of one kind have what went in, and what came out. */
export interface RecordedKind {
  kind: SpanKind
  input: Share
  /** Of the steps that ended without an error: the others owe none. */
  output: Share
}

/** What is recorded at the ends of steps: without it nobody can see what one step passed to the next. Texts are not compared. */
export interface Recorded {
  kinds: RecordedKind[]
  /** Runs whose every step has both, of the runs that have such steps. */
  runs: Share
}

/** Tool spans by which of call (arguments) and result they have. Those with both are the rest. */
export interface ToolCalls {
  spans: number
  /** A result of which nobody can see what was called for. */
  resultWithoutCall: number
  /** A call that ended without an error and has no result. */
  callWithoutResult: number
  neither: number
  /** Trace ids in which one of them is, at most ten. */
  examples: string[]
}

type PassingKind = 'llm' | 'tool' | 'retriever' | 'reranker'
type FieldsOf = Record<PassingKind, readonly ContentField[]>
const inputs: FieldsOf = {
  llm: ['input'],
  tool: ['arguments', 'input'],
  retriever: ['query', 'input'],
  reranker: ['query', 'input'],
}
const outputs: FieldsOf = {
  llm: ['output'],
  tool: ['result', 'output'],
  retriever: ['documents', 'output'],
  reranker: ['documents', 'output'],
}

/** Counts inputs and outputs of model calls, tools, retrievals and rerankings; an embedding passes numbers that no export keeps. */
export function recordedTally() {
  const kinds = new Map<PassingKind, RecordedKind>()
  const runs = emptyShare()
  return {
    add(steps: readonly TraceSpan[]): void {
      let seen = 0
      let isWhole = true
      for (const span of steps) {
        if (!passes(span.kind)) continue
        const kind = span.kind
        const recorded = kinds.get(kind) ?? { kind, input: emptyShare(), output: emptyShare() }
        kinds.set(kind, recorded)
        const hasInput = hasAny(span, inputs[kind])
        const hasOutput = hasAny(span, outputs[kind])
        addCase(recorded.input, hasInput)
        if (owesOutput(span)) addCase(recorded.output, hasOutput)
        seen += 1
        isWhole &&= hasInput && (hasOutput || !owesOutput(span))
      }
      if (seen > 0) addCase(runs, isWhole)
    },
    result: (): Recorded => ({ kinds: [...kinds.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1)), runs }),
  }
}

/** Counts tool spans that lack one half or both. */
export function toolTally() {
  const calls: ToolCalls = { spans: 0, resultWithoutCall: 0, callWithoutResult: 0, neither: 0, examples: [] }
  return {
    add(traceId: string, spans: readonly TraceSpan[]): void {
      let lacking = 0
      for (const span of spans) {
        if (span.kind !== 'tool') continue
        calls.spans += 1
        const lack = toolLack(span)
        if (lack === undefined) continue
        lacking += 1
        if (lack === 'result') calls.callWithoutResult += 1
        else if (lack === 'call') calls.resultWithoutCall += 1
        else calls.neither += 1
      }
      if (lacking > 0 && calls.examples.length < 10) calls.examples.push(traceId)
    },
    result: (): ToolCalls => calls,
  }
}

/** Which half of it a tool span does not have: its call (arguments), its result, or both; one that failed or has not ended owes no result. */
export type ToolLack = 'call' | 'result' | 'both'

/** What a tool span lacks; undefined for nothing. */
export function toolLack(span: TraceSpan): ToolLack | undefined {
  const hasResult = hasAny(span, outputs.tool)
  if (hasAny(span, inputs.tool)) return hasResult || !owesOutput(span) ? undefined : 'result'
  return hasResult ? 'call' : 'both'
}

const passes = (kind: SpanKind): kind is PassingKind => Object.hasOwn(inputs, kind)

function hasAny(span: TraceSpan, fields: readonly ContentField[]): boolean {
  return fields.some((field) => hasField(span, field))
}

const owesOutput = ({ status, endMs }: TraceSpan) => status !== 'error' && endMs !== undefined
