import type { CheckResult } from './result.js'

/** A check as a run used it. */
export interface RunCheck {
  id: string
  /** Its kind; unknown where another runner made the results. */
  check?: string
  /** Of its kind, settings, and judge: two results compare only where this is equal. */
  hash: string
  /** Whether a release is held against it. */
  gate: boolean
  /** The hash of the judge that it asks. */
  judge?: { id: string; hash: string }
}

/** One run of a suite: what it was made of, at one time. */
export interface EvalRun {
  id: string
  suite: string
  startedMs: number
  /** Undefined while it is not whole. */
  finishedMs?: number
  /** What made the outputs, in words: `recorded`, `node answer.mjs`, `gpt-4.1 at …`. */
  target: string
  /** Of what decides an output, as far as pilot.yaml says it: the words of the command, endpoint, model, settings, text of the prompt. */
  targetHash: string
  /** `name@version` where all outputs are of one. */
  prompt?: string
  release?: string
  /** Of the ids, inputs and references of all cases. */
  casesHash: string
  cases: number
  repeats: number
  checks: RunCheck[]
  /** The other runner whose results these are. */
  importedFrom?: string
  /** How the run was made, where that matters to its reader: `--force` … */
  notes: string[]
}

/** What a run keeps of a case: no text. */
export interface RunCase {
  id: string
  /** Of its inputs and reference. */
  hash: string
  tags: string[]
  cluster?: string
  /** The trace it was made from. */
  trace?: { platform: string; traceId: string }
}

/** A result at its place. */
export interface RunResult extends CheckResult {
  caseId: string
  /** From 1. */
  repeat: number
  check: string
}

/** A result of an eval run on a recorded trace. */
export interface TraceResult extends RunResult {
  run: string
}

/** The id of the next run of a suite: `<suite>-<n>`, n one more than it has runs, or the next that is free. */
export function nextRunId(runs: readonly Pick<EvalRun, 'id' | 'suite'>[], suite: string): string {
  const taken = new Set(runs.map(({ id }) => id))
  let n = 1 + runs.filter((run) => run.suite === suite).length
  while (taken.has(`${suite}-${n}`)) n += 1
  return `${suite}-${n}`
}

/** The key of an output inside its run. */
export function placeKey(caseId: string, repeat: number): string {
  return JSON.stringify([caseId, repeat])
}
