import type { Decision } from '../core/decision.js'
import type { Scorecard } from '../core/scorecard.js'
import type { Section } from './section.js'
import { type Place, verdictSentences } from './verdict-text.js'

/** The decision of one candidate with its reasons; what would flip it stands in each of them. */
export function decisionSection(scorecard: Scorecard, decision: Decision): Section {
  const when = scorecard.final ? '' : ' so far'
  const { reasons, musts } = decision
  const why =
    decision.decision === 'adopt' ? `each of ${musts} musts is met` : `${reasons.length} of ${musts} musts not met`
  return {
    title: `Decision${when} on ${decision.platform}: ${decision.decision}, ${why}`,
    lines: verdictSentences(placesOf(scorecard, decision)),
  }
}

/** The last line of a scorecard: every decision, and the command that brings the next evidence. */
export function conclusion(scorecard: Scorecard): string {
  const decisions = scorecard.decisions.map(({ platform, decision }) => `${platform} ${decision}`).join(', ')
  return `Decision${scorecard.final ? '' : ' so far'}: ${decisions}. Next: ${nextCommand(scorecard)}`
}

/** The command for the first reason that a command of this version can settle. */
function nextCommand(scorecard: Scorecard): string {
  for (const [, { measurement }] of scorecard.decisions.flatMap((decision) => placesOf(scorecard, decision))) {
    if (!measurement.measured && measurement.next !== undefined && !measurement.later) return measurement.next
  }
  return scorecard.final ? 'pilot scorecard --markdown' : 'pilot scorecard --explain'
}

/** The criteria that decided, in the order of the reasons. */
function placesOf({ lines }: Scorecard, { platform, reasons }: Decision): Place[] {
  const rows = lines.flatMap((line) => line.rows)
  return reasons.flatMap((id) => {
    const row = rows.find((one) => one.id === id)
    const cell = row?.cells.find((one) => one.platform === platform)
    return row === undefined || cell === undefined ? [] : [[row, cell] as const]
  })
}
