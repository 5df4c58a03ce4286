import { mcnemar, tango } from '../stats/mcnemar.js'
import { signFlip } from '../stats/paired.js'
import { wilson } from '../stats/proportion.js'
import { bootstrapMean } from '../stats/resample.js'
import { meanInterval } from '../stats/student.js'

export interface Interval {
  low: number
  high: number
}

/** Passes and fails of one run per case. */
export interface BinaryComparison {
  aPass: number
  bPass: number
  /** Wilson. */
  aPassCi: Interval
  bPassCi: Interval
  /** Cases that passed under A and fail under B, and the other way round. */
  lost: string[]
  gained: string[]
  pExact: number
  pMid: number
  /** Of the pass rates, B − A, with Tango's score interval. */
  diff: number
  diffCi: Interval
}

/** Means over cases. */
export interface MeanComparison {
  aMean: number
  bMean: number
  /** Standard errors of the means, over clusters where there are any; undefined below two cases. */
  aSe: number | undefined
  bSe: number | undefined
  /** B − A, with a t interval over cases or clusters. */
  meanDiff: number
  se: number | undefined
  ci: Interval | undefined
  pValue: number | undefined
  /** Cases, or clusters, that are independent of each other. */
  independent: number
  signFlipP: number | undefined
  /** Percentile interval of so many draws; undefined as the sign-flip test, of passes too. */
  bootstrap: (Interval & { draws: number }) | undefined
}

/** A case with a result under both. */
export type Pair = { id: string; a: number; b: number; cluster: string | undefined }

/** What passes and fails of the same cases say. */
export function compareBinary(pairs: readonly Pair[]): BinaryComparison {
  const n = pairs.length
  const lost = pairs.filter(({ a, b }) => a === 1 && b === 0).map(({ id }) => id)
  const gained = pairs.filter(({ a, b }) => a === 0 && b === 1).map(({ id }) => id)
  const aPass = pairs.filter(({ a }) => a === 1).length
  const bPass = aPass - lost.length + gained.length
  const { exact, midP } = mcnemar(lost.length, gained.length)
  return {
    aPass,
    bPass,
    aPassCi: wilson(aPass, n),
    bPassCi: wilson(bPass, n),
    lost,
    gained,
    pExact: exact,
    pMid: midP,
    diff: (gained.length - lost.length) / n,
    diffCi: tango(lost.length, gained.length, n),
  }
}

/** Cases up to which signs are flipped: with more, the t says the same and takes no time. */
const mostFlipped = 5000
/** Numbers drawn by a bootstrap at most: with more cases it has fewer draws, and says how many. */
const mostDrawn = 20_000_000

/** What means over the same cases say; `random` is for the resampling tests, which are left out without it. */
export function compareMeans(
  pairs: readonly Pair[],
  isClustered: boolean,
  random: (() => number) | undefined,
): MeanComparison {
  const clusters = isClustered ? pairs.map(({ cluster }) => cluster) : undefined
  const differences = pairs.map(({ a, b }) => b - a)
  const [ofA, ofB] = [pairs.map(({ a }) => a), pairs.map(({ b }) => b)]
  const difference = meanInterval(differences, clusters)
  const draws = Math.max(1000, Math.min(10_000, Math.floor(mostDrawn / pairs.length)))
  const bootstrap = random && bootstrapMean(differences, random, { clusters, draws })
  return {
    aMean: meanOf(ofA),
    bMean: meanOf(ofB),
    aSe: meanInterval(ofA, clusters)?.se,
    bSe: meanInterval(ofB, clusters)?.se,
    meanDiff: difference?.mean ?? meanOf(differences),
    se: difference?.se,
    ci: difference && { low: difference.low, high: difference.high },
    pValue: difference?.p,
    independent: difference === undefined ? 1 : difference.df + 1,
    // Signs flip case by case, which clusters forbid.
    signFlipP:
      isClustered || random === undefined || pairs.length > mostFlipped ? undefined : signFlip(differences, random)?.p,
    bootstrap,
  }
}

function meanOf(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
