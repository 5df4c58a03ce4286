import type { Share } from '../evidence.js'
import { kaplanMeier, medianSurvival, restrictedMean, type Survival } from '../stats/survival.js'
import type { JudgedAttempt } from './judge-attempt.js'

/** How long diagnoses took on one arm. */
export interface ArmTimes {
  arm: string
  /** Attempts that ended and were judged; `unjudged` wait for a person to confirm the cause, `open` have not ended. */
  judged: number
  diagnosed: number
  wrong: number
  gaveUp: number
  timeboxed: number
  unjudged: number
  open: number
  /** Of the judged, those for which a person held the watch. */
  statedClocks: number
  /** Who took part, by alias; unknown aliases count for nobody. */
  engineers: string[]
  /** Minutes; undefined where it was not reached. Kaplan-Meier, 95 % interval by log-log. */
  median: number | undefined
  low: number | undefined
  high: number | undefined
  /** Diagnosed in fewer than `limitMinutes`, of the judged. */
  within: Share
  limitMinutes: number
  /** Steps of the share that is not diagnosed yet, in minutes. */
  curve: { time: number; survival: number }[]
  samples: Survival[]
}

/** The times of the attempts on one arm. */
export function armTimes(arm: string, attempts: readonly JudgedAttempt[], limitMinutes: number): ArmTimes {
  const own = attempts.filter(({ attempt }) => attempt.arm === arm)
  const samples = own.flatMap(({ time }) =>
    time === undefined ? [] : [{ time: time.minutes, isEvent: time.isDiagnosed }],
  )
  const count = (verdict: JudgedAttempt['verdict']) => own.filter((each) => each.verdict === verdict).length
  return {
    arm,
    judged: samples.length,
    diagnosed: count('diagnosed'),
    wrong: count('wrong'),
    gaveUp: count('gave up'),
    timeboxed: count('time-box'),
    unjudged: count('unjudged'),
    open: count('open'),
    statedClocks: own.filter(({ attempt, time }) => time !== undefined && attempt.clock === 'stated').length,
    engineers: [...new Set(own.flatMap(({ attempt }) => attempt.engineer ?? []))].sort(),
    ...medianSurvival(samples),
    within: { x: samples.filter(({ time, isEvent }) => isEvent && time < limitMinutes).length, n: samples.length },
    limitMinutes,
    curve: kaplanMeier(samples).map(({ time, survival }) => ({ time, survival })),
    samples,
  }
}

/** Mean minutes up to a horizon that both arms were watched for, with standard errors. */
export interface RestrictedMeans {
  horizon: number
  arm: { mean: number; se: number }
  against: { mean: number; se: number }
}

/** The areas under both curves; undefined where an arm has no attempt. */
export function restrictedMeans(arm: ArmTimes, against: ArmTimes): RestrictedMeans | undefined {
  if (arm.judged === 0 || against.judged === 0) return undefined
  const horizon = Math.min(lastTime([...arm.samples, ...against.samples]), watchedUntil(arm), watchedUntil(against))
  const [own, other] = [restrictedMean(arm.samples, horizon), restrictedMean(against.samples, horizon)]
  return own === undefined || other === undefined ? undefined : { horizon, arm: own, against: other }
}

const lastTime = (samples: readonly Survival[]) => Math.max(...samples.map(({ time }) => time))

/** Without end where everything was diagnosed: nothing more can come. */
function watchedUntil({ samples, curve }: ArmTimes): number {
  return curve.at(-1)?.survival === 0 ? Number.POSITIVE_INFINITY : lastTime(samples)
}
