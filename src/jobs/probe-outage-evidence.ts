import type { LoadedConfig } from '../config/load.js'
import { PilotError } from '../core/errors.js'
import type { ProbeEvidence, ProbeRun } from '../core/probes/evidence.js'
import type { OutageResult } from '../core/probes/outage.js'
import type { Store } from '../store/open.js'
import { readProbeRuns } from '../store/probes.js'
import { requirePlatform } from './platforms.js'
import { openExisting } from './workspace.js'

/** The outage run that the scorecard goes by: the last complete one; without any, the last. */
export function readOutage(db: Store, platform: string): Pick<ProbeEvidence, 'outage'> {
  const runs = readProbeRuns<OutageResult>(db, 'outage', platform)
  const outage = runs.findLast(({ result }) => result.isComplete) ?? runs.at(-1)
  return outage === undefined ? {} : { outage }
}

/** The same of a pilot. Throws `PilotError` where the probe was never run. */
export function lastOutage(loaded: LoadedConfig, named: string | undefined): ProbeRun<OutageResult> {
  const platform = requirePlatform(loaded.config, named, 'Say whose SDK the application uses')
  const db = openExisting(loaded)
  const { outage } = db === undefined ? {} : readOutage(db, platform)
  db?.close()
  if (outage !== undefined) return outage
  throw new PilotError(`The outage of ${platform} was never probed.`, { hint: 'pilot probe outage' })
}
