import type { Cell, Row, Scorecard } from '../core/scorecard.js'
import { formatTarget } from '../core/target.js'
import { decisionSection } from './decision-text.js'
import { formatCount, formatDay } from './number.js'
import { markdown, sectionMarkdown } from './scorecard-markdown.js'
import { scorecardSections, scorecardSubtitle } from './scorecard-sections.js'
import type { Section } from './section.js'
import { accessText } from './security.js'
import { verdictSentences } from './verdict-text.js'

/** The minutes of the final review, in Markdown: decisions, the eight lines with their evidence, waivers, amendments, purges, sources. */
export function formatReview(card: Scorecard): string {
  const sections = [
    attendeeSection(card),
    ...card.decisions.map((decision) => decisionSection(card, decision)),
    ...card.lines.filter(({ rows }) => rows.length > 0).map(({ line, rows }) => lineSection(line, rows)),
    waiverSection(card),
    securitySection(card),
    ...scorecardSections(card).filter(({ title }) => /^(?:Amended|Purged)/.test(title)),
    sourceSection(card),
  ]
  const filled = sections.filter(({ table, lines }) => (table?.rows.length ?? 0) + (lines?.length ?? 0) > 0)
  const parts = [
    `# ${markdown(`Review of ${card.pilot.name}, ${formatDay(card.madeAtMs)}${card.final ? '' : ' (so far)'}`)}`,
    markdown(scorecardSubtitle(card)),
    ...filled.flatMap(sectionMarkdown),
  ]
  return `${parts.join('\n\n')}\n`
}

function attendeeSection({ review }: Scorecard): Section {
  return { title: 'Taking part', lines: review.attendees.map(({ name, role }) => `${name}, ${role}`) }
}

/** One of the eight lines: every criterion on every platform, and where its numbers come from. */
function lineSection(line: string, rows: readonly Row[]): Section {
  const lines = rows.flatMap((row) => [
    ...row.cells.flatMap((cell) =>
      verdictSentences([[row, cell]]).map((sentence) => `${cell.platform}: ${sentence}${mustText(row)}`),
    ),
    ...evidenceLines(row),
  ])
  return { title: line.charAt(0).toUpperCase() + line.slice(1), lines }
}

function mustText({ must, target, unit }: Row): string {
  if (target === undefined) return ' (no criterion of this pilot)'
  return must ? ` (a must, ${formatTarget(target, unit)})` : ''
}

function evidenceLines({ query, cells }: Row): string[] {
  const evidence = cells.flatMap(({ platform, measurement }: Cell) =>
    measurement.measured ? measurement.evidence.map((text) => `evidence on ${platform}: ${text}`) : [],
  )
  return [...evidence, ...(query === undefined || evidence.length === 0 ? [] : [`numbers: ${query}`])]
}

function waiverSection({ review, lines }: Scorecard): Section {
  const rows = lines.flatMap((line) => line.rows)
  return {
    title: 'Waivers',
    lines: review.waivers.map(
      ({ criterion, by, reason }) => `${rows.find(({ id }) => id === criterion)?.title ?? criterion}: ${by}. ${reason}`,
    ),
  }
}

function securitySection({ security, leaks }: Scorecard): Section {
  const signed = security?.sign_off
  const questions = (security?.questions ?? []).map(({ platform, question, answer, evidence, reviewer, why }) => [
    ...[platform, question, answer ?? '', evidence ?? '', reviewer ?? '', why ?? ''],
  ])
  return {
    title: 'Security',
    table: {
      head: ['platform', 'question', 'answer', 'evidence', 'accepted by', 'open'],
      align: 'llllll',
      rows: questions,
    },
    lines: [
      ...(signed ? [`signed off by ${signed.reviewer} on ${signed.date}: ${signed.evidence}`] : []),
      ...(security?.access ?? []).map(({ platform, ...row }) => `${platform}: ${accessText(row)}`),
      ...leaks.map(
        ({ platform, rule, spans }) => `${platform}: ${rule} in ${formatCount(spans)} spans before they were redacted`,
      ),
    ],
  }
}

function sourceSection({ sources }: Scorecard): Section {
  const rows = sources.map(({ platform, path, format, state, problems }) => [
    platform,
    path,
    format,
    state,
    formatCount(problems),
  ])
  return {
    title: 'Sources',
    table: { head: ['platform', 'file', 'format', 'state', 'problems'], align: 'llllr', rows },
  }
}
