import type { SampleKind, WorkloadRun } from '../core/probes/outage.js'
import { type FaultOptions, startFaultServer } from './fault-server.js'
import { requireFree } from './outage-http.js'
import { interrupted, runWorkload, type WorkloadPlan } from './workload.js'

export interface OutagePlan {
  workload: WorkloadPlan
  endpoint: Omit<FaultOptions, 'lifeMs'>
  /** How long a run takes without a fault: half of it is the middle for a workload that does not tell its requests. */
  usualMs: number | undefined
}

/** The endpoint outlives the workload's limit and the time that it is given to end. */
const afterLimitMs = 10_000

/** Runs the workload once against an endpoint with a fault, or with `ok`. Throws `PilotError` where it cannot be run. */
export async function runUnderFault(
  fault: string,
  { workload, endpoint, usualMs }: OutagePlan,
): Promise<WorkloadRun & { kind: SampleKind }> {
  if (workload.signal.aborted) throw interrupted()
  if (workload.callee !== undefined) await requireFree(workload.callee.url)
  const server = await startFaultServer(fault, { ...endpoint, lifeMs: workload.limitMs + afterLimitMs })
  const middle = usualMs === undefined ? undefined : setTimeout(() => server.onProgress(0.5), usualMs / 2)
  try {
    const run = await runWorkload(workload, server.endpoint, server.onProgress)
    return { ...run, received: server.received() }
  } finally {
    clearTimeout(middle)
    await server.close()
  }
}
