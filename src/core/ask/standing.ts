import type { Evidence } from '../evidence.js'
import { neededCount, wilson } from '../stats/proportion.js'
import type { QuestionTally } from './tally.js'

/** The share of runs that must answer a question, with its whole interval, before it is answerable. */
const answerableFrom = 0.95

export type Answerability = 'answerable' | 'partly' | 'not' | 'not measured'

/** What a person says of a platform whose runs nobody exported. */
export interface Said {
  value: SaidValue
  by: string
  timeMs: number | undefined
  evidence: string | undefined
}

export const saidValues = ['yes', 'partly', 'no'] as const
export type SaidValue = (typeof saidValues)[number]

/** The item of the label in which what a person said of a question is stored. */
export function saidItem(question: string): string {
  return `question:${question}`
}

/** True for the item of such a label: it judges no output. */
export function isSaidItem(item: string): boolean {
  return item.startsWith('question:')
}

/** One question on one platform. */
export interface QuestionStanding extends QuestionTally {
  state: Answerability
  /** 95 %, Wilson; undefined of no run. */
  interval: { low: number; high: number } | undefined
  /** So few runs that not even all of them would make it answerable: from so many on they would. */
  neededRuns: number | undefined
  /** As people have recorded it, the latest first; shown where no run was measured. */
  said: Said[]
}

/** All questions on one platform. */
export interface PlatformAnswers {
  platform: string
  role: Evidence['role']
  runs: number
  questions: QuestionStanding[]
}

/** How a question stands, by the interval of the share of runs that answer it. */
export function standingOf(tally: QuestionTally, said: readonly Said[]): QuestionStanding {
  const { x, n } = tally.share
  const interval = n === 0 ? undefined : wilson(x, n)
  return {
    ...tally,
    state: stateOf(x, interval),
    interval,
    neededRuns: n > 0 && neededCount(n, answerableFrom) === undefined ? fewestRuns() : undefined,
    said: [...said].sort((a, b) => (b.timeMs ?? 0) - (a.timeMs ?? 0) || (a.by < b.by ? -1 : 1)),
  }
}

function stateOf(x: number, interval: { low: number } | undefined): Answerability {
  if (interval === undefined) return 'not measured'
  if (interval.low >= answerableFrom) return 'answerable'
  return x === 0 ? 'not' : 'partly'
}

/** The fewest runs that make a question answerable if every one answers it. */
function fewestRuns(): number {
  let n = 1
  while (wilson(n, n).low < answerableFrom) n += 1
  return n
}
