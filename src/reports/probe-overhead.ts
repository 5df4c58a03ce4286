import type { Measurement, Target } from '../core/measurement.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import type { OverheadLevel, OverheadResult, PairedFigure } from '../core/probes/overhead.js'
import { doubtsOf, warningsOf } from '../core/probes/overhead-doubts.js'
import { type FigureUnit, figureKinds } from '../core/probes/overhead-figures.js'
import { formatTarget } from '../core/target.js'
import type { Judgement } from '../core/verdict.js'
import { formatCount, formatDuration, formatNumber, formatTime, formatValue, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { boundsText, rangeText } from './verdict-text.js'

/** A probe with what its criterion makes of it; `judgement` is undefined where pilot.yaml has no such criterion. */
export interface ShownOverhead {
  run: ProbeRun<OverheadResult>
  measurement: Measurement
  target: Target | undefined
  judgement: Judgement | undefined
}

/** The verdict, then each concurrency with its figures. */
export function formatOverhead(shown: ShownOverhead, options: TerminalOptions): string {
  const { platform, result } = shown.run
  const sections: Section[] = [
    { title: `Overhead of ${platform}`, lines: [verdictLine(shown), ...headLines(result)] },
    ...result.levels.map(levelSection),
  ]
  return sections.flatMap((section) => [...formatSection(section, options), '']).join('\n')
}

/** Each kept probe in a row. */
export function formatOverheadHistory(history: readonly ShownOverhead[], options: TerminalOptions): string {
  const section: Section = {
    title: `Probes of overhead: ${formatCount(history.length)}`,
    table: {
      head: ['probe', 'begun', 'platform', 'pairs', 'requests', 'concurrency', 'added p95', '95 % CI', 'verdict'],
      align: 'rllrrlrrl',
      rows: history.map(({ run: { id, startedMs, platform, result }, measurement, judgement }) => [
        ...[String(id), formatTime(startedMs).slice(0, 16).replace('T', ' '), platform],
        ...[formatCount(result.settings.pairs), formatCount(result.settings.requests)],
        ...[result.settings.concurrency.join(', '), formatValue(measurement)],
        ...[
          (measurement.measured && boundsText('ms', measurement.interval)) || nothing,
          judgement?.verdict ?? 'no criterion',
        ],
      ]),
    },
    lines: history.length === 0 ? ['None yet: pilot probe overhead runs one.'] : [],
  }
  return [...formatSection(section, options), ''].join('\n')
}

function verdictLine({ measurement, judgement, target }: ShownOverhead): string {
  if (!measurement.measured) return `not measured: ${measurement.reason}`
  const { value, n, interval } = measurement
  const bounds = interval === undefined ? '' : `, 95 % CI ${rangeText(formatMs(interval.low), formatMs(interval.high))}`
  const number = `p95 ${signed(value, formatMs)} (n ${n} pairs${bounds})`
  if (judgement === undefined || target === undefined)
    return `${number}; pilot.yaml has no criterion overhead, so that there is no budget and no verdict`
  const budget = `budget ${formatTarget(target, 'ms')}`
  return [`${judgement.verdict}: ${number}`, budget, ...unsettled(measurement, judgement, target)].join('; ')
}

/** What would settle it; a doubt is said by itself. */
function unsettled(
  { interval, doubt }: Extract<Measurement, { measured: true }>,
  { verdict, neededN }: Judgement,
  { value }: Target,
): string[] {
  if (verdict !== 'inconclusive' || interval === undefined || doubt !== undefined) return []
  const isWide = interval.high - interval.low > value
  return [
    ...(isWide ? ['the interval is wider than the budget'] : []),
    neededN === undefined
      ? 'it lies so near the budget that no number of pairs settles it'
      : `${formatCount(neededN)} pairs would settle it if they scatter as these do; a quieter machine needs fewer`,
  ]
}

function headLines(result: OverheadResult): string[] {
  const { settings, traffic, way } = result
  const { pairs, requests, warmup, seed } = settings
  return [
    `${formatCount(pairs)} pairs of runs, off and on in an order by seed ${seed}; in each run ${formatCount(requests)} ${sampleNames[way]} after ${formatCount(warmup)} for warm-up`,
    traffic === 'sink'
      ? 'instrumented traffic went to a sink on this machine, which answered 200 at once'
      : 'instrumented traffic went where the settings of the application say: to the real platform, if they name it',
    ...doubtsOf(result).map((doubt) => `doubt: ${doubt}`),
    ...warningsOf(result),
  ]
}

const sampleNames = {
  lines: 'requests that the workload timed',
  process: 'processes that were timed',
  http: 'calls that were timed',
}

function levelSection({ concurrency, check, figures }: OverheadLevel): Section {
  const measured = figures.filter(({ added }) => added !== undefined)
  return {
    title: `Concurrency ${formatCount(concurrency)}`,
    table: {
      head: ['figure', 'off', 'on', 'added', '95 % CI', 'p', 'n'],
      align: 'lrrrrrr',
      rows: measured.map(figureRow),
    },
    lines: [
      `off against off, ${check.map(checkText).join(', ')}`,
      ...figures.flatMap(({ figure, reason }) =>
        reason === undefined ? [] : [`${kindOf(figure).title}: not measured, ${reason}`],
      ),
    ],
  }
}

function figureRow({ figure, off, on, added, n }: PairedFigure): string[] {
  const { title, unit } = kindOf(figure)
  const format = formats[unit]
  const { mean, low, high, p } = added! // only those that have it are in the table
  return [
    ...[title, format(off!), format(on!), signed(mean, format)],
    ...[rangeText(format(low), format(high)), formatNumber(p, 2), formatCount(n)],
  ]
}

function checkText({ figure, added, n, reason }: PairedFigure): string {
  if (added === undefined) return `${figure} not measured (${reason})`
  const { mean, low, high } = added
  return `${figure} ${signed(mean, formatMs)} (n ${n}, 95 % CI ${rangeText(formatMs(low), formatMs(high))})`
}

const kindOf = (id: PairedFigure['figure']) => figureKinds.find((kind) => kind.id === id)! // every id has its kind

const formats: Record<FigureUnit, (value: number) => string> = {
  ms: formatMs,
  bytes: (value) =>
    Math.abs(value) < 1e6 ? `${formatNumber(value / 1e3, 3)} kB` : `${formatNumber(value / 1e6, 3)} MB`,
  count: (value) => formatNumber(value, 3),
  'per second': (value) => formatNumber(value, 3),
}

/** Below a millisecond to the microsecond; never -0. */
function formatMs(value: number): string {
  return Math.abs(value) < 1 ? `${Number(value.toFixed(3)) + 0} ms` : formatDuration(value)
}

function signed(value: number, format: (value: number) => string): string {
  const text = format(value)
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text
}
