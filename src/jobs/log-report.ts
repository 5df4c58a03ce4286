import type { LoadedConfig } from '../config/load.js'
import type { LogKind } from '../core/log-entry.js'
import { aliasesOf, type PeopleEvidence, sortEntries } from '../core/people.js'
import { type PersonaSummary, summarisePersonas } from '../core/persona-summary.js'
import { firstSpanMs } from '../store/first-span.js'
import type { StoredEntry } from '../store/log.js'
import { readLog } from './log.js'
import { platformsOf } from './platforms.js'
import { openExisting } from './workspace.js'

/** The entries of the log, and what they add up to per platform. */
export interface LogReport {
  entries: StoredEntry[]
  effort: ({ platform: string; firstTraceMs: number | undefined } & PeopleEvidence['effort'])[]
  personas: { platform: string; personas: PersonaSummary[] }[]
  /** Engineers with a task, of the team; drills come beside them on the scorecard. */
  adoption: { platform: string; engineersWithTask: number; teamSize: number | undefined }[]
}

/** The log of a pilot; of one kind the entries alone, the sums are always of all. */
export function reportLog(loaded: LoadedConfig, kind: LogKind | undefined): LogReport {
  const all = readLog(loaded)
  const sorted = platformsOf(loaded.config).map(({ platform }) => ({
    platform,
    ...sortEntries(all.filter((entry) => entry.platform === platform)),
  }))
  return {
    entries: all.filter(({ work }) => kind === undefined || work.kind === kind),
    effort: sorted.map(({ platform, effort }) => ({
      platform,
      firstTraceMs: effort.git.length === 0 ? undefined : firstTraceOf(loaded, platform),
      ...effort,
    })),
    personas: sorted.map(({ platform, tasks }) => ({ platform, personas: summarisePersonas(tasks) })),
    adoption: sorted.map(({ platform, tasks }) => ({
      platform,
      engineersWithTask: aliasesOf(tasks.map(({ engineer }) => engineer)).length,
      teamSize: loaded.config.drills.engineers,
    })),
  }
}

/** When the first trace of a platform began; undefined while there is none. */
export function firstTraceOf(loaded: LoadedConfig, platform: string | undefined): number | undefined {
  const db = platform === undefined ? undefined : openExisting(loaded)
  return db === undefined || platform === undefined ? undefined : firstSpanMs(db, platform)
}
