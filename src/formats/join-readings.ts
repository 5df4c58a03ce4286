import type { Reading } from './format.js'

/** All of `more` in `into`, which comes back. */
export function joinReadings(into: Reading, more: readonly Reading[]): Reading {
  for (const reading of more) {
    into.spans.push(...reading.spans)
    into.scores.push(...reading.scores)
    into.feedback.push(...reading.feedback)
    into.prompts.push(...reading.prompts)
    into.deleted.push(...reading.deleted)
    into.problems.push(...reading.problems)
    into.unexpected.push(...reading.unexpected)
    for (const reason of Object.keys(reading.skipped))
      into.skipped[reason] = (into.skipped[reason] ?? 0) + reading.skipped[reason]!
  }
  return into
}
