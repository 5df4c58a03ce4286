import type { Closing } from '../core/closing.js'
import type { Decision } from '../core/decision.js'
import type { Row, Scorecard } from '../core/scorecard.js'
import { formatTarget } from '../core/target.js'
import { formatCount } from './number.js'
import type { Section } from './section.js'
import { type Place, verdictSentences } from './verdict-text.js'

/** The decision of one candidate: the strongest reasons, what would flip it, who answers for what is open, and what follows. */
export function decisionSection(scorecard: Scorecard, decision: Decision): Section {
  const when = scorecard.final ? '' : ' so far'
  const { platform, reasons, musts } = decision
  const closing = scorecard.closings.find((one) => one.platform === platform)
  const why =
    decision.decision === 'adopt' ? `each of ${musts} musts is met` : `${reasons.length} of ${musts} musts not met`
  return {
    title: `Decision${when} on ${platform}: ${decision.decision}, ${why}`,
    lines: closing === undefined ? [] : closingLines(scorecard, decision, closing),
  }
}

function closingLines(scorecard: Scorecard, decision: Decision, closing: Closing): string[] {
  const rows = scorecard.lines.flatMap((line) => line.rows)
  const titles = (ids: readonly string[]) => ids.map((id) => rows.find((row) => row.id === id)?.title ?? id).join(', ')
  return [
    ...verdictSentences(placesOf(rows, closing.platform, closing.reasons)),
    ...(closing.more > 0 ? [`and ${formatCount(closing.more)} more: pilot scorecard --explain`] : []),
    ...waiverLines(scorecard, decision, titles),
    `Would flip it: ${flipText(decision, closing, titles)}`,
    ...(closing.gaps.length > 0 ? [`The next platform has to show: ${gapText(rows, closing.gaps)}.`] : []),
    ...(decision.decision === 'adopt' ? followLines(scorecard) : []),
  ]
}

/** A waiver stands beside its criterion, and changes nothing else. */
function waiverLines(
  { review }: Scorecard,
  { decision, reasons }: Decision,
  titles: (ids: readonly string[]) => string,
): string[] {
  if (decision === 'adopt') return []
  return review.waivers
    .filter(({ criterion }) => reasons.includes(criterion))
    .map(({ criterion, by, reason }) => `${titles([criterion])}: waived by ${by}, ${reason}. The verdict stands.`)
}

function flipText({ decision }: Decision, { flip }: Closing, titles: (ids: readonly string[]) => string): string {
  if (decision === 'reject') return `each of these met: ${titles(flip)}.`
  if (decision === 'extend') return `evidence on ${titles(flip)}: all met adopts, one missed rejects.`
  return `${titles(flip)}, the must nearest to its target, missed.`
}

function gapText(rows: readonly Row[], gaps: readonly string[]): string {
  return gaps
    .flatMap((id) => rows.filter((row) => row.id === id))
    .map(({ title, target, unit }) => (target === undefined ? title : `${title} ${formatTarget(target, unit)}`))
    .join('; ')
}

function followLines({ review: { owners, next_workflows: workflows } }: Scorecard): string[] {
  const named = owners.map(({ what, who }) => `${what}: ${who}`).join('; ')
  return [
    `Owners: ${named || 'not named yet (review.owners in pilot.yaml)'}.`,
    `Next workflows: ${workflows.join(', ') || 'not named yet (review.next_workflows in pilot.yaml)'}.`,
  ]
}

/** The last line of a scorecard: every decision, and the command that brings the next evidence. */
export function conclusion(scorecard: Scorecard): string {
  const decisions = scorecard.decisions.map(({ platform, decision }) => `${platform} ${decision}`).join(', ')
  return `Decision${scorecard.final ? '' : ' so far'}: ${decisions}. Next: ${nextCommand(scorecard)}`
}

/** The command for the first reason that a command of this version can settle. */
function nextCommand({ lines, decisions, final }: Scorecard): string {
  const rows = lines.flatMap((line) => line.rows)
  for (const [, { measurement }] of decisions.flatMap(({ platform, reasons }) => placesOf(rows, platform, reasons))) {
    if (!measurement.measured && measurement.next !== undefined) return measurement.next
  }
  return final ? 'pilot review' : 'pilot scorecard --explain'
}

/** Criteria on a platform, in the order of their ids. */
function placesOf(rows: readonly Row[], platform: string, ids: readonly string[]): Place[] {
  return ids.flatMap((id) => {
    const row = rows.find((one) => one.id === id)
    const cell = row?.cells.find((one) => one.platform === platform)
    return row === undefined || cell === undefined ? [] : [[row, cell] as const]
  })
}
