import { type ProbeEvidence, probeNames } from '../core/probes/evidence.js'
import type { OverheadResult } from '../core/probes/overhead.js'
import { differing } from '../core/probes/overhead-doubts.js'
import type { Store } from '../store/open.js'
import { lastProbeRun, readProbeRuns } from '../store/probes.js'
import { readOutage } from './probe-outage-evidence.js'

/**
 * What the probes found of a platform, each by its last run; the outage by its last complete one, and overhead by the last under
 * the settings of pilot.yaml: a quick trial takes the place of no verdict.
 */
export function readProbes(db: Store, platform: string): ProbeEvidence {
  const runs = probeNames.flatMap((probe) => {
    const run = lastProbeRun(db, probe, platform)
    return run === undefined ? [] : [[probe, run]]
  })
  const overhead = readProbeRuns<OverheadResult>(db, 'overhead', platform).findLast(
    ({ result }) => differing(result.settings, result.declared).length === 0,
  )
  return { ...Object.fromEntries(runs), ...(overhead && { overhead }), ...readOutage(db, platform) }
}
