import type { Config } from '../../config/schema.js'
import type { JudgedAttempt } from '../../core/drill/judge-attempt.js'
import { assembleDrillReport, type DrillReport } from '../../core/drill/report.js'
import { seededRandom } from '../../core/seeded-random.js'
import { readDrills } from '../../store/drills.js'
import type { Store } from '../../store/open.js'
import { platformsOf } from '../platforms.js'
import { readJudged } from './judged.js'
import { questionsOf } from './make-drill.js'

/** Of the sign-flip test beyond 20 pairs. */
const testSeed = 1

/** The report of all attempts that are stored. */
export function readDrillReport(db: Store, config: Config): DrillReport {
  return drillReportOf(
    config,
    readJudged(db, config),
    readDrills(db).flatMap(({ questions }) => questions.map(({ id }) => id)),
  )
}

/** The report of some attempts, under the config of today. */
export function drillReportOf(
  config: Config,
  attempts: readonly JudgedAttempt[],
  asked: readonly string[] = [],
): DrillReport {
  return assembleDrillReport({
    attempts,
    arms: platformsOf(config),
    questions: [...new Set([...questionsOf(config).map(({ id }) => id), ...asked])],
    limitMinutes: limitMinutes(config),
    test: config.drills.test,
    random: seededRandom(testSeed),
  })
}

/** Within how many minutes a failure should be diagnosed: the target of debug-time, else ten. */
function limitMinutes({ criteria }: Config): number {
  return criteria.find(({ id }) => id === 'debug-time')?.target.value ?? 10
}
