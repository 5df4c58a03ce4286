import type { Completion } from './completed.js'
import { fieller } from './stats/ratio.js'

/** What a completed task costs. `runs = completed + notCompleted + unknown + unknownCost`. */
export interface CompletedCost {
  runs: number
  /** Of the runs whose cost is known: those that are completed tasks, those that are not, and those of which it is unknown. */
  completed: number
  notCompleted: number
  unknown: number
  /** Runs whose cost is unknown; nothing else here counts them. */
  unknownCost: number
  /** US dollars of all runs of known cost, those that were not completed too: they were paid for. */
  totalUsd: number
  /** That, for each completed run; undefined where none was completed, and where it is unknown of some run. */
  usd: number | undefined
  /** If every run of unknown completion was completed, and if none was; undefined where none is completed then. */
  low: number | undefined
  high: number | undefined
  /** 95 %, of `usd`; with unknown runs from the lower end for `low` to the upper end for `high`. Undefined for too few. */
  interval: { low: number; high: number } | undefined
}

/** What a completed task costs, over runs that are added one by one; what is kept is a few numbers. */
export function completedCost() {
  const none = (): Moments => ({ n: 0, sum: 0, squares: 0 })
  const costs: Record<State, Moments> = { completed: none(), 'not completed': none(), unknown: none() }
  let unknownCost = 0
  return {
    /** US dollars of one run; undefined where they are not known. */
    add(state: State, usd: number | undefined): void {
      if (usd === undefined) unknownCost += 1
      else addCost(costs[state], usd)
    },
    result: (): CompletedCost => costOfTasks(costs, unknownCost),
  }
}

type State = Completion['state']

/** Costs of some runs: how many, their sum, and their squared deviations from the mean. */
interface Moments {
  n: number
  sum: number
  squares: number
}

function addCost(costs: Moments, usd: number): void {
  const distance = costs.n === 0 ? 0 : usd - costs.sum / costs.n
  costs.n += 1
  costs.sum += usd
  // Welford (1962): the sum of squares itself would lose its digits.
  costs.squares += distance * (usd - costs.sum / costs.n)
}

/**
 * A ratio of two means over runs: what a run costs, to the share that is completed. Its interval is Fieller's and not that of
 * the delta method, which takes the ratio for a straight line in that share: symmetric, and too low where few runs are completed.
 * Where many are, both are the same. Bounds for what is unknown: Manski (2003), Partial Identification of Probability Distributions, 1.
 */
function costOfTasks(costs: Record<State, Moments>, unknownCost: number): CompletedCost {
  const { completed, 'not completed': failed, unknown } = costs
  const totalUsd = completed.sum + failed.sum + unknown.sum
  const best = ratioOf(merged(completed, unknown), failed)
  const worst = unknown.n === 0 ? best : ratioOf(completed, merged(failed, unknown))
  return {
    runs: completed.n + failed.n + unknown.n + unknownCost,
    completed: completed.n,
    notCompleted: failed.n,
    unknown: unknown.n,
    unknownCost,
    totalUsd,
    usd: unknown.n === 0 ? best.usd : undefined,
    low: best.usd,
    high: worst.usd,
    interval: best.interval && worst.interval && { low: best.interval.low, high: worst.interval.high },
  }
}

/** The cost of all runs for each that is completed; no cost is below 0, and so is no bound of one. */
function ratioOf(completed: Moments, others: Moments): Pick<CompletedCost, 'usd' | 'interval'> {
  if (completed.n === 0) return { usd: undefined, interval: undefined }
  const all = merged(completed, others)
  const between = (completed.n * others.n) / all.n
  const interval = fieller({
    n: all.n,
    meanX: completed.n / all.n,
    meanY: all.sum / all.n,
    xx: between,
    yy: all.squares,
    xy: between * distanceOf(completed, others),
  })
  return {
    usd: all.sum / completed.n,
    interval: interval && { low: Math.max(0, interval.low), high: interval.high },
  }
}

/** Two lots of runs as one. */
function merged(a: Moments, b: Moments): Moments {
  const n = a.n + b.n
  const between = n === 0 ? 0 : ((a.n * b.n) / n) * distanceOf(a, b) ** 2
  return { n, sum: a.sum + b.sum, squares: a.squares + b.squares + between }
}

/** How far the mean of one lies above that of the other; 0 where one of them has no runs, since then it weighs nothing. */
function distanceOf(a: Moments, b: Moments): number {
  return a.n === 0 || b.n === 0 ? 0 : a.sum / a.n - b.sum / b.n
}
