import type { Config } from '../../config/schema.js'
import type { ArmEvidence } from '../../core/evidence.js'
import type { Store } from '../../store/open.js'
import { readJudged } from './judged.js'
import { drillReportOf } from './report.js'

/** What drills say of each platform. */
export function debuggingReader(db: Store, config: Config): (platform: string) => ArmEvidence | undefined {
  const attempts = readJudged(db, config)
  if (attempts.length === 0) return () => undefined
  const { arms, comparisons } = drillReportOf(config, attempts)
  return (platform) => {
    const times = arms.find(({ arm }) => arm === platform)
    if (times === undefined) return undefined
    const starts = attempts.flatMap(({ attempt }) => (attempt.arm === platform ? (attempt.startMs ?? []) : []))
    return {
      times,
      comparison: comparisons.find(({ arm }) => arm === platform),
      baseline: arms.find(({ arm }) => arm === config.pilot.baseline && arm !== platform),
      lastAttemptMs: starts.length === 0 ? undefined : Math.max(...starts),
    }
  }
}

/** How much shorter a diagnosis is here than on the baseline, in minutes, by restricted means; undefined without drills on both. */
export function minutesSaved(arm: ArmEvidence | undefined): number | undefined {
  const means = arm?.comparison?.restrictedMeans
  return means && means.against.mean - means.arm.mean
}
