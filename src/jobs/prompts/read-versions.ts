import type { Config } from '../../config/schema.js'
import type { Deployment } from '../../core/deployment.js'
import type { Evidence } from '../../core/evidence.js'
import { type VersionTally, versionTally } from '../../core/prompts/version-tally.js'
import { type Watched, watchDeployments } from '../../core/prompts/watch.js'
import { readDeployments } from '../../store/deployments.js'
import { eachPriced } from '../../store/each-trace.js'
import type { Store } from '../../store/open.js'
import { productionOf } from '../platforms.js'
import { workflowRuns } from '../workflow-runs.js'
import { saidReader } from './said-of-runs.js'

type PlatformRole = Pick<Evidence, 'platform' | 'role'>

/** The prompt versions of one platform's runs, and what followed each deployment; one pass over spans without their text. */
export interface PlatformVersions extends PlatformRole {
  tally: VersionTally
  watched: Watched[]
}

/** Reads the versions on these platforms; `deployments` in order of time. */
export function readVersions(
  db: Store,
  config: Config,
  { platforms, withinMs = config.prompts.within }: { platforms: PlatformRole[]; withinMs?: number | undefined },
): { deployments: Deployment[]; platforms: PlatformVersions[] } {
  const deployments = readDeployments(db)
  // Runs that no request log knows count, as they do in every other measure; replayed and synthetic ones do not.
  const { runsOn } = workflowRuns(db, config, { include: ['not logged'], read: eachPriced })
  const read = platforms.map((each) => {
    const tally = versionTally()
    const watch = watchDeployments(deployments, { withinMs, environment: productionOf(config) })
    const saidOf = saidReader(db, each.platform)
    for (const { run } of runsOn(each.platform)) {
      tally.add(run, saidOf(run))
      watch.add(run)
    }
    return { ...each, tally: tally.result(), watched: watch.result() }
  })
  return { deployments, platforms: read }
}
