import { type Answer, readAnswers } from './answers.js'
import { type Attempt, readAttempts } from './attempts.js'
import { readCallers } from './callers.js'
import { type ToolLack, toolLack } from './map/recorded.js'
import { answerText } from './planned-calls.js'
import type { TraceRepeats } from './retries.js'
import { stepsOf } from './run.js'
import type { SpanContent, ToolCall } from './span.js'
import { parentsFirst, type TraceStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'

/**
 * What a step was for in its run:
 * - `plan`: a model call that decided what is done next. It answered with tool calls: by its own answer, else by that of a
 *   span that wraps it alone; where no answer of it is stored, a tool span directly under it. A name says nothing.
 * - `act`: a tool call, retrieval, embedding or reranking, and a span of another kind that is named as a planned call.
 * - `final`: the model call whose answer is the run's output; where none is, the last model call, if it answered.
 * - `intermediate`: a model call that answered something else than that.
 * - `failed`: a model call that ended in an error, and decided nothing.
 */
export type TraceRole = 'plan' | 'act' | 'intermediate' | 'final' | 'failed'

/** A call that a plan made. */
interface StepCall {
  call: ToolCall
  /** The steps that carried it out; several where it was tried again. */
  steps: TraceSpan[]
  /** True when such a step is stored, or a later model call was given the result. */
  isAnswered: boolean
}

export interface TraceStep {
  span: TraceSpan
  /** From 1, in order of start, a step before those below it. */
  number: number
  role: TraceRole
  /** Of a plan. */
  calls: StepCall[]
  /** The span in which its answer is stored: itself, or one that wraps it alone. */
  answeredIn: TraceSpan
  /** Of an act: the plan that called it, by the id of the call, else its name, else its place under the plan. */
  calledBy: TraceSpan | undefined
  /** Of a tool span. */
  lacks: ToolLack | undefined
  attempt: Attempt | undefined
}

interface RoleFacts {
  trace: Trace
  structure: TraceStructure
  contents: ReadonlyMap<string, SpanContent>
  repeats: TraceRepeats
}

/** The steps of a trace with their roles, in order of start; spans that are no step are not in it. Linear in spans and messages. */
export function readRoles({ trace, structure, contents, repeats }: RoleFacts): TraceStep[] {
  const contentOf = ({ spanId }: TraceSpan): SpanContent => contents.get(spanId) ?? {}
  const tree = parentsFirst(trace, structure)
  const calls = callsAmong(tree, structure)
  const answers = readAnswers(trace, structure, calls, contentOf)
  const acts = new Set(stepsOf({ trace, calls: [] }))
  const inOrder = byStart(tree)
  const callers = readCallers(
    inOrder.map((span) => {
      return { span, isAct: acts.has(span), content: contentOf(span), calls: answers.get(span)?.planned ?? [] }
    }),
    structure,
    repeats.failures,
  )
  const given = new Set(
    [...calls].flatMap((call) => (contentOf(call).inputMessages ?? []).flatMap(({ toolCallId }) => toolCallId ?? [])),
  )
  const final = finalOf(
    inOrder.filter((span) => calls.has(span)),
    underChecks(tree, structure),
    structure.root && answerText(contentOf(structure.root)),
    answers,
  )
  const attempts = readAttempts(repeats)
  return inOrder
    .filter((span) => calls.has(span) || acts.has(span) || callers.calledBy.has(span))
    .map((span, index) => ({
      span,
      number: index + 1,
      role: roleOf(span, answers.get(span), final),
      calls: (callers.taken.get(span) ?? []).map(({ call, steps }) => {
        return { call, steps, isAnswered: steps.length > 0 || (call.id !== undefined && given.has(call.id)) }
      }),
      answeredIn: answers.get(span)?.span ?? span,
      calledBy: callers.calledBy.get(span),
      lacks: span.kind === 'tool' ? toolLack(span) : undefined,
      attempt: attempts.get(span),
    }))
}

function roleOf(span: TraceSpan, answer: Answer | undefined, final: TraceSpan | undefined): TraceRole {
  if (answer === undefined) return 'act'
  if (answer.planned.length > 0) return 'plan'
  if (span.status === 'error') return 'failed'
  return span === final ? 'final' : 'intermediate'
}

/**
 * The model calls among spans, parents first: without wrappers around them, but with those that have other model calls only
 * below a tool, which is an agent that was called as a tool.
 */
function callsAmong(tree: readonly TraceSpan[], { parents }: TraceStructure): Set<TraceSpan> {
  const wrappers = new Set<TraceSpan>()
  const calls = new Set<TraceSpan>()
  for (const span of tree.toReversed()) {
    if (span.kind !== 'llm' || wrappers.has(span)) continue
    calls.add(span)
    for (
      let above = parents.get(span);
      above && above.kind !== 'tool' && !wrappers.has(above);
      above = parents.get(above)
    )
      wrappers.add(above)
  }
  return calls
}

/** Spans in order of start; those that started together, or at no known time, parents first. */
function byStart(spans: readonly TraceSpan[]): TraceSpan[] {
  const place = new Map(spans.map((span, index) => [span, index]))
  const start = ({ startMs }: TraceSpan) => startMs ?? Number.POSITIVE_INFINITY
  // Infinity less itself is NaN, which leaves it to the place.
  return spans.toSorted((a, b) => start(a) - start(b) || place.get(a)! - place.get(b)!)
}

/** The model call whose answer is the run's `output`, else the last, unless the run ended on a plan or an error. */
function finalOf(
  calls: readonly TraceSpan[],
  checking: ReadonlySet<TraceSpan>,
  output: string | undefined,
  answers: ReadonlyMap<TraceSpan, Answer>,
): TraceSpan | undefined {
  const isAnswer = (span: TraceSpan) => answers.get(span)?.planned.length === 0 && span.status !== 'error'
  const same = calls.findLast((call) => output !== undefined && isAnswer(call) && answers.get(call)?.text === output)
  if (same) return same
  const last = calls.findLast((call) => !checking.has(call))
  return last && isAnswer(last) ? last : undefined
}

/** Spans, parents first, that are under a guardrail or an evaluator: they judge an answer, and may come after it. */
function underChecks(tree: readonly TraceSpan[], { parents }: TraceStructure): Set<TraceSpan> {
  const found = new Set<TraceSpan>()
  for (const span of tree) {
    const parent = parents.get(span)
    if (parent && (found.has(parent) || parent.kind === 'guardrail' || parent.kind === 'evaluator')) found.add(span)
  }
  return found
}
