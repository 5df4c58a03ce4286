import type { Summary } from '../summary.js'
import type { Control, OutageLimits, Received, WorkloadRun } from './outage.js'
import { type LossAccount, lossAccount } from './outage-account.js'
import { faultOf } from './outage-faults.js'
import { type ControlRequest, type Lateness, latenessOf } from './outage-lateness.js'

export type RequestsVerdict = 'fail-open' | 'fail-closed' | 'inconclusive'
export type ExitVerdict = 'in time' | 'late' | 'never' | 'wrong code' | 'not measured'
export type MemoryVerdict = 'bounded' | 'grows' | 'not measured'

/** Why requests are not answered as they were in the control. */
export type Cause =
  /** An error that nobody caught ended the application. */
  | 'crashed'
  /** It ended by itself, without such an error. */
  | 'ended early'
  /** It was still there at the limit, with requests to answer. */
  | 'stuck'
  /** Requests were answered with an error. */
  | 'failed'
  | 'other answers'
  /** Requests wait for the platform. */
  | 'waits'

/** One fault: what the application did, held against the control. */
export interface FaultFigures {
  fault: string
  requests: {
    verdict: RequestsVerdict
    /** Requests that the control answered. */
    n: number
    /** Of them: answered at all, with an error, with another answer, later than the limit, and so in the control itself. */
    answered: number
    failed: number
    changed: number
    late: number
    usuallyLate: number
    causes: Cause[]
  }
  /** Milliseconds that a request took longer than in the control, by pairs. */
  added: Summary
  /** Milliseconds beyond which a request is late. */
  limitMs: number
  /** How often it was run, since a busy machine looks like a waiting application; the run with the fewest late requests counts. */
  runs: number
  exit: { verdict: ExitVerdict; code: number | undefined; delayMs: number | undefined; addedMs: number | undefined }
  /** Beyond the control. */
  memory: { verdict: MemoryVerdict; addedBytes: number | undefined; grewBytes: number | undefined }
  account: LossAccount
  received: Received
  errorLines: number
  /** Text of a stranger. */
  uncaught: string | undefined
}

/** A run under a fault, judged against the control. `answers` are the control's, by number of request. */
export function judgeFault(
  fault: string,
  run: WorkloadRun,
  { control, pairs, limits }: { control: Control; pairs: ReadonlyMap<number, ControlRequest>; limits: OutageLimits },
): FaultFigures {
  const counts = countRequests(run, pairs, control.hasSameAnswers)
  const lateness = latenessOf(run.requests, pairs, { usualMs: p95Of(control), budget: limits.latencyBudget })
  const causes = causesOf(run, counts, lateness)
  const isDone = counts.answered === counts.n
  return {
    fault,
    requests: {
      verdict: requestsVerdict(causes, lateness),
      ...counts,
      late: lateness.late,
      usuallyLate: lateness.usuallyLate,
      causes,
    },
    added: lateness.added,
    limitMs: lateness.limitMs,
    runs: 1,
    exit: exitOf(run, control, { isDone, budgetMs: limits.exitBudgetMs }),
    memory: memoryOf(run, control, limits.memoryBudgetBytes),
    account: lossAccount(run, control, { fault: faultOf(fault), answered: counts.answered }),
    received: run.received,
    errorLines: run.errorLines,
    uncaught: run.uncaught,
  }
}

function p95Of({ latency }: Control): number {
  return latency.percentiles.find(({ p }) => p === 0.95)?.value ?? 0
}

/**
 * True where another run may tell more: whether requests wait is open, or not most of them are late. An application that waits
 * does so in every run.
 */
export function isWorthRepeating({ requests: { verdict, causes, late, n } }: FaultFigures): boolean {
  if (verdict === 'inconclusive') return true
  return causes.length === 1 && causes[0] === 'waits' && late <= n / 2
}

type Counts = Pick<FaultFigures['requests'], 'n' | 'answered' | 'failed' | 'changed'>

function countRequests(
  { requests }: WorkloadRun,
  pairs: ReadonlyMap<number, ControlRequest>,
  hasSameAnswers: boolean,
): Counts {
  const counts = { n: pairs.size, answered: 0, failed: 0, changed: 0 }
  for (const { number, ok, answer } of requests) {
    const before = pairs.get(number)
    if (before === undefined) continue
    counts.answered += 1
    if (!ok) counts.failed += 1
    else if (hasSameAnswers && answer !== before.answer) counts.changed += 1
  }
  return counts
}

function causesOf(run: WorkloadRun, { n, answered, failed, changed }: Counts, { isLate }: Lateness): Cause[] {
  const causes: Cause[] = []
  if (answered < n) causes.push(run.isKilled ? 'stuck' : run.uncaught === undefined ? 'ended early' : 'crashed')
  if (failed > 0) causes.push('failed')
  if (changed > 0) causes.push('other answers')
  // What an application that ended has answered by then is too little to go by.
  if (isLate === 'yes' && (answered === n || run.isKilled)) causes.push('waits')
  return causes
}

function requestsVerdict(causes: readonly Cause[], { isLate }: Lateness): RequestsVerdict {
  if (causes.length > 0) return 'fail-closed'
  return isLate === 'no' ? 'fail-open' : 'inconclusive'
}

function exitOf(
  run: WorkloadRun,
  control: Control,
  { isDone, budgetMs }: { isDone: boolean; budgetMs: number },
): FaultFigures['exit'] {
  const [own, usual] =
    control.kind === 'process' ? [run.totalMs, control.totalMs] : [run.exitDelayMs, control.exitDelayMs]
  const addedMs = own === undefined || usual === undefined ? undefined : Math.max(0, own - usual)
  // Whoever has not done its work is no measure of how long it takes to end.
  const figures = isDone
    ? { code: run.exitCode, delayMs: run.exitDelayMs, addedMs }
    : { code: run.exitCode, delayMs: undefined, addedMs: undefined }
  if (run.isKilled) return { verdict: isDone || control.kind === 'process' ? 'never' : 'not measured', ...figures }
  if (run.exitCode !== control.exitCode) return { verdict: 'wrong code', ...figures }
  if (addedMs === undefined || !isDone) return { verdict: 'not measured', ...figures }
  return { verdict: addedMs > budgetMs + control.exitSlackMs ? 'late' : 'in time', ...figures }
}

function memoryOf({ peakBytes, grewBytes }: WorkloadRun, control: Control, budget: number): FaultFigures['memory'] {
  if (peakBytes === undefined || control.peakBytes === undefined)
    return { verdict: 'not measured', addedBytes: undefined, grewBytes }
  const addedBytes = Math.max(0, peakBytes - control.peakBytes)
  return { verdict: addedBytes > budget ? 'grows' : 'bounded', addedBytes, grewBytes }
}
