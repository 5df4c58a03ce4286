import { nonInferiority } from '../stats/noninferiority.js'
import { newcombe } from '../stats/proportion.js'
import { meanInterval, tQuantile } from '../stats/student.js'
import { hasShared, type NonInferiority } from './compare.js'
import { ofWhole, type RunCompareOptions, sharedChecks, type WholeRun } from './compare-runs.js'
import type { Gate } from './gate.js'
import { allChecks } from './overall.js'
import { countOutcomes, type PassRate, passRate } from './result.js'
import type { RunResult } from './run.js'

/** Pass rates of two runs on other cases, against each other. */
export interface IndependentComparison {
  id: string
  gate: Gate
  a: PassRate
  b: PassRate
  difference: number | undefined
  low: number
  high: number
  verdict: NonInferiority
}

/**
 * Compares the pass rates of two runs whose cases are not the same: weaker, since cases differ too. By Newcombe's interval;
 * with repeats or clusters by Welch's t over cases or clusters. Safe only if it is so whatever errors hide.
 */
export function compareIndependent(a: WholeRun, b: WholeRun, options: RunCompareOptions): IndependentComparison[] {
  return sharedChecks(a, b, options)
    .filter(({ id }) => id !== allChecks)
    .map(({ id, gate }) => {
      const [ofA, ofB] = [a, b].map(({ results }) => results.filter(({ check }) => check === id)) as [
        RunResult[],
        RunResult[],
      ] // two in, two out
      const seen = differenceOf([a, ofA, 0], [b, ofB, 0])
      const worst = differenceOf([a, ofA, 1], [b, ofB, 0])
      const verdict = nonInferiority(seen, options.margin)
      const isSafe = nonInferiority(worst, options.margin) === 'safe'
      return {
        ...{ id, gate, ...seen },
        a: passRate(countOutcomes(ofA)),
        b: passRate(countOutcomes(ofB)),
        verdict: ofWhole([a, b], isSafe || verdict !== 'safe' ? verdict : 'inconclusive'),
      }
    })
}

/** A side: its run, the results of a check, and what an error counts for. */
type Side = readonly [run: WholeRun, results: readonly RunResult[], errorAs: 0 | 1]

function differenceOf(a: Side, b: Side): { difference: number | undefined; low: number; high: number } {
  const [unitsA, unitsB] = [unitsOf(a), unitsOf(b)]
  const [sumA, sumB] = [sumOf(unitsA.values), sumOf(unitsB.values)]
  const byCounts = newcombe(Math.round(sumB), unitsB.values.length, Math.round(sumA), unitsA.values.length)
  if (!unitsA.isPooled && !unitsB.isPooled) return byCounts
  const [meanA, meanB] = [meanInterval(unitsA.values), meanInterval(unitsB.values)]
  if (meanA === undefined || meanB === undefined) return { difference: byCounts.difference, low: -1, high: 1 }
  const [varianceA, varianceB] = [meanA.se ** 2, meanB.se ** 2]
  // Where nothing varied a t would be certain of it, however few there are.
  if (varianceA + varianceB === 0) return byCounts
  const difference = meanB.mean - meanA.mean
  // Welch and Satterthwaite.
  const df = (varianceA + varianceB) ** 2 / (varianceA ** 2 / meanA.df + varianceB ** 2 / meanB.df)
  const half = tQuantile(0.975, df) * Math.sqrt(varianceA + varianceB)
  return { difference, low: Math.max(-1, difference - half), high: Math.min(1, difference + half) }
}

/** The pass shares of what is independent of each other: cases, or clusters of them; pooled where one holds several results. */
function unitsOf([{ cases }, results, errorAs]: Side): { values: number[]; isPooled: boolean } {
  const clusters = new Map(cases.map(({ id, cluster }) => [id, cluster]))
  const isClustered = hasShared([...clusters.values()])
  const units = new Map<string, number[]>()
  for (const { caseId, outcome } of results) {
    if (outcome === 'unscored') continue
    const cluster = isClustered ? clusters.get(caseId) : undefined
    const key = JSON.stringify(cluster === undefined ? { caseId } : { cluster })
    const value = outcome === 'error' ? errorAs : outcome === 'pass' ? 1 : 0
    const unit = units.get(key)
    if (unit === undefined) units.set(key, [value])
    else unit.push(value)
  }
  const all = [...units.values()]
  return { values: all.map((values) => sumOf(values) / values.length), isPooled: all.some(({ length }) => length > 1) }
}

function sumOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
