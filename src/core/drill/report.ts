import type { Share } from '../evidence.js'
import { type OtherTool, otherTools } from '../other-tools.js'
import { krippendorffAlpha } from '../stats/agreement.js'
import { quantile } from '../stats/quantile.js'
import { logRank, medianSurvival } from '../stats/survival.js'
import { type ArmTimes, armTimes } from './arm-times.js'
import { type ArmComparison, type ArmTest, compareArms } from './compare-arms.js'
import type { JudgedAttempt } from './judge-attempt.js'
import { causeQuestion } from './questions.js'

/** How one question went, over all attempts that ended. */
export interface QuestionSummary {
  question: string
  answered: Share
  /** Of the answers that a key knows. */
  right: Share
  /** Median seconds until its answer, of attempts whose clock was measured. */
  medianSeconds: number | undefined
  timed: number
}

/** What engineers say was the cause of the same incident. */
export interface Agreement {
  /** Incidents of which all said the same, of those that at least two engineers answered. */
  unanimous: Share
  /** Krippendorff's alpha: 1 is full agreement, 0 is chance. */
  alpha: number | undefined
}

/** The attempts of one week on one arm. */
export interface WeekTimes {
  arm: string
  /** Its Monday, `2026-03-02`. */
  week: string
  judged: number
  diagnosed: number
  median: number | undefined
  low: number | undefined
  high: number | undefined
}

/** Everything that `pilot drill report` shows. */
export interface DrillReport {
  limitMinutes: number
  arms: ArmTimes[]
  comparisons: ArmComparison[]
  questions: QuestionSummary[]
  agreement: Agreement
  weeks: WeekTimes[]
  /** Of each arm whether attempts of later weeks took another time than those of its first; undefined p: one week alone. */
  learning: { arm: string; p: number | undefined }[]
  /** In how many of the attempts that say so each other tool had to be opened. */
  tools: { arm: string; said: number; opened: Record<OtherTool, number>; needed: number }[]
  /** Attempts that end somewhere else than on an arm of this pilot. */
  otherArms: { arm: string; attempts: number }[]
}

export interface DrillReportInput {
  attempts: readonly JudgedAttempt[]
  arms: readonly { platform: string; role: 'candidate' | 'baseline' }[]
  questions: readonly string[]
  limitMinutes: number
  test: ArmTest
  random: () => number
}

/** The report of all attempts of a pilot. */
export function assembleDrillReport(input: DrillReportInput): DrillReport {
  const { attempts, limitMinutes } = input
  const arms = input.arms.map(({ platform }) => armTimes(platform, attempts, limitMinutes))
  const baseline = input.arms.find(({ role }) => role === 'baseline')?.platform
  const against = arms.find(({ arm }) => arm === baseline)
  const candidates = arms.filter(({ arm }) => arm !== baseline)
  const known = new Set(arms.map(({ arm }) => arm))
  const strange = [...new Set(attempts.map(({ attempt }) => attempt.arm))].filter((arm) => !known.has(arm))
  return {
    limitMinutes,
    arms,
    comparisons:
      against === undefined
        ? []
        : candidates.map((arm) => compareArms({ arm, against }, attempts, input.test, input.random)),
    questions: input.questions.map((question) => questionSummary(question, attempts)),
    agreement: agreementOn(causeQuestion, attempts),
    weeks: arms.flatMap(({ arm }) => weeksOf(arm, attempts)),
    learning: arms.filter(({ judged }) => judged > 0).map(({ arm }) => ({ arm, p: learningOf(arm, attempts) })),
    tools: arms.map(({ arm }) => toolsOf(arm, attempts)),
    otherArms: strange.map((arm) => ({ arm, attempts: attempts.filter(({ attempt }) => attempt.arm === arm).length })),
  }
}

function questionSummary(question: string, attempts: readonly JudgedAttempt[]): QuestionSummary {
  const ended = attempts.filter(
    ({ attempt }) => attempt.outcome !== 'open' && attempt.answers.size + (attempt.clock === 'measured' ? 1 : 0) > 0,
  )
  const answers = ended
    .flatMap(({ attempt }) => attempt.answers.get(question) ?? [])
    .filter(({ answer }) => answer.length > 0)
  const judged = ended.flatMap(({ right }) => right.get(question) ?? [])
  const seconds = answers.flatMap(({ tookMs }) => (tookMs === undefined ? [] : [tookMs / 1000])).sort((a, b) => a - b)
  return {
    question,
    answered: { x: answers.length, n: ended.length },
    right: { x: judged.filter(Boolean).length, n: judged.length },
    medianSeconds: seconds.length === 0 ? undefined : quantile(seconds, 0.5),
    timed: seconds.length,
  }
}

function agreementOn(question: string, attempts: readonly JudgedAttempt[]): Agreement {
  const said = new Map<string, Map<string, string>>()
  for (const { attempt, item } of attempts) {
    const answer = attempt.answers.get(question)?.answer.join(',').trim().toLowerCase()
    if (item === undefined || attempt.engineer === undefined || !answer) continue
    said.set(item, (said.get(item) ?? new Map<string, string>()).set(attempt.engineer, answer))
  }
  const shared = [...said.values()].map((answers) => [...answers.values()]).filter((answers) => answers.length > 1)
  return {
    unanimous: { x: shared.filter((answers) => new Set(answers).size === 1).length, n: shared.length },
    alpha: krippendorffAlpha(shared),
  }
}

function weeksOf(arm: string, attempts: readonly JudgedAttempt[]): WeekTimes[] {
  const weeks = new Map<string, { time: number; isEvent: boolean }[]>()
  for (const { attempt, time } of attempts) {
    if (attempt.arm !== arm || time === undefined || attempt.startMs === undefined) continue
    const week = mondayOf(attempt.startMs)
    weeks.set(week, [...(weeks.get(week) ?? []), { time: time.minutes, isEvent: time.isDiagnosed }])
  }
  return [...weeks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([week, samples]) => ({
      arm,
      week,
      judged: samples.length,
      diagnosed: samples.filter(({ isEvent }) => isEvent).length,
      ...medianSurvival(samples),
    }))
}

function learningOf(arm: string, attempts: readonly JudgedAttempt[]): number | undefined {
  const own = attempts.flatMap(({ attempt, time }) =>
    attempt.arm !== arm || time === undefined || attempt.startMs === undefined
      ? []
      : [{ week: mondayOf(attempt.startMs), time: time.minutes, isEvent: time.isDiagnosed }],
  )
  const first = own.map(({ week }) => week).sort()[0]
  const [early, late] = [own.filter(({ week }) => week === first), own.filter(({ week }) => week !== first)]
  return late.length === 0 ? undefined : logRank(early, late)?.p
}

const dayMs = 86_400_000

/** The UTC Monday of the week, as a day. */
function mondayOf(timeMs: number): string {
  const day = new Date(timeMs)
  const sinceMonday = (day.getUTCDay() + 6) % 7
  return new Date(timeMs - sinceMonday * dayMs).toISOString().slice(0, 10)
}

function toolsOf(arm: string, attempts: readonly JudgedAttempt[]): DrillReport['tools'][number] {
  const said = attempts.flatMap(({ attempt }) =>
    attempt.arm === arm && attempt.tools !== undefined && attempt.outcome !== 'open' ? [attempt.tools] : [],
  )
  const opened = Object.fromEntries(
    otherTools.map((tool) => [tool, said.filter((tools) => tools.includes(tool)).length]),
  ) as Record<OtherTool, number> // one key per tool
  return { arm, said: said.length, opened, needed: said.filter((tools) => tools.length > 0).length }
}
