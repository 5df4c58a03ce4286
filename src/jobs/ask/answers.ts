import type { LoadedConfig } from '../../config/load.js'
import type { Config } from '../../config/schema.js'
import { nearest } from '../../config/suggest.js'
import type { AskedRun, ProductionQuestion } from '../../core/ask/question.js'
import { findQuestion, productionQuestions } from '../../core/ask/questions.js'
import { type PlatformAnswers, standingOf } from '../../core/ask/standing.js'
import { questionTally } from '../../core/ask/tally.js'
import { PilotError } from '../../core/errors.js'
import type { Store } from '../../store/open.js'
import { completionReader } from '../completion.js'
import { wantedPlatforms } from '../platforms.js'
import { workflowRuns } from '../workflow-runs.js'
import { openExisting } from '../workspace.js'
import { askedRuns } from './asked-run.js'
import { saidReader } from './said.js'

/** The questions of a pilot: the seven, then its own. */
export function questionsOf({ questions, capture, workflow }: Config): ProductionQuestion[] {
  return productionQuestions({
    questions,
    required: capture.required,
    map: workflow.map,
    completed: workflow.completed,
  })
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
    return wantedPlatforms(config, named).map(({ platform, role }) => {
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

/** The runs that every measure counts: production, and what no request log speaks of. */
export function* eachAsked(db: Store, config: Config, platform: string): Generator<AskedRun> {
  const lookAt = askedRuns(db, platform, completionReader(db, config, platform))
  for (const { run } of workflowRuns(db, config, { include: ['not logged'] }).runsOn(platform)) yield lookAt(run)
}
