import { PilotError } from '../core/errors.js'
import type { Row, Scorecard } from '../core/scorecard.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { verdictSentences } from './verdict-text.js'

/**
 * How each number was got: method, rule and examples by id, for every criterion and platform, or for one criterion.
 * Throws `PilotError` if no criterion has this id.
 */
export function formatExplanation(scorecard: Scorecard, options: TerminalOptions, id?: string): string {
  const all = scorecard.lines.flatMap((line) => line.rows)
  const rows = all.filter((row) => id === undefined || row.id === id)
  if (rows.length === 0) {
    throw new PilotError('No criterion has this id.', { hint: `Known: ${all.map((row) => row.id).join(', ')}` })
  }
  return rows.flatMap((row) => explained(row, options)).join('\n')
}

function explained(row: Row, options: TerminalOptions): string[] {
  return row.cells.flatMap((cell) => {
    const query = row.query === undefined ? [] : [`query: ${row.query}`]
    const lines = [...verdictSentences([[row, cell]]), ...(cell.measurement.evidence ?? []), ...query]
    return [...formatSection({ title: `${row.id} on ${cell.platform}`, lines }, options), '']
  })
}
