import { isSameModel } from './model-name.js'
import { stepName } from './step.js'
import type { TraceSpan } from './trace.js'

/** Whether two spans were given the same input: true only when both inputs are known and equal. */
export type SameInput = (a: TraceSpan, b: TraceSpan) => boolean

/** Spans that did again what had failed, in order of start. */
export interface Repeats {
  /** The same step with the same input and model. */
  retries: TraceSpan[]
  /** Model calls that another model answered than the one asked first. */
  fallbacks: TraceSpan[]
}

/** Where it is known from that something was done again: the source says so, or it follows from what failed before. */
export const repeatBases = ['stated', 'inferred'] as const
export type RepeatBasis = (typeof repeatBases)[number]

/** What was done again in a trace, by where that is known from, and after what. */
export interface TraceRepeats extends Record<RepeatBasis, Repeats> {
  /** The failure that a span did again; that of a stated one is inferred too. None where the failure is no span of its own. */
  failures: ReadonlyMap<TraceSpan, TraceSpan>
}

/** What was done again in a trace; what a span states is not inferred of it as well. */
export function readRepeats(
  spans: readonly TraceSpan[],
  calls: readonly TraceSpan[],
  sameInput: SameInput,
): TraceRepeats {
  const stated = { retries: spans.filter(statesRetry), fallbacks: spans.filter(statesFallback) }
  const { retries, fallbacks, failures } = inferRepeats(spans, calls, sameInput)
  return {
    failures,
    stated,
    inferred: {
      retries: retries.filter((span) => !statesRetry(span)),
      fallbacks: fallbacks.filter((span) => !statesFallback(span)),
    },
  }
}

/** 0 states that the call was not tried again by its client: the application may still have done so. */
const statesRetry = ({ retries }: TraceSpan): boolean => retries !== undefined && retries > 0
const statesFallback = ({ fallbackFrom }: TraceSpan): boolean => fallbackFrom !== undefined

/** How many failures are remembered per parent and kind; more would make a trace of nothing but failures quadratic. */
const mostFailures = 20

/**
 * Infers retries and fallbacks from spans in order of start: siblings of one kind, of which an earlier one failed and a
 * later one started when that had ended. The same step, model and input is a retry. A model call to another model is a
 * fallback when the step or the input is the same. A model call (`calls`) that another model answered than it asked is a
 * fallback inside the provider; not on Azure, where the name asked for is that of a deployment.
 */
function inferRepeats(
  spans: readonly TraceSpan[],
  calls: readonly TraceSpan[],
  sameInput: SameInput,
): Repeats & Pick<TraceRepeats, 'failures'> {
  const failed = new Map<TraceSpan, TraceSpan>()
  const retries: TraceSpan[] = []
  const fallbacks = new Set(calls.filter(isAnsweredByAnother))
  const failuresOf = new Map<string, TraceSpan[]>()
  for (const span of spans) {
    if (span.parentId === undefined) continue
    const siblings = `${span.kind} ${span.parentId}`
    const failures = failuresOf.get(siblings)
    const repeat = failures && findRepeated(failures, span, sameInput)
    if (repeat?.as === 'retry') retries.push(span)
    if (repeat?.as === 'fallback') fallbacks.add(span)
    // A failure is repeated once; if the repeat fails too, that is the next failure.
    if (repeat) {
      failed.set(span, repeat.failure)
      failures?.splice(failures.indexOf(repeat.failure), 1)
    }
    if (span.status !== 'error') continue
    if (!failures) failuresOf.set(siblings, [span])
    else if (failures.push(span) > mostFailures) failures.shift()
  }
  return { retries, fallbacks: spans.filter((span) => fallbacks.has(span)), failures: failed }
}

interface Repeat {
  as: 'retry' | 'fallback'
  failure: TraceSpan
}

/** The latest failure that a span repeats. */
function findRepeated(failures: readonly TraceSpan[], span: TraceSpan, sameInput: SameInput): Repeat | undefined {
  for (const failure of failures.toReversed()) {
    if (!isAfter(failure, span)) continue
    const isSameStep = stepName(failure) === stepName(span)
    if (hasSameModel(failure, span)) {
      if (isSameStep && sameInput(failure, span)) return { as: 'retry', failure }
    } else if (span.kind === 'llm' && (isSameStep || sameInput(failure, span))) return { as: 'fallback', failure }
  }
  return undefined
}

/** Calls that ran side by side do not repeat each other. */
function isAfter(failure: TraceSpan, span: TraceSpan): boolean {
  const failedMs = failure.endMs ?? failure.startMs
  return failedMs !== undefined && span.startMs !== undefined && span.startMs >= failedMs
}

/** An unknown model is taken for the same one: it is no evidence of another. */
function hasSameModel(a: TraceSpan, b: TraceSpan): boolean {
  const modelOfA = a.requestModel ?? a.responseModel
  const modelOfB = b.requestModel ?? b.responseModel
  return modelOfA === undefined || modelOfB === undefined || isSameModel(modelOfA, modelOfB)
}

function isAnsweredByAnother({ requestModel, responseModel, provider }: TraceSpan): boolean {
  if (requestModel === undefined || responseModel === undefined || provider?.startsWith('az')) return false
  return !isSameModel(requestModel, responseModel)
}
