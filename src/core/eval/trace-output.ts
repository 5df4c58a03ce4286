import { withRollup } from '../rollup.js'
import { modelOf, type Run } from '../run.js'
import type { Json, Message, RetrievedDocument, SpanContent } from '../span.js'
import { stepName } from '../step.js'
import type { TraceSpan } from '../trace.js'
import type { Output, ToolUse } from './case.js'

/** What went into a recorded run, and what came out of it; what its spans do not tell is unknown. */
export function readTraceOutput(
  run: Run,
  contents: ReadonlyMap<string, SpanContent>,
): { inputs: Json | undefined; output: Output } {
  const { trace, root, calls, usage } = run
  const told = withRollup(contents, trace, root.spanId)
  const answered = calls.filter(({ status }) => status !== 'error')
  const last = answered.at(-1)
  const prompted = answered.findLast(
    ({ promptName, promptVersion }) => promptName !== undefined && promptVersion !== undefined,
  )
  const ofRoot = told.get(root.spanId)
  const known: Output = {
    value: answerOf(ofRoot) ?? (last && answerOf(told.get(last.spanId))),
    documents: documentsOf(run, told),
    tools: toolSpansOf(run, told) ?? toolsOfMessages(answered, told),
    latencyMs: run.latencyMs,
    costUsd: run.cost.total,
    inputTokens: usage.tokens.input,
    outputTokens: usage.tokens.output,
    model: last && modelOf(last),
    prompt: prompted && `${prompted.promptName}@${prompted.promptVersion}`,
    trace: { platform: trace.platform, traceId: trace.traceId },
  }
  return {
    inputs: given(ofRoot?.input) ?? lastText(ofRoot?.inputMessages, 'user') ?? firstAsked(calls, told),
    output: Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  }
}

/** Null is what exports write for nothing. */
const given = (value: Json | undefined) => value ?? undefined

function answerOf(content: SpanContent | undefined): Json | undefined {
  return given(content?.output) ?? lastText(content?.outputMessages)
}

/** Of the last message (of that role) with a text; one that only calls tools has none. */
function lastText(messages: readonly Message[] | undefined, role?: string): string | undefined {
  return messages?.findLast((message) => message.content !== undefined && (role ?? message.role) === message.role)
    ?.content
}

/** The user's last message in the first model call that has one: later calls add what tools answered. */
function firstAsked(calls: readonly TraceSpan[], contents: ReadonlyMap<string, SpanContent>): string | undefined {
  const texts = calls.map(({ spanId }) => lastText(contents.get(spanId)?.inputMessages, 'user'))
  return texts.find((text) => text !== undefined)
}

/** Of all retrievals and rerankings that did not fail, each document once; a run without any, or of which none says, may still have had context. */
function documentsOf({ trace }: Run, contents: ReadonlyMap<string, SpanContent>): RetrievedDocument[] | undefined {
  const lists = trace.spans
    .filter(({ kind, status }) => (kind === 'retriever' || kind === 'reranker') && status !== 'error')
    .map(({ spanId }) => contents.get(spanId)?.documents)
    .filter((documents) => documents !== undefined)
  if (lists.length === 0) return undefined
  const byKey = new Map<string, RetrievedDocument>()
  for (const document of lists.flat()) {
    const key = JSON.stringify([document.id, document.content])
    if (!byKey.has(key)) byKey.set(key, document)
  }
  return [...byKey.values()]
}

/** The tools that spans say were called; undefined without such a span. */
function toolSpansOf({ trace }: Run, contents: ReadonlyMap<string, SpanContent>): ToolUse[] | undefined {
  const spans = trace.spans.filter(({ kind }) => kind === 'tool')
  if (spans.length === 0) return undefined
  return spans.map((span) => {
    const content = contents.get(span.spanId)
    const asked = given(content?.toolArguments) ?? given(content?.input)
    const result = given(content?.toolResult) ?? given(content?.output)
    return {
      name: content?.toolName ?? stepName(span),
      ...(asked !== undefined && { arguments: asked }),
      ...(result !== undefined && { result }),
      ...(span.status === 'error' && { isError: true }),
    }
  })
}

/** The tools that models asked for, with what came back; where a call does not show its answer, none found is not none. */
function toolsOfMessages(
  answered: readonly TraceSpan[],
  contents: ReadonlyMap<string, SpanContent>,
): ToolUse[] | undefined {
  const told = answered.map(({ spanId }) => contents.get(spanId))
  const results = new Map(
    told.flatMap((content) =>
      (content?.inputMessages ?? []).flatMap(({ role, toolCallId, content: text }) =>
        role === 'tool' && toolCallId !== undefined && text !== undefined ? [[toolCallId, text] as const] : [],
      ),
    ),
  )
  const calls = told.flatMap((content) => (content?.outputMessages ?? []).flatMap(({ toolCalls = [] }) => toolCalls))
  const isKnown = told.length > 0 && told.every((content) => content?.outputMessages !== undefined)
  if (calls.length === 0) return isKnown ? [] : undefined
  return calls.flatMap(({ id, name, arguments: asked }) => {
    const result = id === undefined ? undefined : results.get(id)
    if (name === undefined) return []
    return [{ name, ...(asked !== undefined && { arguments: asked }), ...(result !== undefined && { result }) }]
  })
}
