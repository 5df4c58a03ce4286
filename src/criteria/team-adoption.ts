import type { Criterion } from '../core/criterion.js'
import { aliasesOf, type PeopleEvidence } from '../core/people.js'
import { personaOf } from '../core/persona-summary.js'
import { measureShare } from './share.js'

/** Share of the team that has worked with the platform: at least one attempt at a drill, or one task. */
export const teamAdoption: Criterion = {
  id: 'team-adoption',
  title: 'Engineers who used it',
  line: 'team adoption',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.6 },
  mustByDefault: false,
  query: "pilot log list --json | jq '.adoption'",
  measure({ people }) {
    const { tasks, drillEngineers, usage, teamSize } = people
    const engineers = aliasesOf([...tasks.map(({ engineer }) => engineer), ...drillEngineers])
    const used =
      usage.entries === 0
        ? []
        : [`${usage.entries} entries of use by ${usage.engineers.length} engineers; alone they do not count`]
    const missing = (reason: string, next: string) => ({ measured: false as const, reason, next, evidence: used })
    if (engineers.length === 0)
      return missing('Nobody has logged a task, or attempted a drill.', 'pilot log task --list')
    if (teamSize === undefined)
      return missing(
        `The size of the team is not known (drills.engineers); ${engineers.length} of it used it.`,
        'pilot check',
      )
    if (engineers.length > teamSize)
      return missing(
        `${engineers.length} aliases used it, and the team has ${teamSize} (drills.engineers): one of the two is wrong.`,
        'pilot log list',
      )
    return measureShare(
      { x: engineers.length, n: teamSize },
      {
        counted: 'engineers of the team have done a task or attempted a drill',
        none: 'The team has nobody.',
        next: 'pilot check',
        note: onePersona(tasks),
        evidence: [`${tasks.length} tasks, ${aliasesOf(drillEngineers).length} engineers in drills`, ...used],
      },
    )
  },
}

function onePersona(tasks: PeopleEvidence['tasks']): string | undefined {
  const tried = [...new Set(tasks.map(({ task }) => personaOf(task)))]
  return tried.length === 1 ? `all tasks are of one persona (${tried[0]}): adoption stalls there` : undefined
}
