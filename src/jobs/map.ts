import type { Config } from '../config/schema.js'
import { nearest } from '../config/suggest.js'
import { PilotError } from '../core/errors.js'
import type { Evidence } from '../core/evidence.js'
import { type MapStep, readMap } from '../core/map/declared.js'
import { type MapMeasure, type MetTrace, measureMap } from '../core/map/measure.js'
import { selectedRoot } from '../core/select.js'
import type { Store } from '../store/open.js'
import { eachSkeleton } from '../store/spans.js'
import { platformsOf } from './platforms.js'
import { sameInputOf } from './same-input.js'
import { workflowTraces } from './workflow-runs.js'

/** The declared map against the traces of one platform. */
export interface PlatformMap {
  platform: string
  role: Evidence['role']
  measure: MapMeasure
}

/** A step in fewer runs is an exception, or has an id in its name. */
const minShare = 0.05

/**
 * Sets `workflow.map` against the runs in the window of every platform, or of one; replayed and synthetic ones do not count.
 * Throws `PilotError` (exit 2) for a platform that pilot.yaml does not name.
 */
export function measureMaps(db: Store, config: Config, only: string | undefined): PlatformMap[] {
  const declared = config.workflow.map ?? []
  return wantedPlatforms(config, only).map(({ platform, role }) => ({
    platform,
    role,
    measure: measurePlatform({ db, config, platform }, declared),
  }))
}

/** What a drawing shows of one platform: the declared map, or, where there is none, the map that its traces suggest. */
export function measureDrawing(db: Store, config: Config, { platform, measure }: PlatformMap): MapMeasure {
  return measure.steps.length > 0 ? measure : measurePlatform({ db, config, platform }, measure.observed)
}

interface Source {
  db: Store
  config: Config
  platform: string
}

function measurePlatform(source: Source, steps: readonly MapStep[]): MapMeasure {
  return measureMap(metTraces(source), {
    map: readMap(steps),
    sameInput: sameInputOf(source.db, source.platform),
    minShare,
  })
}

/** The runs, and the traces that may be parts of one: those of the workflow's service and environment, whatever their root. */
function* metTraces({ db, config, platform }: Source): Generator<MetTrace> {
  const match = { ...config.workflow.match, root: undefined }
  for (const { trace, structure, root } of workflowTraces(db, config, {
    include: ['not logged'],
    read: eachSkeleton,
  }).tracesOn(platform)) {
    if (root !== undefined || selectedRoot(trace, structure, match) !== undefined) yield { trace, structure, root }
  }
}

function wantedPlatforms(config: Config, only: string | undefined): ReturnType<typeof platformsOf> {
  const platforms = platformsOf(config)
  const wanted = platforms.filter(({ platform }) => only === undefined || platform === only)
  if (only === undefined || wanted.length > 0) return wanted
  const known = platforms.map(({ platform }) => platform)
  const near = nearest(only, known)
  throw new PilotError(`pilot.yaml names no platform ${only}.`, {
    hint: near === undefined ? `It names ${known.join(', ')}.` : `Did you mean ${near}? It names ${known.join(', ')}.`,
  })
}
