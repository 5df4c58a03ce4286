import type { RequiredFields } from './capture.js'
import { completionOf, usualRule } from './completed.js'
import { type CompletionReader, completedTally } from './completed-tally.js'
import { costTally, usageTally } from './cost-tally.js'
import type { RunTally } from './evidence.js'
import { groupTally } from './groups.js'
import { metadataTally } from './metadata.js'
import type { Pricer } from './prices.js'
import { promptTally } from './prompts.js'
import type { SameInput } from './retries.js'
import { type Run, readRun } from './run.js'
import { fieldTally, outcomeTally, repeatTally, rootTally, stepTally, workflowTally } from './run-counts.js'
import { entrySpans, isInWindow, type Match, selectedRoot, startOf, type Window } from './select.js'
import { readStructure, type TraceStructure } from './structure.js'
import type { Trace } from './trace.js'

export interface TallyOptions {
  match: Match
  /** All times when absent. */
  window?: Window | undefined
  required: RequiredFields
  price: Pricer
  sameInput: SameInput
  /** The traces that have a score. */
  scored: { has(traceId: string): boolean }
  /** By the usual rule when absent. */
  completion?: CompletionReader | undefined
  /** Sees every run that is counted. */
  onRun?: ((run: Run) => void) | undefined
}

/** What can be counted of runs, apart from each other. */
const tallies = {
  outcomes: ({ scored }: TallyOptions) => outcomeTally(scored),
  workflows: workflowTally,
  repeats: ({ sameInput }: TallyOptions) => repeatTally(sameInput),
  usage: usageTally,
  costs: costTally,
  tasks: ({ completion }: TallyOptions) => taskTally(completion ?? usualCompletion),
  steps: stepTally,
  capture: ({ required }: TallyOptions) => fieldTally(required),
  prompts: promptTally,
  groups: groupTally,
  metadata: metadataTally,
}

export type Part = keyof typeof tallies
type ResultOf<P extends Part> = P extends Part ? ReturnType<ReturnType<(typeof tallies)[P]>['result']> : never
type Together<T> = (T extends unknown ? (each: T) => void : never) extends (all: infer All) => void ? All : never

/** What these parts say together of the runs. */
export type TallyOf<P extends Part> = Together<ResultOf<P>>

/** Counts the runs of one platform in one pass; what is kept of a trace is numbers, and ten examples of each sort. */
export function tallyRuns(traces: Iterable<Trace>, options: TallyOptions): RunTally {
  const roots = rootTally()
  let outsideWindow = 0
  const counted = tallyParts(traces, options, {
    parts: Object.keys(tallies) as Part[],
    onTrace: (structure, { isInside, isSelected }) => {
      roots.add(entrySpans(structure), isSelected)
      if (!isInside) outsideWindow += 1
    },
  })
  return { outsideWindow, ...roots.result(), ...counted }
}

/** As `tallyRuns`, of these parts alone: what is not asked for takes no time. */
export function tallyParts<P extends Part>(
  traces: Iterable<Trace>,
  options: TallyOptions,
  {
    parts,
    onTrace,
  }: {
    parts: readonly P[]
    onTrace?: (structure: TraceStructure, found: { isInside: boolean; isSelected: boolean }) => void
  },
): TallyOf<P> {
  const adding = parts.map((part) => tallies[part](options))
  for (const trace of traces) {
    const isInside = isInWindow(startOf(trace), options.window)
    if (!isInside && onTrace === undefined) continue
    const structure = readStructure(trace)
    const root = isInside ? selectedRoot(trace, structure, options.match) : undefined
    onTrace?.(structure, { isInside, isSelected: root !== undefined })
    if (root === undefined) continue
    const run = readRun(trace, structure, root, options.price)
    for (const part of adding) part.add(run)
    options.onRun?.(run)
  }
  return Object.assign({}, ...adding.map((part) => part.result())) as TallyOf<P>
}

/** Asks nothing of what was said of a run. */
const usualCompletion: CompletionReader = {
  rule: usualRule,
  of: (run) => completionOf(run, { scores: [], feedback: undefined }, usualRule),
}

function taskTally(completion: CompletionReader) {
  const { add, result } = completedTally(completion)
  return { add, result: () => ({ costPerTask: result() }) }
}
