import { mcnemarPower, settlingCases, tango } from '../stats/mcnemar.js'
import { nonInferiority } from '../stats/noninferiority.js'
import { z95 } from '../stats/normal.js'
import {
  type BinaryComparison,
  compareBinary,
  compareMeans,
  type Interval,
  type MeanComparison,
} from './pair-summaries.js'

/** One case under two versions; a value is the mean of its repeats, 0–1 for passes, undefined where there is no run. */
export interface ComparedCase {
  id: string
  a: number | undefined
  b: number | undefined
  cluster?: string | undefined
}

/** A case that has a result under A and none under B is lost, as far as anybody knows. */
export function withLost(cases: readonly ComparedCase[]): ComparedCase[] {
  return cases.map((each) => (each.a !== undefined && each.b === undefined ? { ...each, b: 0 } : each))
}

export type ChangeVerdict = 'regression' | 'improvement' | 'no significant change'
export type NonInferiority = 'safe' | 'regressed' | 'inconclusive'

/** Two versions on the same cases. */
export interface Comparison {
  /** Cases with a run of both, and cases with one of them only. */
  pairs: number
  unpaired: number
  /** Undefined for scores and repeats. */
  binary: BinaryComparison | undefined
  mean: MeanComparison
  /** What `verdict`, `p` and `interval` come from. */
  test: 'exact McNemar' | 'paired t' | 'paired t over clusters'
  p: number | undefined
  interval: Interval | undefined
  verdict: ChangeVerdict
  /** Undefined without a margin. */
  nonInferiority: NonInferiority | undefined
  margin: number | undefined
  /** Cases from which on an inconclusive difference would be told, if it stays as it is. */
  settlingN: number | undefined
  /** Chance that this many cases show a change that turns 15 % of them to fail and 5 % to pass; cases for a chance of 80 %. */
  power: { chance: number; casesFor80: number | undefined }
}

/** The change whose power is told: ten points, as the flips of a reworded prompt make it. */
export const referenceChange = { lostShare: 0.15, gainedShare: 0.05 }

/**
 * Compares B with A, case by case: passes by the exact McNemar test and Tango's interval, scores and repeats by a paired t,
 * over clusters where cases share one. Undefined if no case has both. `random` (0 ≤ x < 1) is for the resampling tests only.
 */
export function compareCases(
  cases: readonly ComparedCase[],
  { isBinary, margin, random }: CompareOptions,
): Comparison | undefined {
  const pairs = cases.flatMap(({ id, a, b, cluster }) =>
    a === undefined || b === undefined ? [] : [{ id, a, b, cluster }],
  )
  if (pairs.length === 0) return undefined
  const isClustered = hasShared(pairs.map(({ cluster }) => cluster))
  const binary = isBinary ? compareBinary(pairs) : undefined
  // Of passes nobody reads the resampling tests: McNemar's is exact.
  const mean = compareMeans(pairs, isClustered, isBinary ? undefined : random)
  const isByCounts = binary !== undefined && !isClustered
  const decides = isByCounts
    ? { difference: binary.diff, p: binary.pExact, interval: binary.diffCi }
    : { difference: mean.meanDiff, ...certainOf(mean) }
  const isSignificant = decides.p !== undefined && decides.p < 0.05
  return {
    pairs: pairs.length,
    unpaired: cases.length - pairs.length,
    binary,
    mean,
    test: isClustered ? 'paired t over clusters' : binary === undefined ? 'paired t' : 'exact McNemar',
    p: decides.p,
    interval: decides.interval,
    verdict: !isSignificant ? 'no significant change' : decides.difference < 0 ? 'regression' : 'improvement',
    nonInferiority:
      margin === undefined
        ? undefined
        : verdictWithin(margin, decides.interval, isByCounts || mean.independent >= fewest),
    margin,
    settlingN: settlingPairs(pairs.length, decides.difference, decides.interval, margin),
    power: {
      chance: mcnemarPower({ n: pairs.length, ...referenceChange }),
      casesFor80: casesFor80(),
    },
  }
}

/** With fewer cases not even a change that goes one way in all of them would be significant (sign test). */
const fewest = 6

function verdictWithin(margin: number, interval: Interval | undefined, isEnough: boolean): NonInferiority {
  return interval === undefined || !isEnough ? 'inconclusive' : nonInferiority(interval, margin)
}

/** How `compareCases` is told what to compare by. */
export interface CompareOptions {
  isBinary: boolean
  margin?: number | undefined
  /** Undefined leaves the resampling tests out: they take time, and are shown of scores only. */
  random: (() => number) | undefined
}

/** Whether any two share a cluster: alone in its own a case is as independent as any. */
export function hasShared(clusters: readonly (string | undefined)[]): boolean {
  const named = clusters.filter((cluster) => cluster !== undefined)
  return new Set(named).size < named.length
}

/**
 * The p and interval of a mean by which something is decided. Where nothing varied a t says "for certain", after two cases
 * as after a thousand: then as much is taken for known as so many cases without a flip would tell (Tango), and as many
 * that all went one way (sign test).
 */
function certainOf({ meanDiff, se, ci, pValue, independent }: MeanComparison): {
  p: number | undefined
  interval: Interval | undefined
} {
  if (se !== 0) return { p: pValue, interval: ci }
  if (meanDiff === 0) return { p: 1, interval: tango(0, 0, independent) }
  const p = 2 * 0.5 ** independent
  return p < 0.05 ? { p, interval: ci } : { p, interval: undefined }
}

let known80: { cases: number | undefined } | undefined

/** The same for every comparison, and worked out by a search. */
function casesFor80(): number | undefined {
  known80 ??= { cases: settlingCases(referenceChange) }
  return known80.cases
}

/** The n at which an interval as wide for its n as this one leaves out 0 or, with a margin, what the margin forbids. */
function settlingPairs(
  n: number,
  difference: number,
  interval: Interval | undefined,
  margin: number | undefined,
): number | undefined {
  if (interval === undefined) return undefined
  const spread = ((interval.high - interval.low) / (2 * z95)) * Math.sqrt(n)
  const distances = margin === undefined ? [Math.abs(difference)] : [difference + margin, -difference]
  const needed = distances.filter((distance) => distance > 0).map((distance) => ((z95 * spread) / distance) ** 2)
  return needed.length === 0 ? undefined : Math.max(1, Math.ceil(Math.min(...needed)))
}
