import type { LoadedConfig } from '../../config/load.js'
import type { Config } from '../../config/schema.js'
import { nearest } from '../../config/suggest.js'
import type { AskedRun, ProductionQuestion } from '../../core/ask/question.js'
import { findQuestion, productionQuestions } from '../../core/ask/questions.js'
import { type PlatformAnswers, standingOf } from '../../core/ask/standing.js'
import { questionTally } from '../../core/ask/tally.js'
import { PilotError } from '../../core/errors.js'
import type { Store } from '../../store/open.js'
import { platformsOf } from '../platforms.js'
import { workflowRuns } from '../workflow-runs.js'
import { openExisting } from '../workspace.js'
import { askedRuns } from './asked-run.js'
import { saidReader } from './said.js'

/** The questions of a pilot: the seven, then its own. */
export function questionsOf({ questions, capture, workflow }: Config): ProductionQuestion[] {
  return productionQuestions({ questions, required: capture.required, map: workflow.map })
}

/** The question that was typed, by id or name. Throws `PilotError` (exit 2), with the nearest, where there is none. */
export function requireQuestion(questions: readonly ProductionQuestion[], typed: string): ProductionQuestion {
  const found = findQuestion(questions, typed)
  if (found !== undefined) return found
  const near = nearest(typed, [...new Set(questions.flatMap(({ id, name }) => [name, id]))])
  const all = questions.map(({ id, name }) => (id === name ? id : `${id} ${name}`)).join(', ')
  const shown = /^[\w-]{1,40}$/.test(typed) ? ` ${typed}` : ' like that'
  throw new PilotError(`There is no question${shown}.`, {
    hint: near === undefined ? `They are ${all}.` : `Did you mean ${near}? They are ${all}.`,
  })
}

/** How the questions stand on each platform, or on one. Throws `PilotError` for an unknown platform. */
export function readAnswers(
  { config, ...loaded }: LoadedConfig,
  { platform: named, questions }: { platform: string | undefined; questions: readonly ProductionQuestion[] },
): PlatformAnswers[] {
  const db = openExisting({ config, ...loaded })
  try {
    return requirePlatforms(config, named).map(({ platform, role }) => {
      const tally = questionTally(questions)
      let runs = 0
      for (const asked of db === undefined ? [] : eachAsked(db, config, platform)) {
        runs += 1
        tally.add(asked)
      }
      const said = saidReader(db, platform)
      return { platform, role, runs, questions: tally.result().map((each) => standingOf(each, said(each.id))) }
    })
  } finally {
    db?.close()
  }
}

/** The platforms of a pilot, or the one that is named. Throws `PilotError` where pilot.yaml does not know it. */
export function requirePlatforms(config: Config, named: string | undefined): ReturnType<typeof platformsOf> {
  const platforms = platformsOf(config)
  const wanted = platforms.filter(({ platform }) => named === undefined || platform === named)
  if (wanted.length > 0) return wanted
  throw new PilotError(`pilot.yaml names no platform ${named}.`, {
    hint: `It names ${platforms.map(({ platform }) => platform).join(', ')}.`,
  })
}

/** The runs that every measure counts: production, and what no request log speaks of. */
export function* eachAsked(db: Store, config: Config, platform: string): Generator<AskedRun> {
  const lookAt = askedRuns(db, platform)
  for (const { run } of workflowRuns(db, config, ['not logged']).runsOn(platform)) yield lookAt(run)
}
