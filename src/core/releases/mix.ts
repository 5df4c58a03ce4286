import type { Share } from '../evidence.js'
import { fisher } from '../stats/fisher.js'
import { holm } from '../stats/multiple.js'
import { newcombe } from '../stats/proportion.js'
import type { ReleaseRun } from './release-run.js'
import type { Sides } from './windows.js'

export const mixDimensions = ['tenant', 'workflow', 'model', 'origin'] as const
export type MixDimension = (typeof mixDimensions)[number]

/** The value of a dimension whose share of the runs changed most. */
export interface MixShift {
  dimension: MixDimension
  value: string
  before: Share
  after: Share
  /** After − before (−1 to 1), with Newcombe's 95 % interval. */
  change: number
  interval: { low: number; high: number }
  /** Fisher's, adjusted by Holm over the values of the dimension. */
  holmP: number
  /** True where that is below 0.05 and the change larger than the margin. */
  isChanged: boolean
}

/** Of values beyond these the share is too small to shift the whole. */
const mostValues = 50

/**
 * The largest shift of each dimension; none of a dimension whose values nobody knows, and none while a side is empty. A run
 * counts for each model that it asked. Of `origin` all runs count, of the others production alone.
 */
export function readMix(production: Sides, all: Sides, margin: number): MixShift[] {
  return mixDimensions.flatMap(
    (dimension) => largestShift(dimension, dimension === 'origin' ? all : production, margin) ?? [],
  )
}

function largestShift(dimension: MixDimension, { before, after }: Sides, margin: number): MixShift | undefined {
  const [n, m] = [before.length, after.length]
  if (n === 0 || m === 0) return undefined
  const [first, second] = [countValues(before, dimension), countValues(after, dimension)]
  const total = (value: string) => (first.get(value) ?? 0) + (second.get(value) ?? 0)
  const values = [...new Set([...first.keys(), ...second.keys()])].sort(
    (a, b) => total(b) - total(a) || (a < b ? -1 : 1),
  )
  const kept = values.slice(0, mostValues)
  const adjusted = holm(kept.map((value) => fisher(first.get(value) ?? 0, n, second.get(value) ?? 0, m)))
  const shifts = kept.map((value, at): MixShift => {
    const [x, y] = [first.get(value) ?? 0, second.get(value) ?? 0]
    const { low, high } = newcombe(y, m, x, n)
    const change = y / m - x / n
    const isChanged = adjusted[at]! < 0.05 && Math.abs(change) > margin
    const shares = { before: { x, n }, after: { x: y, n: m } }
    return { dimension, value, ...shares, change, interval: { low, high }, holmP: adjusted[at]!, isChanged }
  })
  return shifts.sort((a, b) => Number(b.isChanged) - Number(a.isChanged) || Math.abs(b.change) - Math.abs(a.change))[0]
}

function countValues(runs: readonly ReleaseRun[], dimension: MixDimension): Map<string, number> {
  const counts = new Map<string, number>()
  for (const run of runs) for (const value of valuesOf(run, dimension)) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function valuesOf(run: ReleaseRun, dimension: MixDimension): string[] {
  if (dimension === 'model') return run.models
  const value = run[dimension]
  return value === undefined || value === '' ? [] : [value]
}

/** The tenant with most runs on both sides together, if one has runs on each. */
export function largestTenant({ before, after }: Sides): string | undefined {
  const [first, second] = [countValues(before, 'tenant'), countValues(after, 'tenant')]
  const shared = [...first].flatMap(([tenant, runs]) => {
    const later = second.get(tenant)
    return later === undefined ? [] : [{ tenant, runs: runs + later }]
  })
  return shared.sort((a, b) => b.runs - a.runs || (a.tenant < b.tenant ? -1 : 1))[0]?.tenant
}
