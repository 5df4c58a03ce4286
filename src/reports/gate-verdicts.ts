import type { NonInferiority } from '../core/eval/compare.js'
import { verdictOfAll } from '../core/eval/compare-runs.js'
import { type ComparedRuns, signedPoints } from './compare-runs.js'
import { formatPercent } from './number.js'

/** What a check that holds the release comes to, for machines that read one line. */
export interface GateVerdict {
  id: string
  /** Undefined where no case was judged under both. */
  verdict: NonInferiority | undefined
  /** The numbers, in words. */
  numbers: string
}

/** Of all checks that gate together. */
export function verdictOfRuns({ paired, independent = [] }: Pick<ComparedRuns, 'paired' | 'independent'>) {
  return paired?.verdict ?? verdictOfAll(independent.filter(({ gate }) => gate.gates).map(({ verdict }) => verdict))
}

/** The checks that hold the release, one by one. */
export function gateVerdicts({ paired, independent = [], margin }: ComparedRuns): GateVerdict[] {
  const numbers = (difference: number | undefined, interval: { low: number; high: number } | undefined, n: string) =>
    [
      ...(difference === undefined ? [] : [`B − A ${signedPoints(difference)} points`]),
      ...(interval === undefined ? [] : [`95 % CI ${signedPoints(interval.low)} to ${signedPoints(interval.high)}`]),
      n,
      `margin ${formatPercent(margin)}`,
    ].join(', ')
  if (paired !== undefined)
    return paired.checks
      .filter(({ gate }) => gate.gates)
      .map(({ id, comparison, verdict, errors: [a, b] }) => ({
        id,
        verdict,
        numbers:
          comparison === undefined
            ? 'no case was judged under both'
            : `${numbers(comparison.mean.meanDiff, comparison.interval, `n ${comparison.pairs}`)}${a + b === 0 ? '' : `, errors ${a} and ${b}`}`,
      }))
  return independent
    .filter(({ gate }) => gate.gates)
    .map(({ id, a, b, difference, low, high, verdict }) => ({
      id,
      verdict: difference === undefined ? undefined : verdict,
      numbers:
        difference === undefined
          ? 'no case was judged under both'
          : numbers(difference, { low, high }, `n ${a.n} and ${b.n}`),
    }))
}

/** Checks that were meant to hold the release and may not, with the reason. */
export function lostGates({ paired, independent = [], b }: ComparedRuns): { id: string; why: string }[] {
  const meant = new Set(b.checks.filter(({ gate }) => gate).map(({ id }) => id))
  return (paired?.checks ?? independent).flatMap(({ id, gate }) =>
    gate.gates || !meant.has(id) ? [] : [{ id, why: gate.why }],
  )
}
