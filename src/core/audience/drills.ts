import type { ArmTimes } from '../drill/arm-times.js'
import type { ArmComparison } from '../drill/compare-arms.js'
import type { DrillReport } from '../drill/report.js'
import type { Names } from './names.js'
import { each, none, only } from './sight.js'

/** Times per arm and their comparison; engineers are counted, and single answers and weeks are not there. */
export function drillsForProduct(names: Names): (report: DrillReport) => DrillReport {
  const arm = (platform: string) => names.of('arm', platform)
  return only<DrillReport>({
    limitMinutes: 'shown',
    arms: each(
      only<ArmTimes>({
        arm,
        judged: 'shown',
        diagnosed: 'shown',
        wrong: 'shown',
        gaveUp: 'shown',
        timeboxed: 'shown',
        unjudged: 'shown',
        open: 'shown',
        statedClocks: 'shown',
        engineers: each(() => 'an engineer'),
        median: 'shown',
        low: 'shown',
        high: 'shown',
        within: 'shown',
        limitMinutes: 'shown',
        curve: 'shown',
        samples: none,
      }),
    ),
    comparisons: each(
      only<ArmComparison>({
        arm,
        against: arm,
        test: 'shown',
        logRank: 'shown',
        paired: (paired) => ({ ...paired, reason: paired.reason === undefined ? undefined : 'too few incidents' }),
        restrictedMeans: 'shown',
      }),
    ),
    questions: none,
    agreement: 'shown',
    weeks: none,
    learning: none,
    tools: none,
    otherArms: (arms) =>
      arms.length === 0 ? [] : [{ arm: 'others', attempts: arms.reduce((sum, { attempts }) => sum + attempts, 0) }],
  })
}
