import type { OtherTool } from './other-tools.js'
import type { AccessRight } from './security/worksheet.js'

export const logKinds = ['effort', 'task', 'usage', 'security', 'access'] as const
export type LogKind = (typeof logKinds)[number]

/** What hours are spent on until the traces are good enough to measure. */
export const activities = ['setup', 'instrument', 'metadata', 'privacy', 'review', 'debug', 'other'] as const
export type Activity = (typeof activities)[number]

/** What stands between two revisions of a repository: what the instrumentation has changed. */
export interface GitWork {
  /** The two commits, 12 digits each: what is in `to` and not in `from`. */
  from: string
  to: string
  /** Only files that this glob matches. */
  path?: string
  /** Without merges. */
  commits: number
  files: number
  linesAdded: number
  linesRemoved: number
  /** Files that are no text: they have no lines. */
  binaryFiles: number
  /** Epoch milliseconds. */
  firstCommitMs: number
  lastCommitMs: number
}

export interface EffortHours {
  kind: 'effort'
  hours: number
  activity: Activity
}

export interface EffortGit {
  kind: 'effort'
  git: GitWork
}

/** One task script, tried once by one engineer. */
export interface TaskRun {
  kind: 'task'
  /** Of a script in `personas`. */
  task: string
  done: boolean
  minutes: number
  neededHelp: boolean
  neededRawText: boolean
  opened: OtherTool[]
}

export interface UsageNote {
  kind: 'usage'
  minutes?: number
}

/** An answer to a question of the security review; who accepted it is the entry's engineer. */
export interface SecurityWork {
  kind: 'security'
  /** Id of the question. */
  question: string
  answer: string
  evidence?: string
  /** The last day on which it is valid, UTC. */
  until?: string
}

/** What one role may do on the platform. */
export interface AccessWork {
  kind: 'access'
  role: string
  right: AccessRight
  allowed: boolean
  evidence?: string
}

/** True for an id that `pilot log` has made: ten hexadecimal digits. */
export function isOwnId(id: string): boolean {
  return /^[0-9a-f]{10}$/.test(id)
}

/** What only a person can tell of a pilot: hours, tasks, use, answers of the security review. */
export interface LogEntry {
  /** Made when it was logged; undefined in a file that others wrote. */
  id?: string
  platform?: string
  /** Epoch milliseconds; of a day its start, UTC. */
  timeMs: number
  /** An alias, never a name. */
  engineer?: string
  /** Free text; of usage what it was for. */
  note?: string
  work: EffortHours | EffortGit | TaskRun | UsageNote | SecurityWork | AccessWork
}
