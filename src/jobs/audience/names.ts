import type { LoadedConfig } from '../../config/load.js'
import type { Config } from '../../config/schema.js'
import { fewestRuns } from '../../core/audience/audiences.js'
import { type Names, namesShown } from '../../core/audience/names.js'
import { stepName } from '../../core/step.js'
import { commonNames, commonSpanNames, namesOfPeople } from '../../store/common-names.js'
import { readDeployments } from '../../store/deployments.js'
import { readRuns } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import { openExisting } from '../workspace.js'

/** The names that product may see: what pilot.yaml and the record of deployments declare, and what many runs have. */
export function readNames(loaded: LoadedConfig): Names {
  const declared = declaredNames(loaded.config)
  const db = openExisting(loaded)
  if (db === undefined) return namesShown(new Set(declared))
  try {
    return namesShown(new Set([...declared, ...recordedNames(db, new Set(declared)), ...namesOfRuns(db)]))
  } finally {
    db.close()
  }
}

function namesOfRuns(db: Store): string[] {
  const steps = commonSpanNames(db, fewestRuns).flatMap((span) => [span.name, stepName(span)])
  const common = [...new Set([...steps, ...commonNames(db, fewestRuns)])]
  const people = namesOfPeople(db, common)
  return common.filter((name) => !people.has(name))
}

function declaredNames({ pilot, workflow, criteria, evals, judges }: Config): string[] {
  const steps = workflow.map ?? []
  const names = [
    ...pilot.candidates.map(({ id }) => id),
    pilot.baseline,
    workflow.name,
    ...steps.flatMap(({ step, under, prompt, models = [], fallbacks = [] }) => [
      ...[step, under, prompt],
      ...[...models, ...fallbacks],
    ]),
    ...criteria.map(({ id }) => id),
    ...evals.suites.flatMap(({ id, checks }) => [id, ...checks.flatMap((check) => [check.id, check.check])]),
    ...judges.flatMap(({ id, model }) => [id, model]),
  ]
  return names.filter((name) => name !== undefined)
}

/** What was deployed, as the team recorded it; and the ids of runs of declared suites, which are made of the suite's and a number. */
function recordedNames(db: Store, declared: ReadonlySet<string>): string[] {
  const deployed = readDeployments(db).flatMap(({ name, version, environment }) => [name, version, environment])
  const runs = readRuns(db).filter(({ suite }) => declared.has(suite))
  return [...deployed, ...runs.map(({ id }) => id)].filter((name) => name !== undefined)
}
