import type { LoadedConfig } from '../config/load.js'
import type { Config } from '../config/schema.js'
import { idOfQuestion, questionsOfReview } from '../core/security/questions.js'
import { type SecurityAnswer, type SecurityRecord, type Worksheet, worksheetOf } from '../core/security/worksheet.js'
import { readLogEntries } from '../store/log.js'
import type { Store } from '../store/open.js'
import { wantedPlatforms } from './platforms.js'
import { openExisting } from './workspace.js'

/** What is known of the security review of a platform. What pilot.yaml answers is about the candidates; what was logged of a platform goes before it. */
export function readSecurity(
  db: Store | undefined,
  { security }: Pick<Config, 'security'>,
  { platform, role }: { platform: string; role: 'candidate' | 'baseline' },
): SecurityRecord {
  const own = security.questions ?? []
  const entries = (db === undefined ? [] : readLogEntries(db)).filter((entry) => entry.platform === platform)
  const logged = entries.flatMap(({ work, engineer: reviewer, timeMs }): SecurityAnswer[] => {
    if (work.kind !== 'security') return []
    const { question, answer, evidence, until } = work
    return [{ question, answer, evidence, reviewer, timeMs, until }]
  })
  const access = entries.flatMap(({ work, engineer: reviewer, timeMs }) => {
    if (work.kind !== 'access') return []
    const { role, right, allowed, evidence } = work
    return [{ role, right, allowed, evidence, reviewer, timeMs }]
  })
  const declared = role === 'candidate' ? own.flatMap(answerIn) : []
  return { questions: questionsOfReview(own), answers: [...declared, ...logged], access }
}

type Declared = NonNullable<Config['security']['questions']>[number]

function answerIn(declared: Declared): SecurityAnswer[] {
  const { answer, evidence, reviewer, date, until } = declared
  if (answer === undefined) return []
  const timeMs = date === undefined ? undefined : Date.parse(date)
  return [{ question: idOfQuestion(declared), answer, evidence, reviewer, timeMs, until }]
}

/** The worksheets of all platforms, or of the one that is named; the baseline's once something was answered of it. */
export function readWorksheets(
  loaded: LoadedConfig,
  named: string | undefined,
  nowMs: number,
): ({ platform: string } & Worksheet)[] {
  const db = openExisting(loaded)
  return wantedPlatforms(loaded.config, named)
    .map((each) => ({ ...each, sheet: worksheetOf(readSecurity(db, loaded.config, each), nowMs) }))
    .filter(({ role, sheet }) => role === 'candidate' || sheet.begun || named !== undefined)
    .map(({ platform, sheet }) => ({ platform, ...sheet }))
}
