import { answerText, hasAnswer, plannedCalls } from './planned-calls.js'
import type { SpanContent, ToolCall } from './span.js'
import { childrenOf, type TraceStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'

/** What a model call answered with. */
export interface Answer {
  /** Where it is stored. */
  span: TraceSpan
  text: string | undefined
  /** The tool calls in it. */
  planned: ToolCall[]
}

/** The answer of each model call: its own, else that of a span that wraps it alone. */
export function readAnswers(
  trace: Trace,
  structure: TraceStructure,
  calls: ReadonlySet<TraceSpan>,
  contentOf: (span: TraceSpan) => SpanContent,
): Map<TraceSpan, Answer> {
  const soleCall = soleCalls(calls, structure)
  const children = childrenOf(trace, structure)
  const answers = new Map<TraceSpan, Answer>()
  for (const call of calls) {
    const places = [call]
    for (let span = structure.parents.get(call); span; span = structure.parents.get(span)) {
      if (!wrapperKinds.has(span.kind) || soleCall.get(span) !== call) break
      places.push(span)
    }
    const found = places.map((span): Answer => {
      return { span, text: answerText(contentOf(span)), planned: plannedCalls(contentOf(span)) }
    })
    const answer = found.find(({ planned }) => planned.length > 0) ?? found.find(({ text }) => text !== undefined)
    const isUnknown = answer === undefined && !places.some((span) => hasAnswer(contentOf(span)))
    const calledTool = isUnknown && (children.get(call) ?? []).some(({ kind }) => kind === 'tool')
    answers.set(call, answer ?? { span: call, text: undefined, planned: calledTool ? [{}] : [] })
  }
  return answers
}

/** An agent or a workflow speaks for more than one call, even where only one is stored. */
const wrapperKinds: ReadonlySet<string> = new Set(['llm', 'chain'])

/** For each span above a model call: that call, or null for several. Each span is passed twice at most. */
function soleCalls(calls: Iterable<TraceSpan>, { parents }: TraceStructure): Map<TraceSpan, TraceSpan | null> {
  const sole = new Map<TraceSpan, TraceSpan | null>()
  for (const call of calls) {
    for (let span = parents.get(call); span && sole.get(span) !== null; span = parents.get(span)) {
      sole.set(span, sole.has(span) ? null : call)
    }
  }
  return sole
}
