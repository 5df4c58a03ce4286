import { nearest } from '../../config/suggest.js'
import { PilotError } from '../../core/errors.js'
import type { WholeRun } from '../../core/eval/compare-runs.js'
import type { EvalRun } from '../../core/eval/run.js'
import { readRunCases, readRunResults, readRuns } from '../../store/evals.js'
import type { Store } from '../../store/open.js'

/**
 * The run of this id; for `name@version`, or a release, the last whole one of its outputs; without a name the last of all.
 * Throws `PilotError` where there is none.
 */
export function findRun(db: Store, named: string | undefined): EvalRun {
  const runs = readRuns(db)
  const found =
    named === undefined
      ? runs.at(-1)
      : (runs.find(({ id }) => id === named) ??
        runs.findLast(
          ({ prompt, release, finishedMs }) => finishedMs !== undefined && (prompt === named || release === named),
        ))
  if (found !== undefined) return found
  if (runs.length === 0) throw new PilotError('No eval has run yet.', { hint: 'pilot eval run' })
  const near =
    named === undefined
      ? undefined
      : nearest(
          named,
          runs.map(({ id }) => id),
        )
  throw new PilotError(`There is no run ${JSON.stringify(named)}, nor one of that prompt version or release.`, {
    hint: near === undefined ? 'pilot eval list names them.' : `Did you mean ${near}?`,
  })
}

/** Two runs to compare: of two versions the last whole runs of one suite, the latest suite that has both. Throws as `findRun`. */
export function findPair(db: Store, [a, b]: readonly [string, string]): [EvalRun, EvalRun] {
  const runs = readRuns(db).filter(({ finishedMs }) => finishedMs !== undefined)
  const isOf = (name: string) => (run: EvalRun) => run.id === name || run.prompt === name || run.release === name
  const ofB = runs.findLast((run) => isOf(b)(run) && runs.some((other) => isOf(a)(other) && other.suite === run.suite))
  const ofA = ofB && runs.findLast((run) => isOf(a)(run) && run.suite === ofB.suite)
  return ofA && ofB ? [ofA, ofB] : [findRun(db, a), findRun(db, b)]
}

/** A run with its cases and results. */
export function openRun(db: Store, run: EvalRun): WholeRun {
  return { run, cases: readRunCases(db, run.id), results: readRunResults(db, run.id) }
}
