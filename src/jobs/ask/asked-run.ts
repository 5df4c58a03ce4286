import type { AskedRun } from '../../core/ask/question.js'
import type { CompletionReader } from '../../core/completed-tally.js'
import type { Run } from '../../core/run.js'
import { checkedTraces, offlineChecks } from '../../store/evals.js'
import { judgedIds, scoreNames } from '../../store/joins.js'
import type { Store } from '../../store/open.js'

/** Looks at runs of a platform as the production questions do: with what is joined to them, read once. */
export function askedRuns(db: Store, platform: string, completion: CompletionReader): (run: Run) => AskedRun {
  const judged = judgedIds(db, platform)
  const { evaluated, comparable } = evaluatedTraces(db, platform)
  return (run) => {
    const { traceId, spans } = run.trace
    const isJudged =
      judged.size > 0 &&
      (judged.has(traceId) || spans.some(({ request }) => request !== undefined && judged.has(request)))
    return {
      run,
      isJudged,
      evaluated: comparable.has(traceId) ? 'comparable' : evaluated.has(traceId) ? 'yes' : 'no',
      completion: completion.of(run),
    }
  }
}

function evaluatedTraces(db: Store, platform: string): Record<'evaluated' | 'comparable', Set<string>> {
  const offline = new Set(offlineChecks(db).map(({ check }) => check))
  const found = { evaluated: new Set<string>(), comparable: new Set<string>() }
  const add = (traceId: string, name: string) => {
    found.evaluated.add(traceId)
    if (offline.has(name)) found.comparable.add(traceId)
  }
  for (const { traceId, name } of scoreNames(db, platform)) add(traceId, name)
  for (const { traceId, check } of checkedTraces(db, platform)) add(traceId, check)
  return found
}
