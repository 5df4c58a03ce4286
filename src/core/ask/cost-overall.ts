import { type CompletionRule, ruleText } from '../completed.js'
import { type CompletedCost, completedCost } from '../completed-cost.js'
import type { AskedRun } from './question.js'

/** What completed tasks cost, and when a run is one, in words. */
export interface CostOverall extends CompletedCost {
  rule: string
  knownRuns: number
  /** As `usd`. */
  perCompletedUsd: number | null
}

/** Sums over runs that are added one by one. */
export function costOverall(rule: CompletionRule) {
  const { add, result } = completedCost()
  return {
    add: ({ run, completion }: AskedRun): void => add(completion.state, run.cost.total),
    result: (): CostOverall => {
      const cost = result()
      return {
        ...cost,
        rule: ruleText(rule),
        knownRuns: cost.runs - cost.unknownCost,
        perCompletedUsd: cost.usd ?? null,
      }
    },
  }
}
