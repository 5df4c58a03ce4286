import type { RunJudgements } from '../../core/releases/release-run.js'
import type { Run } from '../../core/run.js'
import { eachEvalScore, eachRunFeedback, eachTraceScore, type TraceScore } from '../../store/judged-runs.js'
import type { Store } from '../../store/open.js'

interface Said {
  isThumbsDown: boolean | undefined
  isEscalated: boolean
  /** Each an object of its own: one that names trace and request stands under both, and counts once. */
  ratings: Rating[]
}

interface Rating {
  name: string
  value: number
}

/** What was said of any run of a platform, read once. */
export function judgementsOf(db: Store, platform: string): (run: Run) => RunJudgements {
  const scores = scoresByTrace(db, platform)
  const { said, hasEscalations } = feedbackById(db, platform)
  return (run) => {
    const { traceId, spans } = run.trace
    const ids = new Set([traceId, ...spans.flatMap(({ request }) => request ?? [])])
    const about = [...ids].flatMap((id) => said.get(id) ?? [])
    const ratings = new Set(about.flatMap((one) => one.ratings))
    const thumbs = about.filter(({ isThumbsDown }) => isThumbsDown !== undefined)
    return {
      scores: scores.get(traceId) ?? none,
      ratings: ratings.size === 0 ? none : meansOf(ratings),
      isThumbsDown: thumbs.length === 0 ? undefined : thumbs.some(({ isThumbsDown }) => isThumbsDown),
      isEscalated: hasEscalations ? about.some(({ isEscalated }) => isEscalated) : undefined,
    }
  }
}

const none: ReadonlyMap<string, number> = new Map()

/** Trace id → name → mean, of scores and of evals on recorded outputs; several scores of one name, of steps or of evaluators, are one number of the run. */
function scoresByTrace(db: Store, platform: string): Map<string, Map<string, number>> {
  const sums = new Map<string, Map<string, { sum: number; n: number }>>()
  const add = (score: TraceScore) => {
    const value = numberOf(score)
    if (value === undefined) return
    const ofTrace = sums.get(score.traceId) ?? new Map<string, { sum: number; n: number }>()
    const { sum, n } = ofTrace.get(score.name) ?? { sum: 0, n: 0 }
    sums.set(score.traceId, ofTrace.set(score.name, { sum: sum + value, n: n + 1 }))
  }
  for (const score of eachTraceScore(db, platform)) add(score)
  for (const score of eachEvalScore(db, platform)) add(score)
  return new Map(
    [...sums].map(([traceId, ofTrace]) => [
      traceId,
      new Map([...ofTrace].map(([name, { sum, n }]) => [name, sum / n])),
    ]),
  )
}

/** The mean of each name. */
function meansOf(ratings: Iterable<Rating>): Map<string, number> {
  const sums = new Map<string, { sum: number; n: number }>()
  for (const { name, value } of ratings) {
    const { sum, n } = sums.get(name) ?? { sum: 0, n: 0 }
    sums.set(name, { sum: sum + value, n: n + 1 })
  }
  return new Map([...sums].map(([name, { sum, n }]) => [name, sum / n]))
}

/** A label counts only where it passes or fails; other words have no order. */
function numberOf({ value, label }: TraceScore): number | undefined {
  if (value !== null) return Number.isFinite(value) ? value : undefined
  const word = label?.toLowerCase()
  return word === 'pass' ? 1 : word === 'fail' ? 0 : undefined
}

/** By trace id and by request id; one row that names both stands under both, and says the same. */
function feedbackById(db: Store, platform: string): { said: Map<string, Said>; hasEscalations: boolean } {
  const said = new Map<string, Said>()
  let hasEscalations = false
  for (const one of eachRunFeedback(db, platform, ['thumbs', 'escalation', 'rating'])) {
    const { traceId, request, kind, name, value } = one
    const isEscalated = kind === 'escalation'
    hasEscalations ||= isEscalated
    const isDown = kind !== 'thumbs' || value === null || value === 0 ? undefined : value < 0
    const rating = kind === 'rating' && value !== null ? { name: name ?? '', value } : undefined
    for (const id of new Set([traceId, request])) {
      if (id === null) continue
      const known = said.get(id) ?? { isThumbsDown: undefined, isEscalated: false, ratings: [] }
      said.set(id, known)
      known.isThumbsDown = known.isThumbsDown || isDown ? true : (known.isThumbsDown ?? isDown)
      known.isEscalated ||= isEscalated
      if (rating !== undefined) known.ratings.push(rating)
    }
  }
  return { said, hasEscalations }
}
