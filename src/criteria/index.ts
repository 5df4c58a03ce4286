import type { Criterion } from '../core/criterion.js'
import { canaryLeaks } from './canary-leaks.js'
import { costByModel } from './cost-by-model.js'
import { costByTenant } from './cost-by-tenant.js'
import { costPerCompletedTask } from './cost-per-completed-task.js'
import { costPerRun } from './cost-per-run.js'
import { debugTime } from './debug-time.js'
import { deletion } from './deletion.js'
import { evalsConnected } from './evals-connected.js'
import { exportFidelity } from './export-fidelity.js'
import { feedbackJoined } from './feedback-joined.js'
import { instrumentationEffort } from './instrumentation-effort.js'
import { metadataConsistent } from './metadata-consistent.js'
import { noLeaks } from './no-leaks.js'
import { outageFailOpen } from './outage-fail-open.js'
import { overhead } from './overhead.js'
import { platformCost } from './platform-cost.js'
import { promptRollback } from './prompt-rollback.js'
import { promptVersionMapped } from './prompt-version-mapped.js'
import { requestVolume } from './request-volume.js'
import { requiredFields } from './required-fields.js'
import { retriesVisible } from './retries-visible.js'
import { securitySignoff } from './security-signoff.js'
import { slowStepsVisible } from './slow-steps-visible.js'
import { teamAdoption } from './team-adoption.js'
import { traceCoverage } from './trace-coverage.js'
import { traceStructure } from './trace-structure.js'

/** Every criterion, in the order of the scorecard. Add a new one here. */
export const criteria: readonly Criterion[] = [
  instrumentationEffort,
  traceCoverage,
  traceStructure,
  requiredFields,
  requestVolume,
  metadataConsistent,
  debugTime,
  slowStepsVisible,
  retriesVisible,
  promptVersionMapped,
  promptRollback,
  evalsConnected,
  feedbackJoined,
  overhead,
  outageFailOpen,
  noLeaks,
  canaryLeaks,
  securitySignoff,
  deletion,
  exportFidelity,
  teamAdoption,
  costPerRun,
  costByModel,
  costByTenant,
  costPerCompletedTask,
  platformCost,
]
