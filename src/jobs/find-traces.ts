import type { Config } from '../config/schema.js'
import { type NoneMet, noneMet } from '../core/none-met.js'
import { createPricer } from '../core/prices.js'
import {
  awayFrom,
  byNearness,
  byOrder,
  type FeedbackFilter,
  isFeedback,
  meets,
  type TraceFilter,
  type TraceOrder,
  type TraceRow,
  traceRow,
} from '../core/trace-row.js'
import { eachTrace } from '../store/each-trace.js'
import { traceIdsWithText } from '../store/find-text.js'
import { readFeedback } from '../store/judgements.js'
import type { Store } from '../store/open.js'
import { platformsWithSpans } from '../store/spans.js'

export interface TraceQuery {
  filter: TraceFilter
  feedback: FeedbackFilter | undefined
  /** Folded; one of them has to stand in the trace. */
  text: readonly string[] | undefined
  /** Undefined: the nearest first where the filter asks for a time, else the newest. */
  order: TraceOrder | undefined
  limit: number
}

export type TraceCondition = keyof TraceFilter | 'feedback' | 'text'

/** How many traces meet the query, and the first of them in its order; where none does, why. */
export interface FoundTraces {
  matching: number
  traces: TraceRow[]
  none: NoneMet<TraceCondition> | undefined
}

/** Looks through every stored trace, whatever the window and `workflow.match`; keeps no more than are shown. */
export function findTraces(db: Store, config: Config, query: TraceQuery): FoundTraces {
  const price = createPricer(config.prices)
  const { near } = query.filter
  const compare = near && query.order === undefined ? byNearness(near.ms) : byOrder(query.order ?? 'time')
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
  const none = matching === 0 ? whyNone(db, config, query) : undefined
  return { matching, traces: best.sort(compare).slice(0, query.limit), none }
}

/** A second pass, so that only a search that finds nothing pays for why. */
function whyNone(db: Store, config: Config, { filter, feedback, text }: TraceQuery): NoneMet<TraceCondition> {
  const price = createPricer(config.prices)
  const ofRow = (Object.keys(filter) as (keyof TraceFilter)[]).filter((key) => filter[key] !== undefined) // its keys
  const keys = [...ofRow, ...(feedback ? (['feedback'] as const) : []), ...(text ? (['text'] as const) : [])]
  const tally = noneMet<TraceCondition>(keys)
  for (const platform of platformsWithSpans(db)) {
    const hasText = text && traceIdsWithText(db, platform, text)
    const hasFeedback = feedback && feedbackIndex(db, platform, feedback)
    for (const trace of eachTrace(db, platform)) {
      const row = traceRow(trace, price)
      if (row === undefined) continue
      const met = ofRow.map((key) => meets(row, { [key]: filter[key] }))
      if (hasFeedback) met.push(hasFeedback(row))
      if (hasText) met.push(hasText.has(row.traceId))
      const { near } = filter
      const isTimed = near !== undefined && row.startMs !== undefined
      tally.add(met, isTimed ? { key: 'near', ms: row.startMs!, awayMs: awayFrom(row, near.ms) } : undefined) // it has one
    }
  }
  return tally.result()
}

/** Whether a trace has feedback of the wanted sort, by its own id or by its request's. */
export function feedbackIndex(db: Store, platform: string, wanted: FeedbackFilter): (row: TraceRow) => boolean {
  const found = ['', platform]
    .flatMap((from) => readFeedback(db, from))
    .filter((feedback) => isFeedback(feedback, wanted))
  const ids = new Set(found.flatMap(({ traceId, request }) => [traceId, request]).filter((id) => id !== undefined))
  return (row) => ids.has(row.traceId) || row.requests.some((request) => ids.has(request))
}
