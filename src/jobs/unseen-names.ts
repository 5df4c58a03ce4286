import type { Config } from '../config/schema.js'
import { nearest } from '../config/suggest.js'
import type { Evidence } from '../core/evidence.js'
import type { PilotFacts } from '../core/pilot-facts.js'
import { distinctScoreNames } from '../store/joins.js'
import { eachEvalScore } from '../store/judged-runs.js'
import type { Store } from '../store/open.js'

/** The steps and scores in `workflow.completed` that no run of any candidate has; none while there is no run. */
export function unseenNames(
  db: Store,
  { workflow: { completed = {} } }: Config,
  candidates: readonly Evidence[],
): PilotFacts['unseenNames'] {
  const seen = candidates.filter(({ tally }) => tally.runs > 0)
  if (seen.length === 0) return []
  const isUnseen = (name: string) => seen.every(({ tally }) => tally.costPerTask.unseen.includes(name))
  const steps = seen.flatMap(({ tally }) => [
    ...tally.groups.step.map(({ key }) => key),
    ...tally.roots.map(({ name }) => name),
  ])
  const unseenSteps = (['step', 'without_step'] as const).flatMap((key) => {
    const name = completed[key]
    if (name === undefined || !isUnseen(name)) return []
    return [{ key, name, near: nearest(name, steps) }]
  })
  return [...unseenSteps, ...unseenScore(db, completed.score?.name, seen)]
}

function unseenScore(db: Store, name: string | undefined, seen: readonly Evidence[]): PilotFacts['unseenNames'] {
  if (name === undefined) return []
  const names = new Set(seen.flatMap(({ platform }) => distinctScoreNames(db, platform)))
  for (const { platform } of seen) for (const score of eachEvalScore(db, platform)) names.add(score.name)
  return names.has(name) ? [] : [{ key: 'score', name, near: nearest(name, [...names]) }]
}
