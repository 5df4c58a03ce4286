import type { TraceView } from './trace.js'
import { stepJson } from './trace-step.js'

/** A trace as `pilot trace --json` prints it; null is unknown. */
export function traceJson(view: TraceView): object {
  const { trace, tokens, feedback, scores, evals } = view
  const steps = new Map(view.steps.map((step) => [step.span.spanId, step]))
  const spans = trace.spans.map((span) => ({
    ...span,
    computedCostUsd: view.cost.computed.get(span.spanId) ?? null,
    isUsageRepeated: view.repeated.has(span.spanId),
    retry: (span.retries ?? 0) > 0 ? 'stated' : view.inferred.retries.has(span.spanId) ? 'inferred' : null,
    fallback: span.fallbackFrom !== undefined ? 'stated' : view.inferred.fallbacks.has(span.spanId) ? 'inferred' : null,
    role: steps.get(span.spanId)?.role ?? null,
    step: stepJson(steps.get(span.spanId)),
    content: view.contents.get(span.spanId) ?? null,
  }))
  return {
    schemaVersion: 1,
    ...trace,
    tokens: { input: tokens.input ?? null, output: tokens.output ?? null },
    costUsd: view.cost.total ?? null,
    ...{ spans, feedback, scores, evals },
  }
}
