import type { RunResult } from '../core/eval/run.js'
import type { CheckSummary, RunSummary } from '../core/eval/summarise.js'
import type { Live } from '../core/live.js'
import { formatBounds, formatCount, formatDay, formatNumber, formatPercent, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { visible } from './text.js'

const shownCases = 10

/** What is told of a run beside itself. */
interface Told {
  /** Of checks that hold no release: why not. */
  gates: ReadonlyMap<string, string>
  /** Where its prompt version or release is live. */
  live?: readonly Live[]
  everyCase: boolean
}

/** A run for a terminal: what it was made of, a row per check, repeats, slices, and what did not pass. */
export function formatRun(summary: RunSummary, options: TerminalOptions & Told): string {
  return runSections(summary, options)
    .map((section) => formatSection(section, options).join('\n'))
    .join('\n\n')
}

/** The parts of a run. */
export function runSections(summary: RunSummary, { gates, live = [], everyCase }: Told): Section[] {
  const { run, checks } = summary
  return [
    {
      title: `${run.id}: ${visible(run.target)}`,
      table: checkTable(checks),
      lines: [...runLines(summary), ...live.map(liveLine), ...gateLines(checks, gates)],
    },
    ...repeatSection(checks),
    ...sliceSection(checks),
    ...notPassedSection(checks, everyCase),
  ]
}

function checkTable(checks: readonly CheckSummary[]) {
  const hasScores = checks.some(({ score }) => score !== undefined)
  return {
    head: [
      'check',
      'pass',
      'fail',
      'error',
      'unscored',
      'rate',
      '95 % CI',
      'with errors',
      ...(hasScores ? ['score'] : []),
    ],
    align: `lrrrrrrr${hasScores ? 'r' : ''}`,
    rows: checks.map(({ id, counts, rate, score }) => [
      id,
      ...[counts.pass, counts.fail, counts.error, counts.unscored].map(formatCount),
      rate.rate === undefined ? 'not measured' : formatPercent(rate.rate),
      rate.low === undefined || rate.high === undefined ? nothing : formatBounds({ low: rate.low, high: rate.high }),
      counts.error === 0 || rate.worst === undefined || rate.best === undefined
        ? nothing
        : formatBounds({ low: rate.worst, high: rate.best }),
      ...(hasScores
        ? [
            score === undefined
              ? nothing
              : `${formatNumber(score.mean, 3)}${score.se === undefined ? '' : ` ± ${formatNumber(score.se, 2)}`}`,
          ]
        : []),
    ]),
  }
}

function runLines({ run, outputs }: RunSummary): string[] {
  const { cases, repeats, casesHash, prompt, release, importedFrom, finishedMs, startedMs, notes } = run
  return [
    `${formatCount(cases)} cases${repeats > 1 ? ` × ${repeats}` : ''} (${casesHash}), begun ${new Date(startedMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    ...(prompt === undefined ? [] : [`prompt ${visible(prompt)}`]),
    ...(release === undefined ? [] : [`release ${visible(release)}`]),
    ...(importedFrom === undefined ? [] : [`results of ${visible(importedFrom)}`]),
    ...(finishedMs === undefined
      ? [`not whole: ${formatCount(outputs)} of ${formatCount(cases * repeats)} outputs; the same command goes on`]
      : []),
    ...notes.map((note) => visible(note)),
  ]
}

function liveLine({ kind, name, environment, sinceMs }: Live): string {
  const what = kind === 'prompt' ? 'the prompt is' : `the release${name === undefined ? '' : ` of ${visible(name)}`} is`
  const where = environment === undefined ? ', nobody says where,' : ` in ${visible(environment)}`
  return `${what} live${where} since ${formatDay(sinceMs)}`
}

function gateLines(checks: readonly CheckSummary[], gates: ReadonlyMap<string, string>): string[] {
  return checks.flatMap(({ id }) => {
    const why = gates.get(id)
    return why === undefined ? [] : [`${visible(id)} holds no release: ${visible(why)}`]
  })
}

function repeatSection(checks: readonly CheckSummary[]): Section[] {
  const repeated = checks.filter(({ ofK }) => ofK.length > 0)
  if (repeated.length === 0) return []
  return [
    {
      title: 'Repeats',
      table: {
        head: ['check', 'k', 'cases', 'pass@k (one of k)', 'pass^k (all k)'],
        align: 'lrrrr',
        rows: repeated.flatMap(({ id, ofK }) =>
          ofK.map(({ k, cases, atLeastOne, all }) => [
            id,
            String(k),
            formatCount(cases),
            atLeastOne.toFixed(3),
            all.toFixed(3),
          ]),
        ),
      },
    },
  ]
}

function sliceSection(checks: readonly CheckSummary[]): Section[] {
  const rows = checks.flatMap(({ id, slices }) =>
    slices.flatMap(({ tag, rate }) =>
      rate.rate === undefined || rate.low === undefined || rate.high === undefined
        ? []
        : [[id, tag, formatCount(rate.n), formatPercent(rate.rate), formatBounds({ low: rate.low, high: rate.high })]],
    ),
  )
  return rows.length === 0
    ? []
    : [{ title: 'By tag', table: { head: ['check', 'tag', 'n', 'rate', '95 % CI'], align: 'llrrr', rows } }]
}

function notPassedSection(checks: readonly CheckSummary[], everyCase: boolean): Section[] {
  const found = checks.filter(({ check }) => check !== undefined).flatMap(({ notPassed }) => notPassed)
  if (found.length === 0) return []
  const shown = everyCase ? found : found.slice(0, shownCases)
  return [
    {
      title: 'Not passed',
      table: {
        head: ['case', 'check', 'outcome', 'reason'],
        align: 'llll',
        rows: shown.map(resultRow),
      },
      lines:
        shown.length < found.length
          ? [`${formatCount(found.length - shown.length)} more: pilot eval show --cases`]
          : [],
    },
  ]
}

function resultRow({ caseId, repeat, check, outcome, reason }: RunResult): string[] {
  return [repeat > 1 ? `${caseId} #${repeat}` : caseId, check, outcome, reason]
}
