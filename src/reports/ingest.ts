import type { FileReport } from '../core/ingest-report.js'
import { formatCount } from './number.js'
import { visible } from './text.js'

/** Which of a platform's traces `workflow.match` selects, and what the roots are called. */
export interface Selection {
  platform: string
  traces: number
  selected: number
  /** The most frequent first. */
  roots: { name: string; traces: number }[]
}

/** How many problems are shown; all of them are in `--json`. */
const shownProblems = 10

const names = {
  spans: 'spans',
  traceRows: 'rows of traces',
  requests: 'requests',
  billing: 'billed lines',
  deployments: 'deployments',
  attempts: 'events of attempts',
  labels: 'labels',
  logEntries: 'log entries',
} as const

/** What became of one file, in a few lines. */
export function formatFileReport(report: FileReport): string {
  const path = visible(report.path)
  const counts = (Object.keys(names) as (keyof typeof names)[])
    .filter((what) => Object.values(report[what]).some((count) => count > 0))
    .map((what) => {
      const { added, updated, unchanged } = report[what]
      return `${names[what]}: ${formatCount(added)} added, ${formatCount(updated)} updated, ${formatCount(unchanged)} unchanged`
    })
  const beside = [
    ...(report.scores > 0 ? [`${formatCount(report.scores)} new scores`] : []),
    ...(report.feedback > 0 ? [`${formatCount(report.feedback)} new pieces of feedback`] : []),
    ...(report.promptNames > 0 ? [`${formatCount(report.promptNames)} names of prompts`] : []),
    ...(report.deletions > 0 ? [`${formatCount(report.deletions)} deleted records`] : []),
  ]
  const platform = report.platform === '' ? '' : `, platform ${report.platform}`
  const head = `${path}: ${report.format ?? 'no known format'}${platform}, ${formatCount(report.records)} records`
  return [
    head,
    ...[[...counts, ...beside].join('; ') || 'nothing new'].map((line) => `  ${line}`),
    ...Object.entries(report.skipped).map(([reason, times]) => `  skipped ${formatCount(times)}: ${visible(reason)}`),
    ...Object.entries(report.redacted).map(
      ([rule, times]) => `  privacy ${visible(rule)}: ${formatCount(times)} changed before storing`,
    ),
    ...formatUnexpected(report.unexpected),
    ...(report.purged > 0
      ? [`  left out ${formatCount(report.purged)}: purged before (pilot ingest --restore-purged takes them in)`]
      : []),
    ...(report.restored > 0
      ? [`  brought back ${formatCount(report.restored)}: traces, requests or rows that had been purged`]
      : []),
    ...(report.replacedUtf8 > 0 ? [`  invalid UTF-8 replaced in ${formatCount(report.replacedUtf8)} records`] : []),
    ...(report.pending > 0 ? ['  the last line is not finished: ingest the file again when it is'] : []),
  ].join('\n')
}

/** Keys that may mean a newer shape of the export: what this version makes of them is no guess, they are kept as they are. */
function formatUnexpected(unexpected: FileReport['unexpected']): string[] {
  return unexpected
    .slice(0, shownProblems)
    .map(
      ({ key, records, line }) =>
        `  unexpected key ${visible(key)} in ${formatCount(records)} records${line > 0 ? `, first in line ${line}` : ''}: kept as an attribute`,
    )
}

/** The bad lines of a file, each with its place; for standard error, since they are no data. */
export function formatProblems({ path, problems, problemsOmitted }: FileReport): string[] {
  const shown = problems.slice(0, shownProblems)
  const more = problems.length + problemsOmitted - shown.length
  return [
    ...shown.map(({ line, message }) => `problem ${visible(path)}${line > 0 ? `:${line}` : ''}: ${visible(message)}`),
    ...(more > 0
      ? [`and ${formatCount(more)} more problems; --json lists ${problemsOmitted > 0 ? 'the first thousand' : 'them'}`]
      : []),
  ]
}

/** Whether `workflow.match` fits what is stored; a match that selects nothing measures nothing. */
export function formatSelection({ platform, traces, selected, roots }: Selection): string {
  const seen = roots.slice(0, 5).map(({ name, traces }) => `${visible(name)} ${formatCount(traces)}`)
  const more = roots.length > 5 ? ` and ${formatCount(roots.length - 5)} more` : ''
  const advice =
    selected === 0 && traces > 0
      ? '\nNothing is measured before it does: pilot init --from <export> proposes a match.'
      : ''
  return `${platform}: workflow.match selects ${formatCount(selected)} of ${formatCount(traces)} traces. Roots seen: ${seen.join(', ')}${more}.${advice}`
}

/** The document of `pilot ingest --json`. */
export function ingestJson(files: readonly FileReport[], selection: Selection | undefined) {
  const sum = (read: (report: FileReport) => number) => files.reduce((total, report) => total + read(report), 0)
  const tally = (what: Exclude<keyof typeof names, 'traceRows'>) => ({
    added: sum((report) => report[what].added),
    updated: sum((report) => report[what].updated),
    unchanged: sum((report) => report[what].unchanged),
  })
  return {
    schemaVersion: 1,
    files,
    totals: {
      files: files.length,
      records: sum(({ records }) => records),
      spans: tally('spans'),
      requests: tally('requests'),
      billing: tally('billing'),
      deployments: tally('deployments'),
      attempts: tally('attempts'),
      labels: tally('labels'),
      logEntries: tally('logEntries'),
      purged: sum(({ purged }) => purged),
      restored: sum(({ restored }) => restored),
      scores: sum(({ scores }) => scores),
      feedback: sum(({ feedback }) => feedback),
      problems: sum(({ problems, problemsOmitted }) => problems.length + problemsOmitted),
      skipped: sum(({ skipped }) => Object.values(skipped).reduce((all, times) => all + times, 0)),
    },
    selection: selection ?? null,
  }
}
