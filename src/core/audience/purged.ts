import type { PurgedTraces } from '../evidence.js'
import { fewestRuns } from './audiences.js'
import { each, only } from './sight.js'

/** When traces were purged, and how many where they are no single person's. */
export const purgedForProduct = each(
  only<PurgedTraces>({
    timeMs: 'shown',
    traces: (traces) => (traces < fewestRuns ? null : traces),
    isRestored: 'shown',
  }),
)
