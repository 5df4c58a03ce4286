import type { Share } from '../evidence.js'
import { addCase, emptyShare } from '../sample.js'
import type { AskedRun, ProductionQuestion } from './question.js'

/** An attribute that runs lack. */
export interface Lacking {
  attribute: string
  runs: number
  /** Trace ids, at most three. */
  examples: string[]
}

/** How far the runs of one platform answer one question. */
export interface QuestionTally {
  id: string
  name: string
  version: number
  /** Runs that answer it; none where `noChange`. */
  share: Share
  /** What the other runs lack, the most frequent first. */
  missing: Lacking[]
  /** What runs lack that answer it all the same, but in less. */
  lacks: Lacking[]
  /** True where a question about a change has runs on one side of it alone. */
  noChange: boolean
}

/** Asks every question of runs that are added one by one. */
export function questionTally(questions: readonly ProductionQuestion[]) {
  const tallies = questions.map((question) => ({ question, tally: tallyOf(question) }))
  return {
    add(asked: AskedRun): void {
      for (const { tally } of tallies) tally.add(asked)
    },
    result: (): QuestionTally[] => tallies.map(({ tally }) => tally.result()),
  }
}

function tallyOf(question: ProductionQuestion) {
  const { id, name, version, sides } = question
  const share = emptyShare()
  const [missing, lacks] = [new Map<string, Lacking>(), new Map<string, Lacking>()]
  /** Two values say that there was a change; more are not kept. */
  const values = new Map<string, Set<string>>()
  const noChange = () => sides !== undefined && share.x > 0 && ![...values.values()].some(({ size }) => size > 1)
  return {
    add(asked: AskedRun): void {
      const reading = question.read(asked)
      const isAnswerable = reading.missing.length === 0
      addCase(share, isAnswerable)
      count(missing, reading.missing, asked)
      if (!isAnswerable) return
      count(lacks, reading.lacks, asked)
      for (const [what, value] of sides?.(asked) ?? []) {
        const known = values.get(what) ?? new Set()
        if (known.size < 2 && values.size < mostChanging) values.set(what, known.add(value))
      }
    },
    result: (): QuestionTally => ({
      ...{ id, name, version },
      share: noChange() ? { x: 0, n: share.n } : share,
      missing: byFrequency(missing),
      lacks: byFrequency(lacks),
      noChange: noChange(),
    }),
  }
}

/** Names of prompts come from exports: as many as these are enough to see that one changed. */
const mostChanging = 1_000

function count(lacking: Map<string, Lacking>, attributes: readonly string[], { run }: AskedRun): void {
  for (const attribute of attributes) {
    const entry = lacking.get(attribute) ?? { attribute, runs: 0, examples: [] }
    entry.runs += 1
    if (entry.examples.length < 3) entry.examples.push(run.trace.traceId)
    lacking.set(attribute, entry)
  }
}

function byFrequency(lacking: ReadonlyMap<string, Lacking>): Lacking[] {
  return [...lacking.values()].sort((a, b) => b.runs - a.runs)
}
