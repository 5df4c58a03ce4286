import { type Activity, activities, type GitWork, type LogEntry, type TaskRun } from './log-entry.js'

/** What people logged about one platform. */
export interface PeopleEvidence {
  effort: {
    hours: number
    /** Entries with hours. */
    entries: number
    /** In the order of `activities`; none without hours. */
    byActivity: { activity: Activity; hours: number }[]
    git: GitWork[]
  }
  tasks: (TaskRun & { engineer: string })[]
  usage: { entries: number; engineers: string[] }
  /** Aliases with at least one attempt at a drill on the platform. */
  drillEngineers: readonly string[]
  /** `drills.engineers`; undefined while pilot.yaml does not say. */
  teamSize: number | undefined
  /** When the first span of the platform began, in the store as a whole; undefined while there is none. */
  firstTraceMs: number | undefined
}

/** The entries of one platform, by what they are evidence of. */
export function sortEntries(entries: readonly LogEntry[]): Pick<PeopleEvidence, 'effort' | 'tasks' | 'usage'> {
  const works = entries.map(({ work }) => work)
  const efforts = works.flatMap((work) => ('hours' in work ? [work] : []))
  const users = entries.filter(({ work }) => work.kind === 'usage').flatMap(({ engineer }) => engineer ?? [])
  return {
    effort: {
      hours: hoursOf(efforts),
      entries: efforts.length,
      byActivity: activities
        .map((activity) => ({ activity, hours: hoursOf(efforts.filter((each) => each.activity === activity)) }))
        .filter(({ hours }) => hours > 0),
      git: works.flatMap((work) => ('git' in work ? [work.git] : [])),
    },
    tasks: entries.flatMap(({ work, engineer }) =>
      work.kind === 'task' && engineer !== undefined ? [{ ...work, engineer }] : [],
    ),
    usage: { entries: works.filter(({ kind }) => kind === 'usage').length, engineers: aliasesOf(users) },
  }
}

/** Aliases, each once, whatever their case: E1 is e1. */
export function aliasesOf(engineers: readonly string[]): string[] {
  return [...new Set(engineers.map((engineer) => engineer.toLowerCase()))].sort()
}

/** Days from the first commit to the first trace; undefined while there is no trace, or where one is earlier. */
export function daysToFirstTrace({ firstCommitMs }: GitWork, firstTraceMs: number | undefined): number | undefined {
  if (firstTraceMs === undefined || firstTraceMs < firstCommitMs) return undefined
  return (firstTraceMs - firstCommitMs) / 86_400_000
}

/** Added in whole ten-thousandths, so that a sum of tenths is one. */
function hoursOf(efforts: readonly { hours: number }[]): number {
  let sum = 0
  for (const { hours } of efforts) sum += hours
  return Math.round(sum * 10_000) / 10_000
}
