import type { Scorecard } from '../core/scorecard.js'
import { conclusion, decisionSection } from './decision-text.js'
import { scorecardSections, scorecardSubtitle, scorecardTitle } from './scorecard-sections.js'
import type { Section, SectionTable } from './section.js'
import { visible } from './text.js'

/** The scorecard for the meeting, in Markdown, decisions first. Untrusted text stays text: no markup, link or image of it survives. */
export function formatScorecardMarkdown(scorecard: Scorecard): string {
  const decisions = scorecard.decisions.map((decision) => decisionSection(scorecard, decision))
  const parts = [
    `# ${markdown(scorecardTitle(scorecard))}`,
    markdown(scorecardSubtitle(scorecard)),
    ...[...decisions, ...scorecardSections(scorecard)].flatMap(sectionMarkdown),
    `**${markdown(conclusion(scorecard))}**`,
  ]
  return `${parts.join('\n\n')}\n`
}

/** One section as parts of a Markdown document. */
export function sectionMarkdown({ title, table, lines = [] }: Section): string[] {
  return [
    `## ${markdown(title)}`,
    ...(table === undefined || table.rows.length === 0 ? [] : [markdownTable(table)]),
    ...(lines.length === 0 ? [] : [lines.map((line) => `- ${markdown(line)}`).join('\n')]),
  ]
}

function markdownTable({ head, align, rows }: SectionTable): string {
  const rule = [...align].map((letter) => (letter === 'r' ? '--:' : ':--'))
  const cells = rows.map((row) =>
    row.length === 1
      ? [`**${markdown(row[0] ?? '')}**`, ...Array<string>(head.length - 1).fill('')]
      : row.map((text) => markdown(text.trim())),
  )
  return [head.map(markdown), rule, ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** Text that shows in Markdown as it is: markup characters escaped, HTML as entities, bare addresses not linked. */
export function markdown(text: string): string {
  return visible(text)
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?<=\w):(?=\/\/)|(?<=www)\./gi, (char) => `&#${char.charCodeAt(0)};`)
}
