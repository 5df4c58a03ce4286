import type { Window } from '../select.js'
import { type Change, isOfVersion } from './changes.js'
import type { ReleaseRun } from './release-run.js'

/** The runs on either side of a change, each in order of start. */
export interface Sides {
  before: ReleaseRun[]
  after: ReleaseRun[]
}

/** As long before a change as after it, epoch milliseconds. */
export function windowsOf({ timeMs }: Change, windowMs: number): { before: Window; after: Window } {
  return {
    before: { startMs: timeMs - windowMs, endMs: timeMs },
    after: { startMs: timeMs, endMs: timeMs + windowMs },
  }
}

/** Splits runs by their start: what begins at the very moment of the change comes after it. */
export function splitRuns(runs: readonly ReleaseRun[], change: Change, windowMs: number): Sides {
  const { before, after } = windowsOf(change, windowMs)
  const inside = ({ startMs, endMs }: Window) =>
    runs.filter((run) => run.startMs >= startMs && run.startMs < endMs).sort((a, b) => a.startMs - b.startMs)
  return { before: inside(before), after: inside(after) }
}

/** How many runs of each side name the version: a rollout is seldom done in a moment. */
export function countOfVersion({ before, after }: Sides, change: Change): { before: number; after: number } {
  const count = (runs: readonly ReleaseRun[]) => runs.filter((run) => isOfVersion(run, change)).length
  return { before: count(before), after: count(after) }
}

/**
 * Other changes inside either window: each of them may be the cause as well. A version that is there from the first run on
 * (epoch milliseconds) did not change then.
 */
export function confoundersOf(
  changes: readonly Change[],
  { change, windowMs, firstRunMs }: { change: Change; windowMs: number; firstRunMs: number },
): Change[] {
  const { before, after } = windowsOf(change, windowMs)
  return changes.filter(
    (each) =>
      each !== change &&
      each.timeMs >= before.startMs &&
      each.timeMs < after.endMs &&
      !(each.how === 'seen first' && each.timeMs === firstRunMs),
  )
}
