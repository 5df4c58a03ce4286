import { gatesForProduct, liveForProduct, runForProduct, runsComparedForProduct } from '../../core/audience/evals.js'
import type { Names } from '../../core/audience/names.js'
import type { StoredComparison } from '../eval/compare-stored.js'
import type { ShownRun } from '../eval/show-runs.js'

/** A run of a suite in rates. */
export function shownRunForProduct({ summary, gates, live }: ShownRun, names: Names): ShownRun {
  return {
    summary: runForProduct(names)(summary),
    gates: gatesForProduct(gates, names),
    live: live.map(liveForProduct(names)),
  }
}

/** Two runs, or the results of two files, compared in rates. */
export function comparisonForProduct(compared: StoredComparison, names: Names): StoredComparison {
  const see = runsComparedForProduct(names)
  const { paired, independent, a, b, margin } = compared
  return {
    paired: paired && see.paired(paired),
    independent: independent && see.independent(independent),
    ...{ a: see.head(a), b: see.head(b), margin, notes: [] },
  }
}
