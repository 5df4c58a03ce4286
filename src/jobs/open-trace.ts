import type { Config } from '../config/schema.js'
import { costOf } from '../core/cost.js'
import { PilotError } from '../core/errors.js'
import type { TraceResult } from '../core/eval/run.js'
import { createPricer } from '../core/prices.js'
import { readRepeats } from '../core/retries.js'
import { withRollup } from '../core/rollup.js'
import type { Feedback, Score, SpanContent } from '../core/span.js'
import { readStructure } from '../core/structure.js'
import type { Trace, TraceSpan } from '../core/trace.js'
import { readRoles, type TraceStep } from '../core/trace-roles.js'
import { countedUsage, modelCalls, statesUsage } from '../core/usage.js'
import { readTraceResults } from '../store/evals.js'
import { readFeedback, readScores } from '../store/judgements.js'
import type { Store } from '../store/open.js'
import { findTraceIds, readContents, readTrace } from '../store/spans.js'
import { sameInputOf } from './same-input.js'

export interface OpenedTrace {
  trace: Trace
  contents: ReadonlyMap<string, SpanContent>
  feedback: Feedback[]
  scores: Score[]
  /** What evals found of its output. */
  evals: TraceResult[]
  cost: { computed: Map<string, number>; total: number | undefined }
  tokens: { input: number | undefined; output: number | undefined }
  /** Spans whose usage spans below them state too. */
  repeated: Set<string>
  /** Ids of the spans that, as it is inferred, did again what had failed. */
  inferred: { retries: Set<string>; fallbacks: Set<string> }
  /** Its steps and what each was for, in order of time. */
  steps: TraceStep[]
}

/** Everything of the one trace whose id begins with `id`. Throws `PilotError` (exit 2) where none or several do. */
export function openTrace(
  db: Store,
  config: Config,
  { id, platform }: { id: string; platform?: string | undefined },
): OpenedTrace {
  const { platform: found, traceId } = findOneTrace(db, id, platform)
  const trace = readTrace(db, found, traceId)! // findOneTrace has just seen it
  const requests = new Set(trace.spans.flatMap(({ request }) => (request === undefined ? [] : [request])))
  const isOfTrace = (feedback: Feedback) =>
    feedback.traceId === traceId || (feedback.request !== undefined && requests.has(feedback.request))
  const structure = readStructure(trace)
  const repeats = readRepeats(trace.spans, modelCalls(trace, structure), sameInputOf(db, found))
  const { inferred } = repeats
  const contents = withRollup(readContents(db, found, traceId), trace, structure.root?.spanId)
  const usage = countedUsage(trace, structure)
  const cost = costOf(trace, structure, usage, createPricer(config.prices))
  const counted = new Set(usage.counted)
  const repeated = trace.spans.filter((span) => statesUsage(span) && !counted.has(span))
  return {
    trace,
    cost: { computed: new Map([...cost.priced].map(([span, usd]) => [span.spanId, usd])), total: cost.total },
    tokens: { input: usage.tokens.input, output: usage.tokens.output },
    inferred: { retries: idsOf(inferred.retries), fallbacks: idsOf(inferred.fallbacks) },
    repeated: new Set(repeated.map(({ spanId }) => spanId)),
    contents,
    steps: readRoles({ trace, structure, contents, repeats }),
    feedback: ['', found].flatMap((from) => readFeedback(db, from)).filter(isOfTrace),
    scores: readScores(db, found, traceId),
    evals: readTraceResults(db, found, traceId),
  }
}

const idsOf = (spans: readonly TraceSpan[]) => new Set(spans.map(({ spanId }) => spanId))

/** The one trace whose id begins with `id`. Throws `PilotError` (exit 2) where none or several do. */
export function findOneTrace(
  db: Store,
  id: string,
  platform: string | undefined,
): { platform: string; traceId: string } {
  // Ids of OpenTelemetry are lower-case in the store, however they were written; others are kept as they came.
  const candidates = [id, id.toLowerCase()].flatMap((prefix) => findTraceIds(db, prefix, { platform, limit: 6 }))
  const found = [...new Map(candidates.map((each) => [`${each.platform} ${each.traceId}`, each])).values()]
  const exact = found.filter(({ traceId }) => traceId === id || traceId === id.toLowerCase())
  const [only, ...others] = exact.length > 0 ? exact : found
  if (only === undefined)
    throw new PilotError(`No trace begins with ${shownId(id)}.`, { hint: nearestTraces(db, id, platform) })
  if (others.length === 0) return only
  const listed = [only, ...others]
    .slice(0, 5)
    .map((each) => `${each.traceId} (${each.platform})`)
    .join(', ')
  throw new PilotError(`Several traces begin with ${shownId(id)}: ${listed}${others.length > 4 ? ' …' : ''}.`, {
    hint:
      new Set([only, ...others].map((each) => each.platform)).size > 1
        ? 'Say which: --platform <id>.'
        : 'Type more of the id.',
  })
}

/** Ids that share the longest beginning, which is where a typing error shows. */
export function nearestTraces(db: Store, id: string, platform?: string): string {
  for (let length = Math.min(id.length - 1, 32); length >= 3; length--) {
    const near = findTraceIds(db, id.slice(0, length).toLowerCase(), { platform, limit: 3 })
    if (near.length > 0) return `Nearest: ${near.map(({ traceId }) => traceId).join(', ')}.`
  }
  return 'pilot traces lists what is stored.'
}

export function shownId(id: string): string {
  return /^[\w-]{1,64}$/.test(id) ? id : 'that'
}
