import type { Completion } from '../completed.js'
import type { TraceResult } from '../eval/run.js'
import type { RepeatBasis, Repeats } from '../retries.js'
import type { Run } from '../run.js'
import type { Feedback, Score, SpanContent } from '../span.js'
import type { TraceSpan } from '../trace.js'

/** A run as the questions look at it: its columns, and what is joined to it. No text. */
export interface AskedRun {
  run: Run
  /** A score or feedback is joined to it. */
  isJudged: boolean
  /** Its scores and checks: none, some, or one that an offline eval run has too. */
  evaluated: 'no' | 'yes' | 'comparable'
  completion: Completion
}

/** What one run lacks, by attribute. Where `missing` is empty the run answers the question; `lacks` says what its answer is poorer for. */
export interface Reading {
  missing: readonly string[]
  lacks: readonly string[]
}

/** A run with all that is stored of it. */
export interface OpenedRun extends AskedRun {
  contents: ReadonlyMap<string, SpanContent>
  repeats: Record<RepeatBasis, Repeats>
  feedback: readonly Feedback[]
  scores: readonly Score[]
  /** Results of eval runs on its output. */
  evals: readonly TraceResult[]
}

/** One part of an answer, and where it was read. */
export interface Fact {
  /** Untrusted text may stand in it. */
  text: string
  /** Undefined: it belongs to the run as a whole. */
  span?: TraceSpan
  attributes: readonly string[]
}

/** A production question as a query over runs. */
export interface ProductionQuestion {
  id: string
  name: string
  /** Of the query: another number means another rule, so that two results do not compare. */
  version: number
  text: string
  /** What a run needs for the question to be answerable of it. */
  rule: string
  /** The command that tells more. */
  more: string
  read(asked: AskedRun): Reading
  answer(opened: OpenedRun): Fact[]
  /**
   * Of a question about a change: what the run states of prompt and release, by what changes. Runs on one side alone answer
   * nothing.
   */
  sides?(asked: AskedRun): readonly [what: string, value: string][]
}

/** True for a value that says something. */
export function isStated(value: string | undefined): value is string {
  return value !== undefined && value !== ''
}

/** The model call that answered last, else the last that was tried; undefined where there is none. */
export function answeringCall({ calls }: Run): TraceSpan | undefined {
  return calls.findLast(({ status }) => status !== 'error') ?? calls.at(-1)
}
