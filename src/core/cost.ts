import type { Pricer } from './prices.js'
import type { TraceStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'
import { ancestorsOf, deepest, modelCalls, statesUsage, type UsageCount } from './usage.js'

/** The cost of one trace, US dollars. */
export interface TraceCost {
  /** What the platform states, by "the deepest stated cost wins"; undefined if no span states one. */
  stated: number | undefined
  /** Counted usage × price; undefined if no counted span has a price. */
  computed: number | undefined
  /** The price of each counted usage span that has one. */
  priced: ReadonlyMap<TraceSpan, number>
  /** Counted usage spans without a price, whatever the platform states of them. */
  unpriced: TraceSpan[]
  /** Stated cost, and computed cost for what no stated cost covers; undefined unless it is the whole cost. */
  total: number | undefined
}

/**
 * The cost of a trace. A stated cost covers its span and all below and above it. The total is known when each counted usage
 * span is covered or priced and each model call that answered has usage or a cost; a trace with neither has no known cost.
 */
export function costOf(trace: Trace, structure: TraceStructure, usage: UsageCount, price: Pricer): TraceCost {
  const stating = deepest(trace.spans.filter(statesCost), structure)
  const isCovered = coverage(stating, structure)
  const priced = new Map<TraceSpan, number>()
  const cost: TraceCost = { stated: undefined, computed: undefined, priced, unpriced: [], total: undefined }
  for (const { costUsd = 0 } of stating) cost.stated = (cost.stated ?? 0) + costUsd
  let uncovered = 0
  let isWhole = stating.length + usage.counted.length > 0
  for (const span of usage.counted) {
    const usd = price(span)
    if (usd === undefined) {
      cost.unpriced.push(span)
      isWhole &&= isCovered(span)
      continue
    }
    priced.set(span, usd)
    cost.computed = (cost.computed ?? 0) + usd
    if (!isCovered(span)) uncovered += usd
  }
  if (isWhole && !hasSilentCall(trace, structure, isCovered)) cost.total = (cost.stated ?? 0) + uncovered
  return cost
}

/** What each span adds to the cost of its trace: as the deepest states it, else as computed where no stated cost covers it. */
export function costBySpan(trace: Trace, structure: TraceStructure, { priced }: TraceCost): Map<TraceSpan, number> {
  const stating = deepest(trace.spans.filter(statesCost), structure)
  const isCovered = coverage(stating, structure)
  const costs = new Map(stating.map((span) => [span, span.costUsd!])) // stated, as filtered
  for (const [span, usd] of priced) if (!isCovered(span)) costs.set(span, usd)
  return costs
}

/** True when a span states what it cost. */
export function statesCost({ costUsd }: TraceSpan): boolean {
  return costUsd !== undefined && Number.isFinite(costUsd)
}

/** True when a model call answered and neither it nor any span above or below says what it took. */
function hasSilentCall(trace: Trace, structure: TraceStructure, isCovered: (span: TraceSpan) => boolean): boolean {
  const hasUsage = coverage(trace.spans.filter(statesUsage), structure)
  return modelCalls(trace, structure).some((call) => call.status !== 'error' && !hasUsage(call) && !isCovered(call))
}

/** Whether a span is one of `spans`, above one or below one. Each span is walked over once, whatever is asked. */
export function coverage(spans: readonly TraceSpan[], { parents }: TraceStructure): (span: TraceSpan) => boolean {
  const above = ancestorsOf(spans, parents)
  const isBelow = new Map<TraceSpan | undefined, boolean>(spans.map((span) => [span, true]))
  isBelow.set(undefined, false)
  return (span) => {
    if (above.has(span)) return true
    const path: TraceSpan[] = []
    let top: TraceSpan | undefined = span
    for (; top !== undefined && !isBelow.has(top); top = parents.get(top)) path.push(top)
    const answer = isBelow.get(top) ?? false
    for (const walked of path) isBelow.set(walked, answer)
    return answer
  }
}
