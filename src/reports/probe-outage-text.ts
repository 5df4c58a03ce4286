import type { Cause, FaultFigures } from '../core/probes/outage-verdict.js'
import { formatDuration, nothing } from './number.js'

/** Why requests were not answered as in the control, in words. What the application said is a stranger's text. */
export function causeText(cause: Cause, figures: FaultFigures): string {
  const { n, answered, failed, changed, late } = figures.requests
  const how = `after ${answered} of ${n} requests`
  const code = figures.exit.code === undefined ? 'by a signal' : `with exit code ${figures.exit.code}`
  if (cause === 'crashed') return `an error that nobody caught ended the application ${how}: ${figures.uncaught}`
  if (cause === 'ended early') return `the application ended itself ${code} ${how}`
  if (cause === 'stuck') return `the application was still at it at the limit, ${how}`
  if (cause === 'failed') return `${failed} of ${n} requests failed`
  if (cause === 'other answers') return `${changed} of ${n} requests answered otherwise than in the control`
  const median = formatDuration(figures.added.percentiles[0]?.value)
  return `requests wait for the platform: ${late} of ${n} took over ${formatDuration(figures.limitMs)} longer, the median one ${median}`
}

/** What is wrong with an exit; undefined where nothing is. */
export function exitText({ exit, requests, uncaught }: FaultFigures, budgetMs: number): string | undefined {
  const isNew = uncaught !== undefined && !requests.causes.includes('crashed')
  const budget = `budget ${formatDuration(budgetMs)}`
  if (exit.verdict === 'late') return `ends ${formatDuration(exit.addedMs)} later (${budget})`
  if (exit.verdict === 'never')
    return `never ends: still there ${formatDuration(exit.delayMs)} after its last request, and killed`
  if (exit.verdict === 'wrong code')
    return `${exit.code === undefined ? 'ended by a signal' : `exit code ${exit.code}`}, unlike the control${isNew ? `: ${uncaught}` : ''}`
  return undefined
}

/** What became of the records of an outage that ended. */
export function recoveryText({ account, received }: FaultFigures): string {
  if (received.isBack !== true) return 'the application sent nothing more once the platform worked again'
  const { delivered, expected } = account
  return `${delivered} of ${expected} records were delivered, ${received.recovered} of them turned away before`
}

/** Bytes as megabytes: `12.3 MB`. */
export function memoryText(bytes: number | undefined): string {
  return bytes === undefined ? nothing : `${(bytes / 1e6).toFixed(1)} MB`
}

/** Faults by name, each with by how much: what a request takes longer, when it ends, or its memory. */
export function listed(faults: readonly FaultFigures[], by: 'added' | 'exit' | 'memory'): string[] {
  return faults.map((each) => {
    const much = amounts[by](each)
    return much === undefined ? each.fault : `${each.fault} (+${much})`
  })
}

const amounts: Record<'added' | 'exit' | 'memory', (figures: FaultFigures) => string | undefined> = {
  added: ({ requests, added }) =>
    requests.causes.includes('waits') ? formatDuration(added.percentiles[0]?.value) : undefined,
  exit: ({ exit }) => (exit.verdict === 'late' ? formatDuration(exit.addedMs) : undefined),
  memory: ({ memory }) => memoryText(memory.addedBytes),
}
