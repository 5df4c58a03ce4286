import type { LoadedConfig } from '../config/load.js'
import { lockState, readLock } from '../config/lock.js'
import { planStatus } from '../core/plan.js'
import type { PilotStatus } from '../reports/status.js'
import { readSources } from '../store/sources.js'
import { readFacts } from './facts.js'
import { openExisting } from './workspace.js'

/** Where a pilot stands: its day plan, its lock, and the sources that were not read to their end. Works before any data. */
export function readStatus(loaded: LoadedConfig, nowMs: number): PilotStatus {
  const { config, directory } = loaded
  const facts = readFacts(loaded, nowMs)
  const { state, lockedAtMs } = lockState(config, readLock(directory))
  const { name, start, end } = config.pilot
  return {
    pilot: { name, start, end },
    lock: { state, lockedAtMs },
    ...planStatus({ declared: config, ranges: config.plan, facts }, nowMs),
    sources: unfinishedSources(loaded),
  }
}

function unfinishedSources(loaded: LoadedConfig): PilotStatus['sources'] {
  const db = openExisting(loaded)
  const sources = db ? readSources(db) : []
  return sources
    .filter(({ state }) => state !== 'complete')
    .map(({ path, kind, platform, state, reason }) => ({
      path,
      kind,
      platform,
      state: state === 'reading' ? 'interrupted' : 'incomplete',
      reason,
    }))
}
