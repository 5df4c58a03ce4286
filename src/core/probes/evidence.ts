import type { DeletionProbe } from './deletion.js'
import type { ExportProbe } from './export.js'
import type { OutageResult } from './outage.js'
import type { OverheadResult } from './overhead.js'
import type { PrivacyResult } from './privacy.js'

/** A probe that was run, and what it found; `result` is of the probe's own type. */
export interface ProbeRun<Result = unknown> {
  id: number
  probe: ProbeName
  /** The platform that it is about. */
  platform: string
  /** Epoch milliseconds. */
  startedMs: number
  endedMs: number
  result: Result
}

export const probeNames = ['overhead', 'outage', 'privacy', 'deletion', 'export'] as const
export type ProbeName = (typeof probeNames)[number]

/** The last run of each probe of one platform; absent where it was never run. */
export interface ProbeEvidence {
  /** What instrumentation adds to a request. */
  overhead?: ProbeRun<OverheadResult>
  /** What the application does while the platform is out. */
  outage?: ProbeRun<OutageResult>
  /** Where planted canaries were found. */
  privacy?: ProbeRun<PrivacyResult>
  /** When deleted traces were gone. */
  deletion?: ProbeRun<DeletionProbe>
  /** What an export keeps of what was sent. */
  export?: ProbeRun<ExportProbe>
}
