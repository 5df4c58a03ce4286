import type { Outcome } from './result.js'
import { placeKey, type RunResult } from './run.js'

/** The name under which all gating checks together are shown. */
export const allChecks = 'all gates'

/**
 * One result per output for all checks that hold a release, none where they are fewer than two: fail where one fails, else error where one could not judge, else
 * pass where one passes; unscored where none had anything to judge.
 */
export function overallResults(gates: ReadonlySet<string>, results: readonly RunResult[]): RunResult[] {
  if (gates.size < 2) return []
  const found = new Map<string, RunResult>()
  for (const result of results) {
    if (!gates.has(result.check)) continue
    const key = placeKey(result.caseId, result.repeat)
    const before = found.get(key)
    if (before === undefined || rank[result.outcome] > rank[before.outcome]) {
      const { caseId, repeat, outcome, check, reason } = result
      found.set(key, { caseId, repeat, check: allChecks, outcome, reason: `${check}: ${reason}` })
    }
  }
  return [...found.values()]
}

const rank: Record<Outcome, number> = { unscored: 0, pass: 1, error: 2, fail: 3 }
