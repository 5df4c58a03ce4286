import type { Config } from '../../config/schema.js'
import { createPricer } from '../../core/prices.js'
import { type Change, readChanges } from '../../core/releases/changes.js'
import { type ReleaseRun, toReleaseRun, toVersionRun, type VersionRun } from '../../core/releases/release-run.js'
import { readRun } from '../../core/run.js'
import { isInWindow, selectedRoot, startOf } from '../../core/select.js'
import { readStructure, type TraceStructure } from '../../core/structure.js'
import type { Trace, TraceSpan } from '../../core/trace.js'
import { readDeployments } from '../../store/deployments.js'
import { eachPriced, eachVersionOutline } from '../../store/each-trace.js'
import type { Store } from '../../store/open.js'
import { wantedPlatforms, windowOf } from '../platforms.js'
import { originReader } from '../workflow-runs.js'
import { judgementsOf } from './judgements.js'

/** The runs of one platform, whatever their origin, and the changes that they went through. */
export interface PlatformReleases<R extends VersionRun = VersionRun> {
  platform: string
  role: 'candidate' | 'baseline'
  runs: R[]
  changes: Change[]
}

interface Narrowed {
  platform: string | undefined
  /** Narrows runs and deployments to one. */
  environment: string | undefined
}

/** How much is read of a run. */
interface Reading<R extends VersionRun> {
  traces: Iterable<Trace>
  runOf(run: VersionRun, trace: Trace, structure: TraceStructure, root: TraceSpan): R
}

/** Reads every platform, or the one that is named, in one pass each: times and versions alone. */
export function readVersionRuns(db: Store, config: Config, options: Narrowed): PlatformReleases[] {
  return readReleases(db, config, options, (platform) => ({
    traces: eachVersionOutline(db, platform),
    runOf: (run) => run,
  }))
}

/** As `readVersionRuns`, with what was measured and said of each run. */
export function readMeasuredRuns(db: Store, config: Config, options: Narrowed): PlatformReleases<ReleaseRun>[] {
  const price = createPricer(config.prices)
  return readReleases(db, config, options, (platform) => {
    const judgements = judgementsOf(db, platform)
    return {
      traces: eachPriced(db, platform),
      runOf: (run, trace, structure, root) => {
        const measured = readRun(trace, structure, root, price)
        return toReleaseRun(run, measured, judgements(measured))
      },
    }
  })
}

function readReleases<R extends VersionRun>(
  db: Store,
  config: Config,
  { platform: named, environment }: Narrowed,
  readingOf: (platform: string) => Reading<R>,
): PlatformReleases<R>[] {
  const deployments = readDeployments(db)
  const originOf = originReader(db)
  const place = environment ?? config.workflow.match.environment
  const window = windowOf(config)
  return wantedPlatforms(config, named).map((each) => {
    const { traces, runOf } = readingOf(each.platform)
    const runs: R[] = []
    for (const trace of traces) {
      if (!isInWindow(startOf(trace), window)) continue
      const structure = readStructure(trace)
      const root = selectedRoot(trace, structure, config.workflow.match)
      const run = root && toVersionRun(trace, root, originOf(trace))
      if (run === undefined || (environment !== undefined && run.environment !== environment)) continue
      runs.push(runOf(run, trace, structure, root!)) // a run has a root
    }
    const production = runs.filter(({ origin }) => origin === 'production')
    return { ...each, runs, changes: readChanges(deployments, production, place) }
  })
}
