import type { LoadedConfig } from '../../config/load.js'
import { placeKey, type RunResult } from '../../core/eval/run.js'
import { readRunOutputs, readRunResults } from '../../store/evals.js'
import { workspaceOf } from '../workspace.js'

/** Every result of a run, and how long its outputs took. */
export function listResults(
  loaded: LoadedConfig,
  run: string,
): { results: RunResult[]; latencyMs(caseId: string, repeat: number): number | undefined } {
  const db = workspaceOf(loaded).open('read')
  try {
    const taken = new Map(
      readRunOutputs(db, run).map(([caseId, repeat, output]) => [placeKey(caseId, repeat), output.latencyMs]),
    )
    return {
      results: readRunResults(db, run),
      latencyMs: (caseId, repeat) => taken.get(placeKey(caseId, repeat)),
    }
  } finally {
    db.close()
  }
}
