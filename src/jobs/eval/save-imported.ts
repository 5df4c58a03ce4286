import type { ImportedRow } from '../../core/eval/imported.js'
import { type EvalRun, nextRunId } from '../../core/eval/run.js'
import { dropRun, haveSameResults, moveRun, readRuns, saveRun } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import { hashOf } from './hash.js'
import { createImportedRun, type HeldRun, type ImportOptions } from './imported-run.js'

/** Runs that came from elsewhere, as they stand in the store now. */
export interface SavedImport {
  /** One that was there already has the note `already there`, and was not added again. */
  runs: EvalRun[]
  /** Results in the runs. */
  results: number
  problems: string[]
}

/** Takes rows of another runner apart into its runs, and saves those. Call it inside a transaction. */
export function createImport(db: Store, options: ImportOptions & { suite: string; nowMs: number }) {
  const before = readRuns(db)
  const held = new Map<string, ReturnType<typeof createImportedRun>>()

  /** What was wrong with the row. */
  function add(row: ImportedRow): string[] {
    const key = row.run ?? ''
    const run = held.get(key) ?? createImportedRun(db, placeOf(held.size), options)
    held.set(key, run)
    return run.add(row)
  }

  /** `leftOut`: lines of the file that could not be used, which whoever reads the runs has to know. */
  function save(leftOut: number): SavedImport {
    const saved: SavedImport = { runs: [], results: 0, problems: [] }
    const all = [...before]
    for (const [index, run] of [...held.values()].entries()) {
      const made = run.finish()
      saved.problems.push(...made.problems)
      const id = nextRunId(all, options.suite)
      // Where the runner counts from 0, we count from 1.
      moveRun(db, placeOf(index), id, made.firstRepeat === 0 ? 1 : 0)
      const evalRun = runOf(id, made, leftOut)
      const same = before.find((other) => isSame(evalRun, other) && haveSameResults(db, id, other.id))
      if (same || made.results === 0) dropRun(db, id)
      else {
        saveRun(db, evalRun)
        all.push(evalRun)
      }
      if (made.results === 0) continue
      saved.runs.push(same ? { ...same, notes: [...same.notes, 'already there'] } : evalRun)
      saved.results += made.results
    }
    return saved
  }

  function runOf(id: string, made: HeldRun, leftOut: number): EvalRun {
    const { importedFrom, passFrom, suite, nowMs } = options
    const { target, cases, casesHash, checks } = made
    return {
      id,
      suite,
      startedMs: nowMs,
      finishedMs: nowMs,
      target,
      targetHash: hashOf({ importedFrom, target }),
      casesHash,
      cases,
      repeats: made.firstRepeat === 0 ? made.lastRepeat + 1 : made.lastRepeat,
      checks,
      importedFrom,
      notes: [
        ...(made.usesPassFrom ? [`a score without a verdict passes from ${passFrom} on`] : []),
        ...(leftOut > 0 ? [`${leftOut} of the file's entries could not be used`] : []),
      ],
    }
  }

  return { add, save }
}

/** Where a run stands until it is known whether it is new; ids of runs end in a dash and a number. */
function placeOf(index: number): string {
  return `importing ${index}`
}

function isSame(run: EvalRun, other: EvalRun): boolean {
  return (
    run.suite === other.suite &&
    run.importedFrom === other.importedFrom &&
    run.targetHash === other.targetHash &&
    run.casesHash === other.casesHash &&
    hashOf(run.checks) === hashOf(other.checks)
  )
}
