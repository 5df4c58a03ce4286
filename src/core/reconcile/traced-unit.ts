import { costOf, coverage, statesCost } from '../cost.js'
import type { Pricer } from '../prices.js'
import type { Usage } from '../span.js'
import { readStructure } from '../structure.js'
import type { Trace, TraceSpan } from '../trace.js'
import { countedUsage, deepest, modelCalls, statesUsage } from '../usage.js'

/** What one span of a trace adds to what was traced: a call of a model, or another span that states tokens or a cost. */
export interface TracedUnit {
  /** A model call, an embedding or a reranking. */
  isCall: boolean
  hasFailed: boolean
  /** The one that answered, else the one that was asked: a bill names what answered. */
  model: string | undefined
  startMs: number | undefined
  endMs: number | undefined
  /** Tokens that count (the deepest usage); undefined where the span states none that do. */
  usage: Usage | undefined
  /** US dollars that the platform states. */
  statedUsd: number | undefined
  /** US dollars by tokens × price. */
  computedUsd: number | undefined
  /** The stated cost, else the computed one; undefined where neither is known, or a span above or below states it. */
  knownUsd: number | undefined
  /** Why the cost is unknown: it states neither tokens nor a cost, nor does a span around it; or its model has no price. */
  lack: 'silent' | 'unpriced' | undefined
}

/** The units of a trace with the spans they stand for; a span that adds nothing is none. */
export function tracedUnits(trace: Trace, price: Pricer): { span: TraceSpan; unit: TracedUnit }[] {
  const structure = readStructure(trace)
  const usage = countedUsage(trace, structure)
  const cost = costOf(trace, structure, usage, price)
  const counted = new Set(usage.counted)
  const stating = new Set(deepest(trace.spans.filter(statesCost), structure))
  const others = trace.spans.filter(({ kind }) => kind === 'embedding' || kind === 'reranker')
  const calls = new Set([...modelCalls(trace, structure), ...deepest(others.filter(namesModel), structure)])
  const [isCosted, hasUsage] = [coverage([...stating], structure), coverage(trace.spans.filter(statesUsage), structure)]

  const unitOf = (span: TraceSpan): TracedUnit => {
    const statedUsd = stating.has(span) ? span.costUsd : undefined
    const computedUsd = cost.priced.get(span)
    const isCovered = isCosted(span)
    const hasFailed = span.status === 'error'
    const isSilent = calls.has(span) && !hasFailed && !hasUsage(span) && !isCovered
    const isUnpriced = counted.has(span) && computedUsd === undefined && !isCovered
    return {
      isCall: calls.has(span),
      hasFailed,
      model: span.responseModel || span.requestModel || undefined,
      startMs: span.startMs,
      endMs: span.endMs,
      usage: counted.has(span) ? span.usage : undefined,
      statedUsd,
      computedUsd,
      knownUsd: statedUsd ?? (isCovered ? undefined : computedUsd),
      lack: isSilent ? 'silent' : isUnpriced ? 'unpriced' : undefined,
    }
  }
  return [...new Set([...calls, ...counted, ...stating])].map((span) => ({ span, unit: unitOf(span) }))
}

function namesModel({ requestModel, responseModel }: TraceSpan): boolean {
  return Boolean(responseModel || requestModel)
}
