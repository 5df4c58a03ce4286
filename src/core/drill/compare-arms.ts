import { signFlip } from '../stats/paired.js'
import { logRank } from '../stats/survival.js'
import { type ArmTimes, type RestrictedMeans, restrictedMeans } from './arm-times.js'
import type { JudgedAttempt } from './judge-attempt.js'

export type ArmTest = 'log-rank' | 'sign-flip'

/** One arm against another; the test is the one that pilot.yaml fixed before the data. */
export interface ArmComparison {
  arm: string
  against: string
  test: ArmTest
  /** Undefined where an arm has no diagnosis or no attempt. */
  logRank: { chi2: number; p: number } | undefined
  /** On incidents that were met on both arms. */
  paired: PairedTimes
  restrictedMeans: RestrictedMeans | undefined
}

export interface PairedTimes {
  incidents: number
  /** How many times as long it took as on the other arm, by the geometric mean. */
  ratio: number | undefined
  p: number | undefined
  /** Why there is no p. */
  reason: string | undefined
}

/** Two arms compared, on all attempts and on the incidents they share. `random` is used beyond 20 pairs. */
export function compareArms(
  arms: { arm: ArmTimes; against: ArmTimes },
  attempts: readonly JudgedAttempt[],
  test: ArmTest,
  random: () => number,
): ArmComparison {
  const { arm, against } = arms
  return {
    arm: arm.arm,
    against: against.arm,
    test,
    logRank: logRank(arm.samples, against.samples),
    paired: pairedTimes(arm.arm, against.arm, attempts, random),
    restrictedMeans: restrictedMeans(arm, against),
  }
}

/**
 * The log times per incident, several attempts averaged. An attempt without a diagnosis counts with the time-box, the least it
 * would have taken: that can only understate what the other arm took, so it is allowed there and nowhere else.
 */
function pairedTimes(
  arm: string,
  against: string,
  attempts: readonly JudgedAttempt[],
  random: () => number,
): PairedTimes {
  const [own, others] = [logTimes(arm, attempts), logTimes(against, attempts)]
  const shared = [...own].flatMap(([item, times]) => {
    const other = others.get(item)
    return other === undefined ? [] : [{ times, other }]
  })
  const none = { incidents: shared.length, ratio: undefined, p: undefined }
  if (shared.length === 0) return { ...none, reason: 'No incident was met on both arms.' }
  if (shared.some(({ times }) => times.isCensored))
    return { ...none, reason: `On ${arm} an incident of both arms was not diagnosed, so that its time is unknown.` }
  const differences = shared.map(({ times, other }) => times.mean - other.mean)
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / differences.length
  return { incidents: shared.length, ratio: Math.exp(mean), p: signFlip(differences, random)?.p, reason: undefined }
}

function logTimes(arm: string, attempts: readonly JudgedAttempt[]): Map<string, { mean: number; isCensored: boolean }> {
  const times = new Map<string, { minutes: number; isDiagnosed: boolean }[]>()
  for (const { attempt, item, time } of attempts)
    if (attempt.arm === arm && item !== undefined && time !== undefined && time.minutes > 0)
      times.set(item, [...(times.get(item) ?? []), time])
  return new Map(
    [...times].map(([item, all]) => [
      item,
      {
        mean: all.reduce((sum, { minutes }) => sum + Math.log(minutes), 0) / all.length,
        isCensored: all.some(({ isDiagnosed }) => !isDiagnosed),
      },
    ]),
  )
}
