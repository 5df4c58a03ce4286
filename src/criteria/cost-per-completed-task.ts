import { ruleText } from '../core/completed.js'
import type { CompletedCost } from '../core/completed-cost.js'
import type { Criterion } from '../core/criterion.js'
import type { Measurement } from '../core/measurement.js'

/** What all runs cost, those that failed too, for each that is a completed task by `workflow.completed`. */
export const costPerCompletedTask: Criterion = {
  id: 'cost-per-completed-task',
  title: 'Cost per completed task',
  line: 'cost fit',
  unit: 'usd',
  defaultTarget: { comparison: '<=', value: 1 },
  mustByDefault: false,
  query: "pilot cost --json | jq '.platforms[].perCompletedTask'",
  measure({ tally: { costPerTask } }) {
    const rule = `rule: a run is completed when ${ruleText(costPerTask.rule)}`
    return measureCost(costPerTask.all, [countLine(costPerTask.all), rule])
  },
}

/** Where it is unknown of some runs, the value is that of the worst case, and the interval holds the best one too. */
function measureCost(cost: CompletedCost, counted: string[]): Measurement {
  const { runs, unknownCost, unknown, low, high, interval } = cost
  if (low === undefined || high === undefined || interval === undefined)
    return { measured: false, reason: reasonOf(cost), next: 'pilot cost', evidence: counted }
  const bounds = `${precise(high)} if none of the ${unknown} runs of unknown completion is completed, ${precise(low)} if all are`
  return {
    measured: true,
    value: high,
    unit: 'usd',
    n: runs - unknownCost,
    interval,
    ...(unknown > 0 && { note: bounds }),
    evidence: [...counted, '95 % interval by Fieller, of the ratio of two means over runs'],
  }
}

function reasonOf({ runs, unknownCost, completed, unknown }: CompletedCost): string {
  if (runs === 0) return 'No run was selected.'
  if (runs === unknownCost) return 'The cost of no run is known.'
  if (completed > 0) return `Too few completed runs for an interval: ${completed} of ${runs - unknownCost}.`
  return unknown === 0 ? 'No run completed.' : `No run is known to be completed, and of ${unknown} it is unknown.`
}

function countLine({ runs, completed, notCompleted, unknown, unknownCost, totalUsd }: CompletedCost): string {
  const states = `${completed} completed, ${notCompleted} not, ${unknown} unknown`
  const left = unknownCost === 0 ? '' : `; ${unknownCost} runs of unknown cost left out`
  return `${precise(totalUsd)} for ${runs - unknownCost} runs: ${states}${left}`
}

/** A task may cost far less than a cent. */
function precise(usd: number): string {
  return `$${Number(usd.toPrecision(4))}`
}
