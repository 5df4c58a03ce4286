import type { Config } from '../config/schema.js'
import type { Evidence } from '../core/evidence.js'
import { type MapStep, readMap } from '../core/map/declared.js'
import { conforms, type MapMeasure, type MetTrace, measureMap } from '../core/map/measure.js'
import { selectedRoot } from '../core/select.js'
import { eachSkeleton } from '../store/each-trace.js'
import type { Store } from '../store/open.js'
import { wantedPlatforms } from './platforms.js'
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

/** Whether a run of the platform conforms to the declared map; reads as far as the first that does. False without a map. */
export function hasConformingRun(db: Store, config: Config, platform: string): boolean {
  const map = readMap(config.workflow.map ?? [])
  if (map.steps.length === 0) return false
  for (const met of metTraces({ db, config, platform })) if (met.root !== undefined && conforms(met, map)) return true
  return false
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
