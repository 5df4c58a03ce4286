import type { EvalRun } from '../core/eval/run.js'
import type { CheckSummary } from '../core/eval/summarise.js'
import { formatCount, formatPercent, nothing } from './number.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

/** Runs in a list, the newest first, each with what counts of it: all gates together, else the one that it has. */
export function formatRuns(
  rows: readonly { run: EvalRun; first: CheckSummary | undefined }[],
  options: TerminalOptions,
): string {
  return formatSection(
    {
      title: 'Runs',
      table: {
        head: ['run', 'begun', 'cases', 'of', 'passed', 'by'],
        align: 'llrlrl',
        rows: rows.map(({ run, first }) => [
          run.id,
          new Date(run.startedMs).toISOString().slice(0, 16).replace('T', ' '),
          `${formatCount(run.cases)}${run.repeats > 1 ? ` × ${run.repeats}` : ''}`,
          run.prompt ?? run.target,
          run.finishedMs === undefined
            ? 'not whole'
            : first?.rate.rate === undefined
              ? 'not measured'
              : formatPercent(first.rate.rate),
          first?.id ?? nothing,
        ]),
      },
    },
    options,
  ).join('\n')
}

/** The suites of pilot.yaml in a list. */
export function formatSuites(
  suites: readonly { id: string; dataset?: string | undefined; checks: readonly { id: string }[] }[],
  options: TerminalOptions,
): string {
  if (suites.length === 0) return 'pilot.yaml has no suite under evals.suites.'
  return formatSection(
    {
      title: 'Suites',
      table: {
        head: ['suite', 'cases from', 'checks'],
        align: 'lll',
        rows: suites.map(({ id, dataset, checks }) => [
          id,
          dataset ?? 'recorded runs',
          checks.map((check) => check.id).join(', '),
        ]),
      },
    },
    options,
  ).join('\n')
}
