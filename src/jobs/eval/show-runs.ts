import type { LoadedConfig } from '../../config/load.js'
import { gateOf } from '../../core/eval/gate.js'
import type { EvalRun } from '../../core/eval/run.js'
import { type RunSummary, summariseRun } from '../../core/eval/summarise.js'
import { type Live, liveOfRun, readLive } from '../../core/live.js'
import { readDeployments } from '../../store/deployments.js'
import { readRuns } from '../../store/evals.js'
import { readCertificates } from '../../store/judges.js'
import type { Store } from '../../store/open.js'
import { openExisting, workspaceOf } from '../workspace.js'
import { findRun, openRun } from './find-run.js'

/** A run, summed up; `gates` holds the checks that may hold no release, with the reason, `live` where its prompt version or release is live. */
export interface ShownRun {
  summary: RunSummary
  gates: Map<string, string>
  live: Live[]
}

/** One run of the store; the last one without a name. */
export function showRun(loaded: LoadedConfig, named: string | undefined, nowMs: number): ShownRun {
  const db = workspaceOf(loaded).open('read')
  try {
    return shownRun(db, findRun(db, named), nowMs)
  } finally {
    db.close()
  }
}

/** Every run of the store, the newest first; none where there is no store. */
export function showRuns(loaded: LoadedConfig, nowMs: number): ShownRun[] {
  const db = openExisting(loaded)
  if (db === undefined) return []
  try {
    return readRuns(db)
      .reverse()
      .map((run) => shownRun(db, run, nowMs))
  } finally {
    db.close()
  }
}

function shownRun(db: Store, run: EvalRun, nowMs: number): ShownRun {
  const { cases, results } = openRun(db, run)
  const certificates = readCertificates(db)
  const gates = new Map<string, string>()
  for (const check of run.checks) {
    const gate = gateOf(check, certificates, nowMs)
    if (!gate.gates) gates.set(check.id, gate.why)
  }
  const gating = new Set(run.checks.map(({ id }) => id).filter((id) => !gates.has(id)))
  const live = liveOfRun(readLive(readDeployments(db), nowMs), run)
  return { summary: summariseRun(run, { cases, results, gates: gating }), gates, live }
}
