import { gateOf } from '../../core/eval/gate.js'
import { overallResults } from '../../core/eval/overall.js'
import { countOutcomes, type Outcome, passRate } from '../../core/eval/result.js'
import { type EvalRun, placeKey } from '../../core/eval/run.js'
import type { VersionEval } from '../../core/prompts/timeline.js'
import { readOutputPrompts, readRunResults, readRuns } from '../../store/evals.js'
import { readCertificates } from '../../store/judges.js'
import type { Store } from '../../store/open.js'

/** Pass rates by prompt version and suite, of outputs that say which version made them, or of runs of one version. */
export function readEvalRates(db: Store, platform: string, nowMs: number): VersionEval[] {
  const found = new Map<string, VersionEval>()
  const certificates = readCertificates(db)
  for (const run of readRuns(db).reverse()) {
    const key = (prompt: string) => JSON.stringify([prompt, run.suite])
    if (run.finishedMs === undefined || (run.prompt !== undefined && found.has(key(run.prompt)))) continue
    const gating = new Set(run.checks.filter((check) => gateOf(check, certificates, nowMs).gates).map(({ id }) => id))
    for (const [prompt, outcomes] of outcomesByPrompt(db, run, { platform, gating }))
      if (!found.has(key(prompt)))
        found.set(key(prompt), {
          ...{ prompt, suite: run.suite, run: run.id },
          rate: passRate(countOutcomes(outcomes.map((outcome) => ({ outcome })))),
        })
  }
  return [...found.values()]
}

function outcomesByPrompt(
  db: Store,
  run: EvalRun,
  { platform, gating }: { platform: string; gating: ReadonlySet<string> },
): Map<string, Outcome[]> {
  const promptOf = new Map(
    readOutputPrompts(db, run.id)
      .filter((output) => output.platform === undefined || output.platform === platform)
      .map((output) => [JSON.stringify([output.caseId, output.repeat]), run.prompt ?? output.prompt]),
  )
  const results = readRunResults(db, run.id)
  const overall = gating.size < 2 ? results.filter(({ check }) => gating.has(check)) : overallResults(gating, results)
  const found = new Map<string, Outcome[]>()
  for (const { caseId, repeat, outcome } of overall) {
    const prompt = promptOf.get(placeKey(caseId, repeat))
    if (prompt === undefined) continue
    const outcomes = found.get(prompt)
    if (outcomes === undefined) found.set(prompt, [outcome])
    else outcomes.push(outcome)
  }
  return found
}
