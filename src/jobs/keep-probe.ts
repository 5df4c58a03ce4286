import type { LoadedConfig } from '../config/load.js'
import { lockOnFirstData } from '../config/lock.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import type { Store } from '../store/open.js'
import { keepProbeRun } from '../store/probes.js'

/** Keeps what a probe found. The criteria are locked before, where they are not yet: from here on its verdict can be seen. */
export function keepProbe(loaded: LoadedConfig, db: Store, run: Omit<ProbeRun<object>, 'id'>): number {
  lockOnFirstData(loaded, run.endedMs)
  return keepProbeRun(db, run)
}
