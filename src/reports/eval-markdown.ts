import type { RunSummary } from '../core/eval/summarise.js'
import { commentText } from './comment-text.js'
import { type ComparedRuns, comparedSections } from './compare-runs.js'
import { runSections } from './eval-run.js'
import { verdictOfRuns } from './gate-verdicts.js'
import { formatCount, formatPercent, formatShare } from './number.js'
import type { Section } from './section.js'

/** GitHub takes 65,536 characters. */
const mostCharacters = 60_000
const shownCases = 10

/** Lines that may be cut off after any of them; `end` stands below them all the same. */
interface Block {
  lines: string[]
  end?: string
}

/** Runs as a comment on a pull request: its first line is a marker by which a bot finds the comment to replace. Cases by their ids alone. */
export function formatRunsMarkdown(
  runs: readonly { summary: RunSummary; gates: ReadonlyMap<string, string> }[],
): string {
  const suites = [...new Set(runs.map(({ summary }) => summary.run.suite))]
  return fitted(
    markerOf(suites),
    runs.flatMap(({ summary, gates }) => [
      { lines: [`### Eval ${runTitle(summary)}`] },
      ...sectionBlocks(runSections(summary, { gates, everyCase: false })[0]),
      ...folded('Cases that did not pass', summary.checks.flatMap(notPassedLine)),
    ]),
  )
}

/** A comparison as such a comment. */
export function formatComparisonMarkdown(compared: ComparedRuns): string {
  const { paired, b, margin } = compared
  const [first] = comparedSections(compared)
  return fitted(markerOf([b.suite]), [
    {
      lines: [
        `### Eval ${commentText(b.suite)}: ${verdictOfRuns(compared)}, with a margin of ${formatPercent(margin)}`,
        '',
        commentText(first?.title ?? '', 300),
      ],
    },
    ...sectionBlocks(first),
    ...folded('Cases that changed', paired?.checks.flatMap(flippedLine) ?? []),
  ])
}

function runTitle({ run, checks: [first] }: RunSummary): string {
  const { n = 0, rate = 0, low, high } = first?.rate ?? {}
  const interval = low === undefined || high === undefined ? undefined : { low, high }
  const passed = n === 0 ? 'not measured' : `${formatShare(rate, n, interval)} pass ${commentText(first?.id ?? '')}`
  return `${commentText(run.suite)}: ${passed}${run.finishedMs === undefined ? ', not whole' : ''}`
}

/** No `--` and no `>` that could end the comment. */
function markerOf(suites: readonly string[]): string {
  return `<!-- pilot-eval:${suites.map((id) => id.slice(0, 100).replaceAll(/[^\w.]+/g, '-')).join('+')} -->`
}

function sectionBlocks(section: Section | undefined): Block[] {
  if (section?.table === undefined) return []
  const { head, align, rows } = section.table
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => commentText(cell)).join(' | ')} |`
  const rule = `| ${[...align].map((letter) => (letter === 'r' ? '--:' : ':--')).join(' | ')} |`
  const { lines = [] } = section
  return [
    { lines: [`${row(head)}\n${rule}`, ...rows.map(row)] },
    ...(lines.length === 0 ? [] : [{ lines: lines.map((line) => `- ${commentText(line, 500)}`) }]),
  ]
}

function folded(title: string, lines: string[]): Block[] {
  if (lines.length === 0) return []
  return [{ lines: [`<details><summary>${title}</summary>\n`, ...lines], end: '\n</details>' }]
}

function notPassedLine({ id, check, notPassed }: RunSummary['checks'][number]): string[] {
  if (check === undefined || notPassed.length === 0) return []
  return [
    `- ${commentText(id)}: ${idList(notPassed.map(({ caseId, repeat }) => (repeat > 1 ? `${caseId} (${repeat})` : caseId)))}`,
  ]
}

function flippedLine({ id, comparison }: NonNullable<ComparedRuns['paired']>['checks'][number]): string[] {
  const { lost = [], gained = [] } = comparison?.binary ?? {}
  return [
    ...(lost.length === 0 ? [] : [`- ${commentText(id)}, passed under A and fails under B: ${idList(lost)}`]),
    ...(gained.length === 0 ? [] : [`- ${commentText(id)}, failed under A and passes under B: ${idList(gained)}`]),
  ]
}

function idList(ids: readonly string[]): string {
  const shown = ids.slice(0, shownCases).map((id) => commentText(id))
  return `${shown.join(', ')}${ids.length > shownCases ? ` and ${formatCount(ids.length - shownCases)} more` : ''}`
}

const cutNote =
  '\n\nCut here, at the length that a comment may have. `pilot eval show` and `pilot eval compare` have all of it.\n'

function fitted(marker: string, blocks: readonly Block[]): string {
  let text = marker
  for (const { lines, end = '' } of blocks) {
    const room = mostCharacters - cutNote.length - end.length
    for (const [index, line] of lines.entries()) {
      const more = `${index === 0 ? '\n\n' : '\n'}${line}`
      if (text.length + more.length > room) return `${text}${index === 0 ? '' : `\n${end}`}${cutNote}`
      text += more
    }
    if (end !== '') text += `\n${end}`
  }
  return `${text}\n`
}
