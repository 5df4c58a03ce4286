import type { Json, Message, RetrievedDocument, SpanContent } from './span.js'
import type { Trace, TraceSpan } from './trace.js'

/** What an annotator may be shown of an item. Absent is unknown. */
export interface LabelTexts {
  inputs?: Json
  output?: Json
  /** What was retrieved; empty where nothing was found. */
  documents?: RetrievedDocument[]
}

export const shownTexts = ['inputs', 'output', 'documents'] as const
export type ShownText = (typeof shownTexts)[number]

/** The texts of a recorded run: what its root was asked and answered, else what the platform's row about the trace says. */
export function textsOfTrace(
  { traceId, spans }: Trace,
  root: TraceSpan | undefined,
  contents: ReadonlyMap<string, SpanContent>,
): LabelTexts {
  const told = [root?.spanId, traceId].flatMap((id) => (id === undefined ? [] : (contents.get(id) ?? [])))
  const inputs = firstKnown(told.flatMap((each) => [each.input, lastOf(each.inputMessages, 'user')]))
  const output = firstKnown(told.flatMap((each) => [each.output, lastOf(each.outputMessages, 'assistant')]))
  const found = spans
    .filter(({ kind, status }) => kind === 'retriever' && status !== 'error')
    .map(({ spanId }) => contents.get(spanId)?.documents)
  const documents = found.filter((list) => list !== undefined).flat()
  return {
    ...(inputs !== undefined && { inputs }),
    ...(output !== undefined && { output }),
    ...(found.some((list) => list !== undefined) && { documents }),
  }
}

function firstKnown(values: readonly (Json | undefined)[]): Json | undefined {
  return values.find((value) => value !== undefined && value !== null)
}

function lastOf(messages: readonly Message[] = [], role: string): string | undefined {
  return messages.findLast((message) => message.role === role && message.content !== undefined)?.content
}
