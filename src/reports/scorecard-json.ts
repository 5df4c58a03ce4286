import type { Scorecard } from '../core/scorecard.js'
import { formatJson } from './json.js'

/** The scorecard as data, unrounded. An interface: fields are added, never renamed. */
export function formatScorecardJson(scorecard: Scorecard): string {
  return formatJson({ schemaVersion: 1, ...scorecard })
}
