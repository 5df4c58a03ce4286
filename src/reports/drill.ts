import type { ArmTimes } from '../core/drill/arm-times.js'
import type { ArmComparison } from '../core/drill/compare-arms.js'
import type { DrillReport, QuestionSummary } from '../core/drill/report.js'
import { formatCount, formatDuration, formatMinutes, formatMinutesInterval, formatP, nothing } from './number.js'
import type { Section } from './section.js'
import { formatSection, type TerminalOptions } from './section-terminal.js'
import { shareText } from './share-text.js'

/** All drills for a terminal; `isShort` keeps to what everybody may see: times per arm and their comparison. */
export function formatDrillReport(report: DrillReport, options: TerminalOptions & { isShort: boolean }): string {
  const sections = options.isShort
    ? [armsSection(report), comparisonSection(report)]
    : [
        armsSection(report),
        comparisonSection(report),
        questionSection(report),
        weekSection(report),
        toolSection(report),
      ]
  const filled = sections.filter(({ table, lines }) => (table?.rows.length ?? 0) + (lines?.length ?? 0) > 0)
  return filled.map((section) => formatSection(section, options).join('\n')).join('\n\n')
}

/** Times per arm, as the scorecard shows them too. */
function armsSection({ arms, limitMinutes, otherArms }: DrillReport): Section {
  return {
    title: 'Time to diagnose',
    table: {
      head: ['arm', 'attempts', 'diagnosed', 'median', '95 % CI', `under ${formatMinutes(limitMinutes)}`],
      align: 'lrrrrr',
      rows: arms.map((arm) => [
        arm.arm,
        formatCount(arm.judged),
        formatCount(arm.diagnosed),
        medianText(arm),
        arm.judged === 0 ? nothing : formatMinutesInterval(arm.low, arm.high),
        arm.judged === 0 ? 'not measured' : shareText(arm.within),
      ]),
    },
    lines: [
      ...arms.flatMap(armLines),
      ...otherArms.map(
        ({ arm, attempts }) => `${arm}: ${formatCount(attempts)} attempts on no platform of this pilot, left out`,
      ),
    ],
  }
}

function medianText({ judged, median }: ArmTimes): string {
  return judged === 0 ? 'not measured' : formatMinutes(median)
}

function armLines({
  arm,
  judged,
  wrong,
  gaveUp,
  timeboxed,
  unjudged,
  open,
  statedClocks,
  engineers,
}: ArmTimes): string[] {
  const ends = { wrong, 'given up': gaveUp, 'ended by the time-box': timeboxed }
  const undiagnosed = Object.entries(ends)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${formatCount(count)} ${what}`)
  const waiting = {
    'wait for a confirmed cause (pilot drill key)': unjudged,
    'have not ended': open,
    'were timed by hand': statedClocks,
  }
  const notes = Object.entries(waiting)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${formatCount(count)} ${what}`)
  const parts = [
    ...(undiagnosed.length > 0 ? [`${undiagnosed.join(', ')}: they last at least until the time-box`] : []),
    ...notes,
    ...(judged > 0 && engineers.length > 0 ? [`${formatCount(engineers.length)} engineers`] : []),
  ]
  return parts.length === 0 ? [] : [`${arm}: ${parts.join('; ')}`]
}

function comparisonSection({ comparisons }: DrillReport): Section {
  return { title: 'Compared', lines: comparisons.flatMap(comparisonLines) }
}

function comparisonLines({ arm, against, test, logRank, paired, restrictedMeans }: ArmComparison): string[] {
  const rank =
    logRank === undefined
      ? 'not measured: an arm has no diagnosis or no attempt'
      : `chi² ${logRank.chi2.toFixed(2)}, p ${formatP(logRank.p)}`
  const ratio = paired.ratio === undefined ? '' : `, ${paired.ratio.toFixed(2)} times as long`
  const pairs = paired.p === undefined ? `not measured: ${paired.reason}` : `p ${formatP(paired.p)}${ratio}`
  const means =
    restrictedMeans &&
    `mean time up to ${formatMinutes(restrictedMeans.horizon)}: ${[restrictedMeans.arm, restrictedMeans.against].map(({ mean, se }) => `${formatMinutes(mean)} (standard error ${formatMinutes(se)})`).join(' against ')}, by the areas under the curves`
  const chosen = (name: ArmComparison['test']) => (test === name ? ' (the test of this pilot)' : '')
  return [
    `${arm} against ${against}, log-rank on all attempts${chosen('log-rank')}: ${rank}`,
    `${arm} against ${against}, sign-flip on log times of ${formatCount(paired.incidents)} incidents met on both${chosen('sign-flip')}: ${pairs}`,
    ...(means === undefined ? [] : [means]),
  ]
}

function questionSection({ questions, agreement }: DrillReport): Section {
  const asked = questions.filter(({ answered }) => answered.n > 0)
  const slowest = asked
    .filter(({ medianSeconds }) => medianSeconds !== undefined)
    .sort((a, b) => (b.medianSeconds ?? 0) - (a.medianSeconds ?? 0))
  const { unanimous, alpha } = agreement
  const agreed =
    unanimous.n === 0
      ? 'agreement on the cause: not measured, since no incident was answered by two engineers'
      : `agreement on the cause: all engineers agree on ${shareText(unanimous)} of the incidents; Krippendorff's alpha ${alpha === undefined ? 'not defined' : alpha.toFixed(2)}`
  return {
    title: 'Questions',
    table: {
      head: ['question', 'answered', 'right', 'median time', 'n'],
      align: 'lrrrr',
      rows: asked.map(questionRow),
    },
    lines:
      asked.length === 0
        ? []
        : [
            agreed,
            ...(slowest.length > 1
              ? [
                  `slowest: ${slowest
                    .slice(0, 3)
                    .map(({ question }) => question)
                    .join(', ')}`,
                ]
              : []),
          ],
  }
}

function questionRow({ question, answered, right, medianSeconds, timed }: QuestionSummary): string[] {
  return [
    question,
    shareText(answered),
    right.n === 0 ? 'no key' : shareText(right),
    medianSeconds === undefined ? nothing : formatDuration(medianSeconds * 1000),
    formatCount(timed),
  ]
}

function weekSection({ weeks, learning }: DrillReport): Section {
  const rows = weeks.map(({ arm, week, judged, diagnosed, median, low, high }) => [
    arm,
    week,
    formatCount(judged),
    formatCount(diagnosed),
    formatMinutes(median),
    formatMinutesInterval(low, high),
  ])
  const effects = learning.filter(({ arm }) => weeks.some((week) => week.arm === arm))
  return {
    title: 'Week by week (UTC, from Monday)',
    table: { head: ['arm', 'week of', 'attempts', 'diagnosed', 'median', '95 % CI'], align: 'llrrrr', rows },
    lines: effects.map(
      ({ arm, p }) =>
        `${arm}, first week against later ones: ${p === undefined ? 'not measured, one week alone' : `log-rank p ${formatP(p)}`}`,
    ),
  }
}

function toolSection({ tools }: DrillReport): Section {
  const rows = tools
    .filter(({ said }) => said > 0)
    .map(({ arm, said, needed, opened }) => {
      const named = Object.entries(opened)
        .filter(([, count]) => count > 0)
        .map(([tool, count]) => `${tool} ${formatCount(count)}`)
      return [arm, shareText({ x: needed, n: said }), named.join(', ') || 'none']
    })
  return {
    title: 'Other tools that had to be opened',
    table: { head: ['arm', 'attempts', 'which'], align: 'lrl', rows },
  }
}
