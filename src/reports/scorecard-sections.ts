import type { Measurement, Target, Unit } from '../core/measurement.js'
import type { Cell, Row, Scorecard } from '../core/scorecard.js'
import { formatTarget } from '../core/target.js'
import { questionSection } from './ask-section.js'
import { findingText } from './finding-text.js'
import { meetingSections } from './meeting-sections.js'
import { formatCount, formatDay, formatValue, nothing } from './number.js'
import type { Section } from './section.js'
import { boundsText, type Place, verdictSentences } from './verdict-text.js'

/** `Pilot support-answer: scorecard so far`. */
export function scorecardTitle({ pilot, final }: Scorecard): string {
  return `Pilot ${pilot.name}: scorecard${final ? '' : ' so far'}`
}

/** Window, date and lock in one line. */
export function scorecardSubtitle({ pilot, madeAtMs }: Scorecard): string {
  const locked =
    pilot.lockedAtMs === undefined ? 'criteria not locked' : `criteria locked ${formatDay(pilot.lockedAtMs)}`
  return `${pilot.start} to ${pilot.end} (UTC), made ${formatDay(madeAtMs)}, ${locked}`
}

/** What every human-readable scorecard shows beside its decisions, in order; sections without content are left out. */
export function scorecardSections(scorecard: Scorecard): Section[] {
  const sections = [
    ...scorecard.decisions.map(({ platform }) => resultSection(scorecard, platform)),
    amendedSection(scorecard),
    purgedSection(scorecard),
    questionSection(scorecard.questions),
    ...findingSections(scorecard),
    ...meetingSections(scorecard),
  ]
  return sections.filter(({ table, lines }) => (table?.rows.length ?? 0) + (lines?.length ?? 0) > 0)
}

/** All lines of one candidate beside the baseline, and why each line that is no must is not met. */
function resultSection({ platforms, lines }: Scorecard, candidate: string): Section {
  const baseline = platforms.find(({ role }) => role === 'baseline')?.id
  const rows = lines.flatMap(({ line, rows }) => [
    [line.charAt(0).toUpperCase() + line.slice(1)],
    ...rows.map((row) => resultRow(row, candidate, baseline)),
  ])
  const open = lines
    .flatMap((line) => line.rows)
    .filter(({ target, must }) => target !== undefined && !must)
    .flatMap((row): Place[] => row.cells.filter(isOpen(candidate)).map((cell) => [row, cell]))
  const head = ['criterion', 'verdict', 'value', 'n', '95 % CI', 'target', 'must']
  return {
    title: candidate,
    table: {
      head: baseline === undefined ? head : [...head, baseline],
      align: baseline === undefined ? 'llrrrrl' : 'llrrrrlr',
      rows,
    },
    lines: verdictSentences(open),
  }
}

function resultRow(row: Row, candidate: string, baseline: string | undefined): string[] {
  const cell = cellOn(row, candidate)
  const target = row.target === undefined ? nothing : formatTarget(row.target, row.unit)
  const cells = [`  ${row.title}`, verdictText(cell), ...numbers(cell?.measurement), target, row.must ? 'must' : '']
  if (baseline === undefined) return cells
  const beside = cellOn(row, baseline)?.measurement
  return [...cells, beside === undefined ? nothing : formatValue(beside)]
}

/** `—` for a line that is not a criterion of this pilot. */
function verdictText(cell: Cell | undefined): string {
  return cell?.judgement?.verdict ?? nothing
}

function numbers(measurement: Measurement | undefined): string[] {
  if (!measurement?.measured) return [nothing, nothing, nothing]
  const { n, unit, interval } = measurement
  return [formatValue(measurement), formatCount(n), boundsText(unit, interval) ?? nothing]
}

function isOpen(candidate: string) {
  return ({ platform, judgement }: Cell) => platform === candidate && judgement?.verdict !== 'met'
}

function cellOn(row: Row, platform: string): Cell | undefined {
  return row.cells.find((cell) => cell.platform === platform)
}

/** Every term that is not as it was locked, with its reason; of a criterion the old and the new verdict. */
function amendedSection({ amended, changedTerms }: Scorecard): Section {
  const criteria = amended.map(({ title, unit, before, after, reason, verdicts }) => {
    const verdict = verdicts.map((each) => {
      const [old, now] = [each.before?.verdict ?? 'no criterion', each.after?.verdict ?? 'no criterion']
      return `${each.platform} ${old} then, ${now} now`
    })
    return [
      `${title}: was ${termText(before, unit)}, is ${termText(after, unit)}`,
      ...verdict,
      reasonText(reason),
    ].join('; ')
  })
  const others = changedTerms.map(({ id, was, now, reason }) => {
    return `${id}: was ${was ?? 'not there'}, is ${now ?? 'not there'}; ${reasonText(reason)}`
  })
  return { title: 'Amended since the lock', lines: [...criteria, ...others] }
}

/** What was taken out for good, since a verdict may hang on it. */
function purgedSection({ purged }: Scorecard): Section {
  const lines = purged.map(({ platform, timeMs, traces, isRestored }) => {
    if (isRestored) return `${platform}: some of what was purged was brought back on ${formatDay(timeMs)}`
    const many = traces === null ? 'fewer than 5 traces' : `${formatCount(traces)} ${traces === 1 ? 'trace' : 'traces'}`
    return `${platform}: ${many} purged on ${formatDay(timeMs)}`
  })
  return { title: 'Purged: all figures are of what is left', lines }
}

function termText(term: { target: Target; must: boolean } | undefined, unit: Unit): string {
  if (term === undefined) return 'no criterion'
  return `${formatTarget(term.target, unit)}${term.must ? ', must' : ''}`
}

function reasonText(reason: string | undefined): string {
  return reason === undefined ? 'amended without reason' : `reason: ${reason}`
}

function findingSections({ findings }: Scorecard): Section[] {
  return findings.map((each) => ({
    title: `What stands out in ${each.platform}`,
    lines: each.findings.map(findingText),
  }))
}
