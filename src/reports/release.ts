import type { ReleaseComparison } from '../core/releases/compare.js'
import type { MixShift } from '../core/releases/mix.js'
import { declaredFalseAlarms, type Since } from '../core/releases/since.js'
import type { ComparedMetric, Margins } from '../core/releases/verdict.js'
import type { Window } from '../core/select.js'
import { simulated } from '../core/stats/false-alarm.js'
import { formatCount, formatDay, formatNumber, formatP, formatPercent, nothing } from './number.js'
import { formatWindow } from './release-list.js'
import { changeText, changeTime, howText, minuteText, sideText } from './release-text.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'

interface ReleaseOptions extends TerminalOptions {
  windowMs: number
  margins: Margins
  nowMs: number
  /** The days of the pilot: runs outside of them are not measured. */
  pilotWindow: Window
}

/** What became of the workflow after a change: every metric with its verdict, since when, and what else changed. */
export function formatRelease(comparison: ReleaseComparison, options: ReleaseOptions): string {
  const { metrics, since, mix, stratum } = comparison
  const sections: Section[] = [
    headSection(comparison, options),
    { ...metricSection('Before and after', metrics), lines: [...neededLines(metrics), marginLine(options.margins)] },
    { title: 'Errors: since when', lines: sinceLines(since) },
    { title: 'Mix', lines: mixLines(mix) },
    ...(stratum === undefined
      ? []
      : [
          {
            ...metricSection(`Tenant ${stratum.tenant} alone`, stratum.metrics),
            lines: [
              `The mix changed, so the same within the tenant with most runs: ${sidesText(stratum.runs)}.`,
              ...neededLines(stratum.metrics),
            ],
          },
        ]),
    { title: 'Other changes in these windows', lines: confounderLines(comparison) },
  ]
  return `${sections.flatMap((section) => [...formatSection(section, options), '']).join('\n')}`
}

function headSection({ change, label, runs, ofVersion }: ReleaseComparison, options: ReleaseOptions): Section {
  const of = change.kind === 'prompt' ? 'prompt version' : 'release'
  const ending = change.timeMs + options.windowMs
  return {
    title: `${of[0]!.toUpperCase()}${of.slice(1)} ${label}: ${howText(change)} ${changeTime(change)} UTC${
      change.environment === undefined ? '' : ` in ${change.environment}`
    }`,
    lines: [
      `Runs ${formatWindow(options.windowMs)} before and after: ${sidesText(runs)}.`,
      `Of them name this ${of}: ${formatCount(ofVersion.before)} before, ${formatCount(ofVersion.after)} after.`,
      ...(change.how === 'seen first'
        ? ['No deployment of it is stored: the windows meet where traces first name it.']
        : []),
      ...(change.timeMs - options.windowMs < options.pilotWindow.startMs || ending > options.pilotWindow.endMs
        ? [
            `The windows reach beyond the pilot's days, ${daysText(options.pilotWindow)}; runs outside of these do not count.`,
          ]
        : []),
      ...(options.nowMs < ending
        ? [
            `The window after it ends ${minuteText(ending)} UTC. Until then these are no verdicts: whoever looks again and again finds something.`,
          ]
        : []),
    ],
  }
}

function daysText({ startMs, endMs }: Window): string {
  return `${formatDay(startMs)} to ${formatDay(endMs - 1)}`
}

function sidesText({ before, after }: { before: number; after: number }): string {
  return `${formatCount(before)} and ${formatCount(after)}`
}

function metricSection(title: string, metrics: readonly ComparedMetric[]): Section {
  return {
    title,
    table: {
      head: ['metric', 'n', 'before', 'after', 'change (95 % CI)', 'p (Holm)', 'verdict'],
      align: 'wrrrrrw',
      rows: metrics.map((metric) => [
        metric.id,
        `${formatCount(metric.before.n)}, ${formatCount(metric.after.n)}`,
        sideText(metric.before, metric.unit),
        sideText(metric.after, metric.unit),
        changeText(metric),
        metric.holmP === undefined ? nothing : formatP(metric.holmP),
        metric.verdict,
      ]),
    },
  }
}

function neededLines(metrics: readonly ComparedMetric[]): string[] {
  return metrics.flatMap(({ id, needed, verdict, before, after }) => {
    const unknown = (before.unknown ?? 0) + (after.unknown ?? 0)
    const lost =
      unknown > 0 && !/^(?:score |rating(?: |$))/.test(id)
        ? [`${id}: unknown in ${formatCount(unknown)} of the runs, which are not counted.`]
        : []
    if (verdict !== 'inconclusive') return lost
    return needed === undefined
      ? [...lost, `${id}: no n settles it while the change is as large as the margin.`]
      : [...lost, `${id}: needs n ${formatCount(needed.n)} a side, ${needed.how}.`]
  })
}

function marginLine({ share, relative }: Margins): string {
  return `Margin: ${formatNumber(share * 100, 3)} points of shares and of scores from 0 to 1, ${formatPercent(relative)} of the median before of the rest. Of samples, medians (of scores means) and the Hodges-Lehmann shift.`
}

function sinceLines(since: Since): string[] {
  if (!since.measured) return [`Not measured: ${since.reason}.`]
  const { p0, p1, limit, falseAlarms, arl0, runs, isFloor, signal } = since
  const rates = `CUSUM of failed runs, ${formatPercent(p0)} ${isFloor ? '(no run failed before: half a failure in one run more)' : 'before'} against ${formatPercent(p1)}`
  const alarms = `At most ${formatPercent(declaredFalseAlarms)} of windows of ${formatCount(runs)} runs may raise a false alarm; ${formatPercent(falseAlarms)} of ${formatCount(simulated.times)} simulated ones do (seed ${simulated.seed})`
  const average = arl0 === undefined ? 'ARL0 is not reached' : `ARL0 about ${formatNumber(arl0, 2)} runs`
  return [
    signal === undefined
      ? `No signal in ${formatCount(runs)} runs.`
      : `Since ${minuteText(signal.sinceMs)} UTC: ${formatCount(signal.failed)} of ${formatCount(signal.runs)} runs failed from there until it was noticed ${minuteText(signal.noticedMs)} UTC, at run ${formatCount(signal.noticedAt)} of ${formatCount(runs)}.`,
    `${rates}, limit ${formatNumber(limit, 3)}. ${alarms}: ${average}.`,
  ]
}

function mixLines(mix: readonly MixShift[]): string[] {
  if (mix.length === 0) return ['Not measured: a side has no run.']
  return mix.map(({ dimension, value, before, after, change, interval, isChanged }) => {
    const shares = `${dimension} ${value} ${formatPercent(before.x / before.n)} → ${formatPercent(after.x / after.n)}`
    const shift = changeText({ change, interval, unit: 'share' })
    return isChanged
      ? `The mix changed: ${shares}, ${shift}.`
      : `Largest shift: ${shares}, ${shift}; no evidence of a change.`
  })
}

/** How many are named. */
const shown = 10

function confounderLines({ confounders }: ReleaseComparison): string[] {
  if (confounders.length === 0) return ['None is known.']
  const named = confounders
    .slice(0, shown)
    .map(
      (each) =>
        `${each.kind} ${each.kind === 'prompt' && each.name ? `${each.name}@` : ''}${each.version}: ${howText(each)} ${changeTime(each)} UTC`,
    )
  const more = confounders.length - named.length
  return [...named, ...(more > 0 ? [`and ${formatCount(more)} more`] : [])]
}
