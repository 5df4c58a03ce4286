import type { Config } from '../config/schema.js'
import { createPricer } from '../core/prices.js'
import {
  byOrder,
  type FeedbackFilter,
  isFeedback,
  meets,
  type TraceFilter,
  type TraceOrder,
  type TraceRow,
  traceRow,
} from '../core/trace-row.js'
import { readFeedback } from '../store/judgements.js'
import type { Store } from '../store/open.js'
import { eachTrace, platformsWithSpans, traceIdsWithText } from '../store/spans.js'

export interface TraceQuery {
  filter: TraceFilter
  feedback: FeedbackFilter | undefined
  text: string | undefined
  order: TraceOrder
  limit: number
}

/** How many traces meet the query, and the first of them in its order. */
export interface FoundTraces {
  matching: number
  traces: TraceRow[]
}

/** Looks through every stored trace, whatever the window and `workflow.match`; keeps no more than are shown. */
export function findTraces(db: Store, config: Config, query: TraceQuery): FoundTraces {
  const price = createPricer(config.prices)
  const compare = byOrder(query.order)
  let matching = 0
  let best: TraceRow[] = []
  for (const platform of platformsWithSpans(db)) {
    if (query.filter.platform !== undefined && query.filter.platform !== platform) continue
    const hasText = query.text === undefined ? undefined : traceIdsWithText(db, platform, query.text)
    const hasFeedback = query.feedback === undefined ? undefined : feedbackIndex(db, platform, query.feedback)
    for (const trace of eachTrace(db, platform)) {
      if (hasText && !hasText.has(trace.traceId)) continue
      const row = traceRow(trace, price)
      if (!row || !meets(row, query.filter)) continue
      if (hasFeedback && !hasFeedback(row)) continue
      matching += 1
      best.push(row)
      if (best.length > query.limit * 4 + 1000) best = best.sort(compare).slice(0, query.limit)
    }
  }
  return { matching, traces: best.sort(compare).slice(0, query.limit) }
}

/** Whether a trace has feedback of the wanted sort, by its own id or by its request's. */
export function feedbackIndex(db: Store, platform: string, wanted: FeedbackFilter): (row: TraceRow) => boolean {
  const found = ['', platform]
    .flatMap((from) => readFeedback(db, from))
    .filter((feedback) => isFeedback(feedback, wanted))
  const ids = new Set(found.flatMap(({ traceId, request }) => [traceId, request]).filter((id) => id !== undefined))
  return (row) => ids.has(row.traceId) || row.requests.some((request) => ids.has(request))
}
