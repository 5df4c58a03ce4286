import type { NonInferiority } from '../core/eval/compare.js'
import type { IndependentComparison } from '../core/eval/compare-independent.js'
import type { CheckComparison, RunComparison } from '../core/eval/compare-runs.js'
import type { EvalRun } from '../core/eval/run.js'
import { comparisonSection } from './compare.js'
import { formatBounds, formatCount, formatP, formatPercent, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { visible } from './text.js'

/** What is compared, for any report. */
export interface ComparedRuns {
  a: EvalRun
  b: EvalRun
  margin: number
  notes: readonly string[]
  paired: RunComparison | undefined
  independent: readonly IndependentComparison[] | undefined
}

/** Two runs for a terminal. */
export function formatComparedRuns(compared: ComparedRuns, options: TerminalOptions): string {
  return comparedSections(compared)
    .map((section) => formatSection(section, options).join('\n'))
    .join('\n\n')
}

/** The table of all checks, then each check that changed, and what it all comes to. */
export function comparedSections(compared: ComparedRuns): Section[] {
  const { paired, independent, margin } = compared
  const title = `B ${runName(compared.b)} against A ${runName(compared.a)}`
  if (paired === undefined) return [independentSection(title, independent ?? [], compared)]
  return [
    {
      title,
      table: {
        head: ['check', 'cases', 'A', 'B', 'B − A', '95 % CI', 'p', 'Holm', 'verdict'],
        align: 'lrrrrrrrl',
        rows: paired.checks.map(checkRow),
      },
      lines: [
        ...compared.notes.map((note) => visible(note)),
        ...paired.checks.flatMap(errorLine),
        ...gateLines(paired.checks),
        `All that gate, with a margin of ${formatPercent(margin)}: ${paired.verdict}. ${says[paired.verdict]}`,
      ],
    },
    ...paired.checks.flatMap(({ id, comparison }) =>
      comparison?.binary !== undefined && comparison.binary.lost.length + comparison.binary.gained.length > 0
        ? [comparisonSection(comparison, visible(id))]
        : [],
    ),
    ...sliceSections(paired.checks),
  ]
}

/** What a verdict means for the release. */
const says: Readonly<Record<NonInferiority, string>> = {
  safe: 'B may be released: it loses less than the margin.',
  regressed: 'B must not be released: it is worse than A.',
  inconclusive: 'This is not enough to release B: more cases would tell.',
}

/** A run with its version. */
export function runName({ id, prompt, release }: EvalRun): string {
  const version = prompt ?? release
  return visible(version === undefined ? id : `${id} (${version})`)
}

function checkRow({ id, gate, comparison, pHolm, verdict }: CheckComparison): string[] {
  if (comparison === undefined) return [id, '0', nothing, nothing, nothing, nothing, nothing, nothing, 'not measured']
  const { pairs, mean, interval, p } = comparison
  return [
    id,
    formatCount(pairs),
    formatPercent(mean.aMean),
    formatPercent(mean.bMean),
    signedPoints(mean.meanDiff),
    interval === undefined ? nothing : `${signedPoints(interval.low)} to ${signedPoints(interval.high)}`,
    p === undefined ? nothing : formatP(p),
    pHolm === undefined ? nothing : formatP(pHolm),
    gate.gates ? (verdict ?? 'not measured') : 'reports only',
  ]
}

/** A difference of shares in points, with its sign. */
export function signedPoints(share: number): string {
  const shown = (share * 100).toFixed(1)
  return share > 0 ? `+${shown}` : shown.replace('-', '−')
}

function errorLine({ id, errors: [a, b] }: CheckComparison): string[] {
  if (a + b === 0) return []
  return [
    `${visible(id)}: ${formatCount(a)} errors under A and ${formatCount(b)} under B; it counts as safe only if it is so with all of A's as passed and all of B's as failed`,
  ]
}

function gateLines(checks: readonly { id: string; gate: CheckComparison['gate'] }[]): string[] {
  return checks.flatMap(({ id, gate }) => (gate.gates ? [] : [`${visible(id)} holds no release: ${visible(gate.why)}`]))
}

function sliceSections(checks: readonly CheckComparison[]): Section[] {
  const rows = checks.flatMap(({ id, slices }) =>
    slices.map(({ tag, comparison: { pairs, mean, p }, pHolm }) => [
      id,
      tag,
      formatCount(pairs),
      signedPoints(mean.meanDiff),
      p === undefined ? nothing : formatP(p),
      pHolm === undefined ? nothing : formatP(pHolm),
    ]),
  )
  if (rows.length === 0) return []
  return [
    {
      title: 'By tag',
      table: { head: ['check', 'tag', 'cases', 'B − A', 'p', 'Holm'], align: 'llrrrr', rows },
      lines: ['slices explore: none of them holds a release'],
    },
  ]
}

function independentSection(
  title: string,
  checks: readonly IndependentComparison[],
  { margin, notes }: ComparedRuns,
): Section {
  return {
    title,
    table: {
      head: ['check', 'A', 'n', 'B', 'n', 'B − A', '95 % CI', 'verdict'],
      align: 'lrrrrrrl',
      rows: checks.map(({ id, gate, a, b, difference, low, high, verdict }) => [
        id,
        formatPercent(a.rate),
        formatCount(a.n),
        formatPercent(b.rate),
        formatCount(b.n),
        difference === undefined ? nothing : signedPoints(difference),
        a.n === 0 || b.n === 0 ? nothing : formatBounds({ low, high }),
        a.n === 0 || b.n === 0 ? 'not measured' : gate.gates ? verdict : 'reports only',
      ]),
    },
    lines: [
      ...notes.map((note) => visible(note)),
      ...gateLines(checks),
      `Other cases on each side: the difference may be that of the cases (Newcombe's interval, margin ${formatPercent(margin)}).`,
    ],
  }
}
