import type { Config } from '../config/schema.js'
import { completionOf, type SaidOfRun, type TaskFeedback, usualRule } from '../core/completed.js'
import type { CompletionReader } from '../core/completed-tally.js'
import type { FeedbackKind } from '../core/span.js'
import { eachEvalScore, eachRunFeedback, eachScoreNamed } from '../store/judged-runs.js'
import type { Store } from '../store/open.js'

/** Tells of each run of a platform whether it is a completed task, by `workflow.completed`; what that asks for is read once. */
export function completionReader(db: Store, { workflow }: Config, platform: string): CompletionReader {
  const rule = workflow.completed ?? usualRule
  const scores = rule.score === undefined ? undefined : scoresByTrace(db, platform, rule.score.name)
  const feedback = rule.feedback === undefined ? undefined : feedbackById(db, platform)
  return {
    rule,
    of: (run) => {
      const { traceId, spans } = run.trace
      const ids = feedback === undefined ? [] : [traceId, ...spans.flatMap(({ request }) => request ?? [])]
      return completionOf(
        run,
        {
          scores: scores?.get(traceId) ?? [],
          feedback: feedback && new Set(ids.flatMap((id) => [...(feedback.get(id) ?? [])])),
        },
        rule,
      )
    },
  }
}

/** The scores of one name by trace id: those that came in, and of `suite/check` those of evals on recorded outputs. */
function scoresByTrace(db: Store, platform: string, name: string): Map<string, SaidOfRun['scores'][number][]> {
  const scores = new Map<string, SaidOfRun['scores'][number][]>()
  const add = (traceId: string, value: number | null, label: string | null) => {
    const known = scores.get(traceId) ?? []
    known.push({ value: value ?? undefined, label: label ?? undefined })
    scores.set(traceId, known)
  }
  for (const { traceId, value, label } of eachScoreNamed(db, platform, name)) add(traceId, value, label)
  if (name.includes('/'))
    for (const score of eachEvalScore(db, platform))
      if (score.name === name) add(score.traceId, score.value, score.value === 1 ? 'pass' : 'fail')
  return scores
}

/** By trace id and by request; undefined where nobody recorded any. */
function feedbackById(db: Store, platform: string): Map<string, Set<TaskFeedback>> | undefined {
  const said = new Map<string, Set<TaskFeedback>>()
  for (const { traceId, request, kind, value } of eachRunFeedback(db, platform, kinds)) {
    const word = kind === 'thumbs' ? thumbOf(value) : kind
    if (word === undefined) continue
    for (const id of [traceId, request]) if (id !== null) said.set(id, (said.get(id) ?? new Set()).add(word))
  }
  return said.size === 0 ? undefined : said
}

const kinds = ['thumbs', 'edit', 'retry', 'escalation'] as const satisfies readonly FeedbackKind[]

function thumbOf(value: number | null): TaskFeedback | undefined {
  if (value === null || value === 0) return undefined
  return value > 0 ? 'up' : 'down'
}
