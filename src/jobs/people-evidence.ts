import type { Config } from '../config/schema.js'
import { type PeopleEvidence, sortEntries } from '../core/people.js'
import { firstSpanMs } from '../store/first-span.js'
import { readLogEntries } from '../store/log.js'
import type { Store } from '../store/open.js'

/** What people logged about one platform. `drillEngineers` are the aliases with an attempt at a drill on it. */
export function readPeople(
  db: Store,
  config: Config,
  { platform, drillEngineers }: { platform: string; drillEngineers: readonly string[] },
): PeopleEvidence {
  const sorted = sortEntries(readLogEntries(db).filter((entry) => entry.platform === platform))
  return {
    ...sorted,
    drillEngineers,
    teamSize: config.drills.engineers,
    firstTraceMs: sorted.effort.git.length === 0 ? undefined : firstSpanMs(db, platform),
  }
}
