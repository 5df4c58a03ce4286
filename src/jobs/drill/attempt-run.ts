import { randomUUID } from 'node:crypto'
import type { Attempt, AttemptEvent } from '../../core/drill/attempt.js'
import type { DrillPack } from '../../core/drill/pack.js'
import { type Clock, createClock } from './clock.js'
import type { Journal } from './journal.js'

/** One incident on one arm, as it is put before an engineer. */
export interface DrillTask {
  incident: string
  arm: string
  complaint: string[]
}

/** An attempt that is being made: its clock, its answers, and what writes it down. */
export interface AttemptRun {
  clock: Clock
  answers: Map<string, string[]>
  leftMs(): number
  note(event: Pick<AttemptEvent, 'event' | 'question' | 'answer' | 'tools' | 'outcome'>): void
  /** Writes the clock down every few seconds, so that a crash costs no more than those. */
  tick(): void
}

const tickMs = 5000

/** Starts an attempt, or goes on with one that was interrupted. */
export function openAttempt(
  { pack, engineer, journal, nowMs }: { pack: DrillPack; engineer: string; journal: Journal; nowMs(): number },
  { incident, arm }: DrillTask,
  unfinished: Attempt | undefined,
): AttemptRun {
  const clock = createClock(unfinished?.elapsedMs ?? 0)
  const attempt = unfinished?.id ?? randomUUID()
  let seq = journal.events.filter((event) => event.attempt === attempt).length
  let writtenMs = clock.elapsedMs()
  const note: AttemptRun['note'] = (event) => {
    writtenMs = clock.elapsedMs()
    journal.add({
      attempt,
      seq,
      drill: pack.drill,
      incident,
      arm,
      engineer,
      atMs: nowMs(),
      elapsedMs: writtenMs,
      ...event,
    })
    seq += 1
  }
  note({ event: unfinished === undefined ? 'start' : 'resume' })
  return {
    clock,
    answers: new Map([...(unfinished?.answers ?? [])].map(([question, { answer }]) => [question, answer])),
    leftMs: () => pack.timeboxMs - clock.elapsedMs(),
    note,
    tick: () => {
      if (clock.elapsedMs() - writtenMs >= tickMs) note({ event: 'tick' })
    },
  }
}
