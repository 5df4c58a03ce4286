import type { Sample, Share } from './evidence.js'

/** A sample of nothing yet. */
export function emptySample(): Sample {
  return { values: [], unknown: 0 }
}

/** Adds one value, or one that is unknown, in place: one pass adds millions. */
export function addValue(sample: Sample, value: number | undefined): void {
  if (value === undefined) sample.unknown += 1
  else sample.values.push(value)
}

/** None of none yet. */
export function emptyShare(): Share {
  return { x: 0, n: 0 }
}

/** Counts one more, in place, and whether the condition held. */
export function addCase(share: Share, holds: boolean): void {
  share.n += 1
  if (holds) share.x += 1
}
