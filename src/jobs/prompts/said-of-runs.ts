import type { Said } from '../../core/prompts/version-tally.js'
import type { Run } from '../../core/run.js'
import type { Feedback } from '../../core/span.js'
import { readFeedback, readScores } from '../../store/judgements.js'
import type { Store } from '../../store/open.js'

/** Thumbs and scores of a platform's runs, joined by trace or by the request's own id; each once. */
export function saidReader(db: Store, platform: string): (run: Run) => Said {
  const thumbs = ['', platform].flatMap((from) => readFeedback(db, from)).filter(isThumb)
  const thumbsOfTrace = groupBy(thumbs, ({ traceId }) => traceId)
  const thumbsOfRequest = groupBy(thumbs, ({ request }) => request)
  const scores = readScores(db, platform).flatMap(({ traceId, name, value }) =>
    value === undefined ? [] : [{ traceId, name, value }],
  )
  const scoresOfTrace = groupBy(scores, ({ traceId }) => traceId)
  return ({ trace }) => {
    const requests = new Set(trace.spans.flatMap(({ request }) => (request === undefined ? [] : [request])))
    const given = new Set([
      ...(thumbsOfTrace.get(trace.traceId) ?? []),
      ...[...requests].flatMap((request) => thumbsOfRequest.get(request) ?? []),
    ])
    return { thumbs: [...given].map(({ value }) => value! < 0), scores: scoresOfTrace.get(trace.traceId) ?? [] } // a thumb has a value
  }
}

function isThumb({ kind, value }: Feedback): boolean {
  return kind === 'thumbs' && value !== undefined && value !== 0
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
