import { exitCodes, PilotError } from '../../core/errors.js'
import type { ImportedCheck } from '../../core/eval/imported.js'
import type { EvalRun } from '../../core/eval/run.js'
import type { Score } from '../../core/span.js'
import { outcomeOf } from '../../formats/evals/cells.js'
import { eachTrace } from '../../store/each-trace.js'
import { readScores } from '../../store/judgements.js'
import type { Store } from '../../store/open.js'
import { createImport } from './save-imported.js'

/**
 * A run of the scores that a platform's export brought: a case per trace, called by its request where it has one, so that
 * platforms meet; a check per name. Of several scores of one name on one case the last by time stands. The privacy policy has
 * been applied when they came in. Throws `PilotError` (exit 3) where the platform has none.
 */
export function importScores(
  db: Store,
  {
    platform,
    suite,
    passFrom,
    nowMs,
  }: { platform: string; suite: string | undefined; passFrom: number; nowMs: number },
): { runs: EvalRun[]; results: number } {
  const requests = requestsOf(db, platform)
  const last = new Map<string, { score: Score; traceId: string; caseId: string }>()
  // In order of time, those without one first.
  for (const score of readScores(db, platform)) {
    const { traceId, name } = score
    if (traceId === undefined) continue
    const caseId = requests.get(traceId) ?? traceId
    last.set(JSON.stringify([caseId, name]), { score, traceId, caseId })
  }
  const save = db.transaction(() => {
    const importedFrom = `scores of ${platform}`
    const runs = createImport(db, {
      importedFrom,
      suite: suite ?? platform,
      passFrom,
      nowMs,
      applyText: (text) => text,
    })
    for (const { score, traceId, caseId } of last.values())
      runs.add({
        target: `traces of ${platform}`,
        caseId,
        repeat: 1,
        output: { trace: { platform, traceId } },
        checks: [checkOf(score)],
      })
    return runs.save(0)
  })
  const saved = save.immediate()
  if (saved.runs.length > 0) return { runs: saved.runs, results: saved.results }
  throw new PilotError(`No score of a trace of ${platform} is in the store.`, {
    hint: `pilot ingest its export with scores, or a file of them: pilot ingest --platform ${platform} --as scores <file>.`,
    exitCode: exitCodes.io,
  })
}

/** Trace id → the application's own id of its request, where a span states one. */
function requestsOf(db: Store, platform: string): Map<string, string> {
  const requests = new Map<string, string>()
  for (const { traceId, spans } of eachTrace(db, platform)) {
    const request = spans.find((span) => span.request !== undefined)?.request
    if (request !== undefined) requests.set(traceId, request)
  }
  return requests
}

/** A word for pass or fail is a verdict; another label without a value cannot be judged. */
function checkOf({ name, value, label, comment }: Score): ImportedCheck {
  const outcome = outcomeOf(label)
  if (outcome !== undefined || value !== undefined)
    return { check: name, outcome, score: value, reason: comment ?? label }
  const reason = comment ?? (label === undefined ? 'neither a value nor a label' : `label ${label}`)
  return { check: name, outcome: 'unscored', reason }
}
