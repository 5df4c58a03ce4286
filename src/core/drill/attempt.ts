import type { OtherTool } from '../other-tools.js'

export const attemptEvents = ['start', 'tick', 'pause', 'resume', 'answer', 'tools', 'end', 'stated'] as const

/** What happens in an attempt, or, as `stated`, all of an attempt that was timed by hand. */
export interface AttemptEvent {
  attempt: string
  /** 0, 1, 2 … within the attempt: an event that comes twice is the same one. */
  seq: number
  event: (typeof attemptEvents)[number]
  /** Unknown where attempts were timed outside any drill of ours. */
  drill?: string
  incident?: string
  arm: string
  /** An alias. */
  engineer?: string
  /** Epoch milliseconds. */
  atMs?: number
  /** The clock of the attempt, without its pauses. */
  elapsedMs: number
  /** Of `answer`. */
  question?: string
  answer?: string[]
  /** Of `tools` and `stated`. */
  tools?: OtherTool[]
  /** Of `end` and `stated`. */
  outcome?: AttemptOutcome
  /** Of `stated`, where a person says so. */
  isDiagnosed?: boolean
  timeboxMs?: number
  answers?: Record<string, string[]>
}

export const attemptOutcomes = ['answered', 'gave up', 'time-box'] as const
export type AttemptOutcome = (typeof attemptOutcomes)[number]

/** One engineer's timed answers on one incident. */
export interface Attempt {
  id: string
  drill: string | undefined
  incident: string | undefined
  arm: string
  engineer: string | undefined
  /** Epoch milliseconds at which it began; unknown where it was timed by hand without a date. */
  startMs: number | undefined
  elapsedMs: number
  /** `open`: not ended yet. */
  outcome: AttemptOutcome | 'open'
  answers: Map<string, { answer: string[]; tookMs: number | undefined }>
  /** Undefined: nobody was asked yet. */
  tools: OtherTool[] | undefined
  pauses: number
  /** `stated` where a person held the watch. */
  clock: 'measured' | 'stated'
  /** What a person stated, where answers and key do not tell. */
  isDiagnosed: boolean | undefined
  timeboxMs: number | undefined
}

/** The attempts that events make, in the order of their first events. Events may come in any order, and more than once. */
export function foldAttempts(events: readonly AttemptEvent[]): Attempt[] {
  const groups = new Map<string, Map<number, AttemptEvent>>()
  for (const event of events) {
    const group = groups.get(event.attempt) ?? new Map<number, AttemptEvent>()
    groups.set(event.attempt, group.set(event.seq, event))
  }
  return [...groups.values()].map((group) => foldAttempt([...group.values()].sort((a, b) => a.seq - b.seq)))
}

function foldAttempt(events: readonly AttemptEvent[]): Attempt {
  const first = events[0]! // a group has at least one event
  const attempt: Attempt = {
    id: first.attempt,
    drill: first.drill,
    incident: first.incident,
    arm: first.arm,
    engineer: first.engineer,
    startMs: first.atMs,
    elapsedMs: 0,
    outcome: 'open',
    answers: new Map(),
    tools: undefined,
    pauses: 0,
    clock: 'measured',
    isDiagnosed: undefined,
    timeboxMs: undefined,
  }
  let answeredMs = 0
  for (const event of events) {
    attempt.elapsedMs = Math.max(attempt.elapsedMs, event.elapsedMs)
    if (event.event === 'pause') attempt.pauses += 1
    else if (event.event === 'answer' && event.question !== undefined) {
      // Who goes back to a question spends more time on it.
      const before = attempt.answers.get(event.question)?.tookMs ?? 0
      const tookMs = before + Math.max(0, event.elapsedMs - answeredMs)
      attempt.answers.set(event.question, { answer: event.answer ?? [], tookMs })
      answeredMs = event.elapsedMs
    } else if (event.event === 'tools') attempt.tools = event.tools
    else if (event.event === 'end') attempt.outcome = event.outcome ?? 'gave up'
    else if (event.event === 'stated') Object.assign(attempt, statedOf(event))
  }
  return attempt
}

function statedOf({
  outcome = 'gave up',
  isDiagnosed,
  timeboxMs,
  answers = {},
  tools,
}: AttemptEvent): Partial<Attempt> {
  const answered = Object.entries(answers).map(
    ([question, answer]) => [question, { answer, tookMs: undefined }] as const,
  )
  return { clock: 'stated', outcome, isDiagnosed, timeboxMs, tools, answers: new Map(answered) }
}
