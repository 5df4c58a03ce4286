import type { Config } from '../../config/schema.js'
import { itemOf } from '../../core/drill/answer-key.js'
import { foldAttempts } from '../../core/drill/attempt.js'
import { type JudgedAttempt, judgeAttempt } from '../../core/drill/judge-attempt.js'
import { readAttemptEvents } from '../../store/attempts.js'
import { readDrills } from '../../store/drills.js'
import type { Store } from '../../store/open.js'
import { keyReader } from './keys.js'
import { questionsOf } from './make-drill.js'

/** Every stored attempt, judged by the key of today. One that belongs to no drill here counts by what it states of itself. */
export function readJudged(db: Store, config: Config): JudgedAttempt[] {
  const drills = new Map(readDrills(db).map((drill) => [drill.id, drill]))
  const keyOf = keyReader(db, config)
  return foldAttempts(readAttemptEvents(db)).map((attempt) => {
    const drill = drills.get(attempt.drill ?? '')
    const incident = drill?.incidents.find(({ id }) => id === attempt.incident)
    if (drill === undefined || incident === undefined) {
      const judged = judgeAttempt(attempt, questionsOf(config), new Map(), config.drills.timebox)
      return attempt.incident === undefined ? judged : { ...judged, item: attempt.incident }
    }
    const judged = judgeAttempt(attempt, drill.questions, keyOf(drill, incident), drill.timeboxMs)
    return { ...judged, item: itemOf(incident) }
  })
}
