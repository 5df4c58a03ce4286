import type { Scorecard } from '../core/scorecard.js'
import { conclusion, decisionSection } from './decision-text.js'
import { scorecardSections, scorecardSubtitle, scorecardTitle } from './scorecard-sections.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { visible } from './text.js'

/** The scorecard for a terminal; its last line is the decision and the next command. */
export function formatScorecard(scorecard: Scorecard, options: TerminalOptions): string {
  const decisions = scorecard.decisions.map((decision) => decisionSection(scorecard, decision))
  const sections = [...scorecardSections(scorecard), ...decisions]
  return [
    options.color.bold(visible(scorecardTitle(scorecard))),
    visible(scorecardSubtitle(scorecard)),
    '',
    ...sections.flatMap((section) => [...formatSection(section, options), '']),
    options.color.bold(visible(conclusion(scorecard))),
    '',
  ].join('\n')
}
