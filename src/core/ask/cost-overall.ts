import { isCompleted } from './cost-per-task.js'
import type { AskedRun } from './question.js'

/** What completed tasks cost, over all runs whose whole cost is known. */
export interface CostOverall {
  runs: number
  knownRuns: number
  /** Of the known runs. */
  completed: number
  /** US dollars of all known runs, failed ones too: a task is paid for whether it ends well or not. */
  totalUsd: number
  /** Undefined where none was completed. */
  perCompletedUsd: number | undefined
}

/** Sums over runs that are added one by one. */
export function costOverall() {
  const sums = { runs: 0, knownRuns: 0, completed: 0, totalUsd: 0 }
  return {
    add(asked: AskedRun): void {
      sums.runs += 1
      const usd = asked.run.cost.total
      if (usd === undefined) return
      sums.knownRuns += 1
      sums.totalUsd += usd
      if (isCompleted(asked)) sums.completed += 1
    },
    result: (): CostOverall => ({
      ...sums,
      perCompletedUsd: sums.completed === 0 ? undefined : sums.totalUsd / sums.completed,
    }),
  }
}
