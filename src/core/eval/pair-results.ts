import type { ComparedCase } from './compare.js'

/** One result of one version on one case. */
interface OneResult {
  caseId: string
  version: 'a' | 'b'
  /** Undefined where there is no run, or nothing was judged. */
  value: number | undefined
  isBinary: boolean
  cluster: string | undefined
}

/** The cases of results, in order of first sight, repeats averaged inside each; binary if each has one pass or fail at most. */
export function pairResults(results: Iterable<OneResult>): { cases: ComparedCase[]; isBinary: boolean } {
  const cases = new Map<string, { cluster: string | undefined; a: number[]; b: number[] }>()
  let isBinary = true
  for (const { caseId, version, value, isBinary: isPass, cluster } of results) {
    const found = cases.get(caseId) ?? { cluster, a: [], b: [] }
    cases.set(caseId, found)
    if (value === undefined) continue
    found[version].push(value)
    if (!isPass || found[version].length > 1) isBinary = false
  }
  return {
    isBinary,
    cases: [...cases].map(([id, { cluster, a, b }]) => ({ id, a: meanOf(a), b: meanOf(b), cluster })),
  }
}

function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
