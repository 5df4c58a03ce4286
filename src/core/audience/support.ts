import type { TraceResult } from '../eval/run.js'
import type { Feedback, Json, Score, SpanContent } from '../span.js'
import type { Trace, TraceSpan } from '../trace.js'
import type { TraceStep } from '../trace-roles.js'
import type { TraceRow } from '../trace-row.js'

/** What support needs of one run to answer a customer. */
interface SupportView {
  trace: Trace
  contents: ReadonlyMap<string, SpanContent>
  feedback: Feedback[]
  scores: Score[]
  evals: TraceResult[]
  steps: TraceStep[]
}

/**
 * A run with its question and answer as they are stored, whose it was, its steps with their status, and its feedback; without
 * prompts, templates, settings, documents, what tools were given and gave, errors in words, scores and evals.
 */
export function traceForSupport<T extends SupportView>(
  view: T,
  root: TraceSpan,
  { question, answer }: { question: Json | undefined; answer: Json | undefined },
): T {
  const told: SpanContent = {
    ...(question !== undefined && { input: question }),
    ...(answer !== undefined && { output: answer }),
  }
  const spans = new Map(view.trace.spans.map((span) => [span, spanForSupport(span)]))
  const see = (span: TraceSpan) => spans.get(span)! // every step is a span of the trace
  return {
    ...view,
    trace: { ...view.trace, spans: [...spans.values()] },
    contents: new Map([[root.spanId, told]]),
    scores: [],
    evals: [],
    steps: view.steps.map((step) => stepForSupport(step, see)),
  }
}

/** What a step was for; of a call the step that carried it out, and nothing that the model wrote; of a fallback no model. */
function stepForSupport(
  { span, number, role, calls, answeredIn, calledBy, lacks, attempt }: TraceStep,
  see: (span: TraceSpan) => TraceSpan,
): TraceStep {
  return {
    ...{ span: see(span), number, role, answeredIn: see(answeredIn), calledBy: calledBy && see(calledBy), lacks },
    calls: calls.map(({ steps, isAnswered }) => {
      const [first] = steps
      return { call: first === undefined ? {} : { name: first.name }, steps: steps.map(see), isAnswered }
    }),
    attempt: attempt && { ...attempt, after: attempt.after && see(attempt.after), from: undefined },
  }
}

/** Of a span what says which step it is, how it went and whose run it is. */
function spanForSupport({
  traceId,
  spanId,
  parentId,
  name,
  kind,
  startMs,
  endMs,
  status,
  fields,
  ...more
}: TraceSpan): TraceSpan {
  const { user, tenant, session, request, environment, release, workflow, service, usage, costUsd } = more
  return {
    ...{ traceId, spanId, parentId, name, kind, startMs, endMs, status, fields },
    ...(status === 'error' && { statusMessage: 'in words that engineering sees' }),
    ...{ user, tenant, session, request, environment, release, workflow, service, usage, costUsd },
  }
}

/** A row of a list of traces for support: which prompts and models ran is not for it. */
export function rowForSupport(row: TraceRow): TraceRow {
  return { ...row, models: [], prompts: [] }
}
