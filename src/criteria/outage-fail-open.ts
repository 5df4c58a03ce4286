import type { Criterion } from '../core/criterion.js'
import type { Measurement } from '../core/measurement.js'
import type { OutageResult } from '../core/probes/outage.js'
import { badExits, requestsAsWanted, unwantedRequests } from '../core/probes/outage-summary.js'
import type { FaultFigures } from '../core/probes/outage-verdict.js'
import { plain } from './plain.js'

/** Requests that the application failed because the platform was down; 0 is wanted: logging fails open. */
export const outageFailOpen: Criterion = {
  id: 'outage-fail-open',
  title: 'Requests lost in an outage',
  line: 'production safety',
  unit: 'count',
  defaultTarget: { comparison: '==', value: 0 },
  mustByDefault: true,
  query: "pilot probe outage --last --json | jq '.faults[].requests'",
  measure({ probes: { outage } }) {
    if (outage === undefined) {
      const reason = 'The application was not run against a platform that is out.'
      return { measured: false, reason, next: 'pilot probe outage' }
    }
    return measureOf(outage.result)
  },
}

function measureOf(result: OutageResult): Measurement {
  const { faults, limits, isComplete } = result
  const value = faults.reduce((sum, each) => sum + unwantedRequests(each, limits.expect), 0)
  const open = faults.filter((each) => requestsAsWanted(each, limits.expect) === 'unknown')
  const evidence = evidenceOf(result)
  // What was lost was lost, in half a run too; that nothing was is said of a whole one only.
  if (value === 0 && (!isComplete || open.length > 0))
    return { measured: false, reason: whyNot(result, open), next: 'pilot probe outage', evidence }
  return {
    measured: true,
    value,
    unit: 'count',
    n: faults.reduce((sum, { requests }) => sum + requests.n, 0),
    x: value,
    note: noteOf(result),
    evidence,
  }
}

function whyNot({ isComplete, faults, wanted }: OutageResult, open: readonly FaultFigures[]): string {
  if (!isComplete) return `The outage matrix is incomplete: ${faults.length} of ${wanted.length} faults were walked.`
  return `Whether requests wait cannot be told under ${namesOf(open)}: the machine was busy, or requests were too few.`
}

function noteOf({ faults, limits }: OutageResult): string | undefined {
  const unlike = faults.filter((each) => requestsAsWanted(each, limits.expect) === 'no')
  const late = badExits(faults)
  const parts = [
    ...(unlike.length > 0 ? [`not fail-${limits.expect} under ${namesOf(unlike)}`] : []),
    ...(late.length > 0 ? [`exit over ${plain(limits.exitBudgetMs / 1000)} s under ${namesOf(late)}`] : []),
  ]
  return parts.length === 0 ? undefined : parts.join('; ')
}

function evidenceOf({ faults, limits, control, wanted, volume }: OutageResult): string[] {
  const late = badExits(faults)
  const { requests, received } = control
  const sampled = volume ?? { requests, traces: received.traces }
  return [
    `outage matrix: ${faults.length} of ${wanted.length} faults, ${requests} requests each, against two runs without a fault; expected to fail ${limits.expect}`,
    `exit: ${faults.length - late.length} of ${faults.length} within ${plain(limits.exitBudgetMs / 1000)} s of the control${late.length > 0 ? `; over it ${late.map(exitText).join(', ')}` : ''}`,
    ...faults.map(faultText),
    `requests with a trace without a fault: ${Math.min(sampled.requests, sampled.traces)} of ${sampled.requests}`,
  ]
}

function faultText({ fault, requests, added, memory, account }: FaultFigures): string {
  const p95 = added.percentiles.find(({ p }) => p === 0.95)
  const parts = [
    `${requests.verdict}${requests.causes.length > 0 ? ` (${requests.causes.join(', ')})` : ''}`,
    `${requests.answered - requests.failed} of ${requests.n} answered`,
    ...(p95 === undefined ? [] : [`p95 ${p95.value > 0 ? '+' : ''}${plain(p95.value)} ms`]),
    ...(memory.verdict === 'grows' ? [`memory +${plain((memory.addedBytes ?? 0) / 1e6)} MB`] : []),
    `${account.traces.delivered} of ${account.traces.expected} traces delivered, ${account.twice} records twice`,
  ]
  return `${fault}: ${parts.join('; ')}`
}

function exitText({ fault, exit }: FaultFigures): string {
  return exit.verdict === 'late' ? `${fault} +${plain((exit.addedMs ?? 0) / 1000)} s` : `${fault} ${exit.verdict}`
}

function namesOf(faults: readonly FaultFigures[]): string {
  return faults.map(({ fault }) => fault).join(', ')
}
