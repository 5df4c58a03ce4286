import type { Config } from '../../config/schema.js'
import { createPricer } from '../../core/prices.js'
import { type Change, readChanges } from '../../core/releases/changes.js'
import { type ReleaseRun, toReleaseRun, toVersionRun, type VersionRun } from '../../core/releases/release-run.js'
import { readRun } from '../../core/run.js'
import { isInWindow, selectedRoot, startOf, type Window } from '../../core/select.js'
import { readStructure } from '../../core/structure.js'
import { readDeployments } from '../../store/deployments.js'
import type { Store } from '../../store/open.js'
import { eachVersionOutline, traceReader } from '../../store/spans.js'
import { platformsOf, requirePlatform, windowOf } from '../platforms.js'
import { originReader } from '../workflow-runs.js'
import { judgementsOf } from './judgements.js'

/** The runs of one platform, whatever their origin, and the changes that they went through. */
export interface PlatformReleases {
  platform: string
  role: 'candidate' | 'baseline'
  runs: VersionRun[]
  changes: Change[]
}

/** Reads every platform, or the one that is named, in one pass each. `environment` narrows runs and deployments to one. */
export function readReleases(
  db: Store,
  config: Config,
  { platform, environment }: { platform: string | undefined; environment: string | undefined },
): PlatformReleases[] {
  const named = platform === undefined ? undefined : requirePlatform(config, platform)
  const deployments = readDeployments(db)
  const originOf = originReader(db)
  const place = environment ?? config.workflow.match.environment
  return platformsOf(config)
    .filter((each) => named === undefined || each.platform === named)
    .map((each) => {
      const runs: VersionRun[] = []
      for (const trace of eachVersionOutline(db, each.platform)) {
        const root = isInWindow(startOf(trace), windowOf(config))
          ? selectedRoot(trace, readStructure(trace), config.workflow.match)
          : undefined
        const run = root && toVersionRun(trace, root, originOf(trace))
        if (run !== undefined && (environment === undefined || run.environment === environment)) runs.push(run)
      }
      const production = runs.filter(({ origin }) => origin === 'production')
      return { ...each, runs, changes: readChanges(deployments, production, place) }
    })
}

/** What was measured and said of the runs that began inside the window; the others are not read. */
export function readMeasured(
  db: Store,
  config: Config,
  { platform, runs, window }: { platform: string; runs: readonly VersionRun[]; window: Window },
): ReleaseRun[] {
  const read = traceReader(db, platform)
  const judgements = judgementsOf(db, platform)
  const price = createPricer(config.prices)
  return runs
    .filter(({ startMs }) => isInWindow(startMs, window))
    .flatMap((each) => {
      const trace = read(each.traceId)
      if (trace === undefined) return []
      const structure = readStructure(trace)
      const root = selectedRoot(trace, structure, config.workflow.match)
      if (root === undefined) return []
      const run = readRun(trace, structure, root, price)
      return [toReleaseRun(each, run, judgements(run))]
    })
}
