import type { OutageResult } from './outage.js'
import { faultOf } from './outage-faults.js'
import type { FaultFigures } from './outage-verdict.js'

/** Whether requests did what is expected of them: `unknown` where that cannot be told. */
export function requestsAsWanted(
  { requests, fault }: FaultFigures,
  expect: 'open' | 'closed',
): 'yes' | 'no' | 'unknown' {
  if (requests.verdict === 'inconclusive') return 'unknown'
  if (expect === 'open') return requests.verdict === 'fail-open' ? 'yes' : 'no'
  // Whoever must not answer without a trace may answer while traces are kept.
  if (faultOf(fault).keeps) return 'yes'
  return requests.verdict === 'fail-closed' ? 'yes' : 'no'
}

/** Requests that did otherwise than wanted: lost, failed, other or late answers; or, where they should fail, answered. */
export function unwantedRequests(figures: FaultFigures, expect: 'open' | 'closed'): number {
  if (requestsAsWanted(figures, expect) !== 'no') return 0
  const { n, answered, failed, changed, late, causes } = figures.requests
  if (expect === 'closed') return answered - failed
  const waiting = causes.includes('waits') ? late : 0
  // A request may be late and wrong too: it is counted once, as the larger of the two.
  return Math.min(n, n - answered + Math.max(failed + changed, waiting))
}

/** True where every fault of the run is as wanted: its requests, its exit and its memory. */
export function isAsWanted({ faults, limits }: OutageResult): boolean {
  return faults.every(
    (each) =>
      requestsAsWanted(each, limits.expect) === 'yes' &&
      (each.exit.verdict === 'in time' || (limits.expect === 'closed' && each.exit.verdict === 'wrong code')) &&
      each.memory.verdict !== 'grows',
  )
}

/** Faults under which the application ends too late, never, or with another exit code. */
export function badExits(faults: readonly FaultFigures[]): FaultFigures[] {
  return faults.filter(({ exit }) => ['late', 'never', 'wrong code'].includes(exit.verdict))
}
