import type { Case } from '../../core/eval/case.js'
import { type EvalRun, nextRunId, placeKey, type RunResult } from '../../core/eval/run.js'
import { readRunOutputs, readRunResults, readRuns, saveRun } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import type { ReadyCheck } from './grade.js'
import { hashOf } from './hash.js'
import { costOfKept, type MadeOutput, madeOutput } from './kept-output.js'
import type { OpenedSuite } from './open-suite.js'
import { keepCases } from './result-keeper.js'

interface Start {
  /** The privacy policy. */
  applyText(text: string): string
  checks: readonly ReadyCheck[]
  repeats: number
  /** Begin anew, although a run of the same was cut off. */
  isFresh: boolean
  /** Do again what ended in an error. */
  retriesErrors: boolean
  nowMs(): number
}

/** An output that is still to be made. */
export interface Place {
  given: Case
  /** From 1. */
  repeat: number
  /** The output, where only its checks had not ended. */
  made: MadeOutput | undefined
}

/** A run to write to. */
interface StartedRun {
  run: EvalRun
  /** Outputs that it has already. */
  done: number
  /** US dollars that these are known to have cost. */
  spentUsd: number
  left: Place[]
}

/** A new run, or one of the very same that was cut off, with what it has already. */
export function startRun(db: Store, opened: OpenedSuite, start: Start): StartedRun {
  const started = db.transaction(() => {
    const resumed = runToResume(db, opened, start)
    const run = resumed ?? beginRun(db, opened, start)
    const done = doneIn(readRunResults(db, run.id), start)
    const { spentUsd, made } = keptIn(db, run.id)
    return { run, done: done.size, spentUsd, left: placesLeft(opened.cases, start.repeats, { done, made }) }
  })
  // Nobody else may begin a run between the look at the ids that are taken and the next one.
  return started.immediate()
}

function runToResume(db: Store, { suite, casesHash, target }: OpenedSuite, start: Start): EvalRun | undefined {
  if (start.isFresh) return undefined
  const checksHash = hashOf(start.checks.map(({ use }) => use))
  const last = readRuns(db).findLast(
    (run) =>
      run.suite === suite.id &&
      run.casesHash === casesHash &&
      run.targetHash === target.hash &&
      run.repeats === start.repeats &&
      hashOf(run.checks) === checksHash,
  )
  return last?.finishedMs === undefined || start.retriesErrors ? last : undefined
}

function beginRun(db: Store, { suite, cases, casesHash, target }: OpenedSuite, start: Start): EvalRun {
  const run: EvalRun = {
    id: nextRunId(readRuns(db), suite.id),
    suite: suite.id,
    startedMs: start.nowMs(),
    target: target.name,
    targetHash: target.hash,
    ...(target.prompt !== undefined && { prompt: target.prompt }),
    ...(target.release !== undefined && { release: target.release }),
    casesHash,
    cases: cases.length,
    repeats: start.repeats,
    checks: start.checks.map(({ use }) => use),
    notes: [],
  }
  saveRun(db, run)
  keepCases(db, run.id, { cases, applyText: start.applyText })
  return run
}

/** Outputs whose every check has a result. */
function doneIn(results: readonly RunResult[], { checks, retriesErrors }: Start): Set<string> {
  const counts = new Map<string, number>()
  for (const { caseId, repeat, outcome } of results) {
    const key = placeKey(caseId, repeat)
    if (!retriesErrors || outcome !== 'error') counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count >= checks.length).map(([key]) => key))
}

function keptIn(db: Store, run: string): { spentUsd: number; made: Map<string, MadeOutput> } {
  let spentUsd = 0
  const made = new Map<string, MadeOutput>()
  for (const [caseId, repeat, kept] of readRunOutputs(db, run)) {
    spentUsd += costOfKept(kept)
    const output = madeOutput(kept)
    if (output !== undefined) made.set(placeKey(caseId, repeat), output)
  }
  return { spentUsd, made }
}

function placesLeft(
  cases: readonly Case[],
  repeats: number,
  { done, made }: { done: ReadonlySet<string>; made: ReadonlyMap<string, MadeOutput> },
): Place[] {
  const left: Place[] = []
  for (let repeat = 1; repeat <= repeats; repeat += 1)
    for (const given of cases) {
      const key = placeKey(given.id, repeat)
      if (!done.has(key)) left.push({ given, repeat, made: made.get(key) })
    }
  return left
}
