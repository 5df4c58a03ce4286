import { type Comparison, referenceChange } from '../core/eval/compare.js'
import { formatBounds, formatChance, formatCount, formatNumber, formatP, formatPercent, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { visible } from './text.js'

/** A comparison for a terminal. */
export function formatComparison(comparison: Comparison, options: TerminalOptions): string {
  return formatSection(comparisonSection(comparison, 'B against A'), options).join('\n')
}

/** One comparison: the two versions, the difference with its interval, and what it comes to. */
export function comparisonSection(comparison: Comparison, title: string): Section {
  const { binary, mean, pairs } = comparison
  const table =
    binary === undefined
      ? {
          head: ['version', 'cases', 'mean', 'standard error'],
          align: 'lrrr',
          rows: [
            ['A', formatCount(pairs), score(mean.aMean), score(mean.aSe)],
            ['B', formatCount(pairs), score(mean.bMean), score(mean.bSe)],
          ],
        }
      : {
          head: ['version', 'cases', 'passed', 'rate', '95 % CI'],
          align: 'lrrrr',
          rows: [
            [
              'A',
              formatCount(pairs),
              formatCount(binary.aPass),
              formatPercent(binary.aPass / pairs),
              formatBounds(binary.aPassCi),
            ],
            [
              'B',
              formatCount(pairs),
              formatCount(binary.bPass),
              formatPercent(binary.bPass / pairs),
              formatBounds(binary.bPassCi),
            ],
          ],
        }
  return { title, table, lines: [...differenceLines(comparison), ...verdictLines(comparison)] }
}

function differenceLines({ binary, mean, test, p, interval, pairs, unpaired }: Comparison): string[] {
  const difference = test === 'exact McNemar' ? (binary?.diff ?? mean.meanDiff) : mean.meanDiff
  const isShare = binary !== undefined
  const signed = (value: number) => {
    const shown = isShare ? (value * 100).toFixed(1) : formatNumber(value, 3)
    return value > 0 ? `+${shown}` : shown.replace('-', '−')
  }
  const range =
    interval === undefined
      ? 'no interval: too few cases'
      : `95 % CI ${signed(interval.low)} to ${signed(interval.high)}`
  const lines = [
    `B − A: ${signed(difference)}${isShare ? ' points' : ''} (${range}); ${test}${p === undefined ? '' : `, p ${formatP(p)}`}${binary && test === 'exact McNemar' ? `, mid-p ${formatP(binary.pMid)}` : ''}`,
  ]
  if (binary !== undefined)
    lines.push(
      ...flipLine('passed under A, fail under B', binary.lost, pairs),
      ...flipLine('failed under A, pass under B', binary.gained, pairs),
    )
  else if (mean.signFlipP !== undefined)
    lines.push(
      `sign-flip p ${formatP(mean.signFlipP)}${mean.bootstrap === undefined ? '' : `; bootstrap 95 % CI ${signed(mean.bootstrap.low)} to ${signed(mean.bootstrap.high)} (${formatCount(mean.bootstrap.draws)} draws)`}`,
    )
  if (unpaired > 0) lines.push(`${formatCount(unpaired)} cases have a result of one version only, and are left out`)
  return lines
}

const shownFlips = 10

function flipLine(what: string, ids: readonly string[], pairs: number): string[] {
  if (ids.length === 0) return [`0 of ${formatCount(pairs)} ${what}`]
  const named = ids.slice(0, shownFlips).map((id) => visible(id))
  const more = ids.length > shownFlips ? `, and ${formatCount(ids.length - shownFlips)} more` : ''
  return [`${formatCount(ids.length)} of ${formatCount(pairs)} ${what}: ${named.join(', ')}${more}`]
}

/** What the difference comes to, and what this many cases can show at all. */
function verdictLines({ binary, verdict, nonInferiority, margin, settlingN, power, pairs }: Comparison): string[] {
  const needed =
    settlingN === undefined || settlingN <= pairs
      ? ''
      : `; ${formatCount(settlingN)} cases would settle it, if it stays as it is`
  const { lostShare, gainedShare } = referenceChange
  return [
    `verdict: ${verdict} at 5 %${nonInferiority === undefined && verdict === 'no significant change' ? `, which is no proof of none${needed}` : ''}`,
    ...(nonInferiority === undefined || margin === undefined
      ? []
      : [
          `with a margin of ${formatPercent(margin)}: ${nonInferiority}${nonInferiority === 'inconclusive' ? needed : ''}`,
        ]),
    ...(binary === undefined
      ? []
      : [
          `${formatCount(pairs)} cases: ${formatPercent(lostShare)} lost and ${formatPercent(gainedShare)} gained would be seen with a chance of ${formatChance(power.chance)}${power.casesFor80 === undefined || power.casesFor80 <= pairs ? '' : `; ${formatCount(power.casesFor80)} cases give 80 %`}`,
        ]),
  ]
}

function score(value: number | undefined): string {
  return value === undefined ? nothing : value.toFixed(3)
}
