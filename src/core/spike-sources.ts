import type { Dimension, Share } from './evidence.js'
import { fisher } from './stats/fisher.js'
import { holm } from './stats/multiple.js'
import { newcombe } from './stats/proportion.js'

/** The runs of one value, by their number; of `others` many values are counted together. */
export interface SpikeValue {
  key: string
  isOthers: boolean
  runs: number[]
}

/** A value whose runs are slow more often than the others, so that chance does not explain it. */
export interface SpikeSource {
  dimension: Dimension
  key: string
  /** Slow runs, of those that have the value and of those that have another one. */
  slow: Share
  rest: Share
  /** Between the two rates (0–1), with Newcombe's 95 % interval. */
  difference: { difference: number | undefined; low: number; high: number }
  /** Slow runs beyond those that the rate of the rest would give. */
  excess: number
  /** Fisher's, two-sided, adjusted by Holm over all values that were tested. */
  holmP: number
}

/** Values of fewer runs are not tested: they would cost the others their power, and could hardly stand out. */
const fewestRuns = 5

/** Of each dimension the most frequent values are tested. */
const mostValues = 200

const alpha = 0.05

/** Slow runs of a value and of the rest, which has another value of the dimension. */
interface Tested {
  dimension: Dimension
  key: string
  x: number
  n: number
  restX: number
  restN: number
}

interface Found {
  sources: SpikeSource[]
  tested: Tested[]
  tooFew: number
  tooMany: number
}

/** Tests each value against the rest of its dimension. What all runs have in common has no rest, and is not tested. */
export function findSources(
  groups: readonly { dimension: Dimension; values: SpikeValue[] }[],
  isSlow: Uint8Array,
): Found {
  const tested: Tested[] = []
  let [tooFew, tooMany] = [0, 0]
  for (const { dimension, values } of groups) {
    const known = countSlow(unionOf(values, isSlow.length), isSlow)
    const large = values.filter(({ runs }) => runs.length >= fewestRuns)
    tooFew += values.length - large.length
    const named = large
      .filter(({ isOthers }) => !isOthers)
      .sort((a, b) => b.runs.length - a.runs.length || (a.key < b.key ? -1 : 1))
    tooMany += large.length - Math.min(named.length, mostValues)
    for (const { key, runs } of named.slice(0, mostValues)) {
      const { x, n } = countSlow(runs, isSlow)
      if (n < known.n) tested.push({ dimension, key, x, n, restX: known.x - x, restN: known.n - n })
    }
  }
  return { sources: standingOut(tested), tested, tooFew, tooMany }
}

function standingOut(tested: readonly Tested[]): SpikeSource[] {
  const adjusted = holm(tested.map(chanceOf))
  return tested
    .flatMap((each, at) => (excessOf(each) > 0 && adjusted[at]! < alpha ? [sourceOf(each, adjusted[at]!)] : []))
    .sort((a, b) => b.excess - a.excess || a.holmP - b.holmP)
}

function chanceOf({ x, n, restX, restN }: Tested): number {
  return fisher(x, n, restX, restN)
}

/** Slow runs beyond those that the rate of the rest would give. */
function excessOf({ x, n, restX, restN }: Tested): number {
  return x - (n * restX) / restN
}

function sourceOf(tested: Tested, holmP: number): SpikeSource {
  const { dimension, key, x, n, restX, restN } = tested
  return {
    ...{ dimension, key, slow: { x, n }, rest: { x: restX, n: restN } },
    difference: newcombe(x, n, restX, restN),
    excess: excessOf(tested),
    holmP,
  }
}

/** The runs that have any of these values, in their order. */
function unionOf(values: readonly SpikeValue[], runs: number): number[] {
  const has = new Uint8Array(runs)
  for (const value of values) for (const run of value.runs) has[run] = 1
  const union: number[] = []
  for (const [run, is] of has.entries()) if (is === 1) union.push(run)
  return union
}

function countSlow(runs: readonly number[], isSlow: Uint8Array): { x: number; n: number } {
  let x = 0
  for (const run of runs) x += isSlow[run]!
  return { x, n: runs.length }
}

/** An excess of slow runs, and the value that would have stood out with it. */
export interface SpikeExcess {
  dimension: Dimension
  key: string
  /** So many of the runs of the value would have had to be slow. */
  slow: number
  runs: number
  excess: number
}

/** The smallest excess with which one of the tested values would have stood out; undefined where none could have. */
export function fewestExcess(tested: readonly Tested[]): SpikeExcess | undefined {
  const seen = new Set<string>()
  let smallest: SpikeExcess | undefined
  for (const each of tested) {
    const size = JSON.stringify([each.n, each.restN, each.x + each.restX])
    if (seen.has(size)) continue
    seen.add(size)
    const needed = fewestSlow(each, tested.length)
    if (needed === undefined || (smallest !== undefined && excessOf(needed) >= smallest.excess)) continue
    smallest = { dimension: each.dimension, key: each.key, slow: needed.x, runs: each.n, excess: excessOf(needed) }
  }
  return smallest
}

/** The value with the fewest slow runs with which it would have stood out, by bisection; all slow runs are as many as they are. */
function fewestSlow(tested: Tested, tests: number): Tested | undefined {
  const { x, n, restX, restN } = tested
  const slow = x + restX
  const withSlow = (count: number) => ({ ...tested, x: count, restX: slow - count })
  let missed = Math.floor((n * slow) / (n + restN))
  let met = Math.min(n, slow)
  // The first of Holm's steps is Bonferroni's.
  const stands = (count: number) => excessOf(withSlow(count)) > 0 && chanceOf(withSlow(count)) * tests < alpha
  if (!stands(met)) return undefined
  while (met - missed > 1) {
    const middle = Math.floor((missed + met) / 2)
    if (stands(middle)) met = middle
    else missed = middle
  }
  return withSlow(met)
}
