import { type Change, changeLabel } from './changes.js'
import type { VersionRun } from './release-run.js'
import { windowsOf } from './windows.js'

/** A change with the production runs in the windows around it. */
export interface ListedChange {
  change: Change
  label: string
  runs: { before: number; after: number }
}

/** Every change in order of time. */
export function listChanges(runs: readonly VersionRun[], changes: readonly Change[], windowMs: number): ListedChange[] {
  const production = runs.filter(({ origin }) => origin === 'production')
  const starts = Float64Array.from(production, ({ startMs }) => startMs).sort()
  return changes.map((change) => {
    const { before, after } = windowsOf(change, windowMs)
    const [first, middle, last] = [before.startMs, after.startMs, after.endMs].map((ms) => countBelow(starts, ms))
    return { change, label: changeLabel(change), runs: { before: middle! - first!, after: last! - middle! } }
  })
}

/** How many of ascending values are below the limit, by bisection. */
function countBelow(values: Float64Array, limit: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}
