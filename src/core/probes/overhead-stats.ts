import { seededRandom } from '../seeded-random.js'
import { signFlip } from '../stats/paired.js'
import { quantile } from '../stats/quantile.js'
import { meanInterval } from '../stats/student.js'
import type { AppRun, Arm, FigureId, OverheadLevel, PairedFigure, RunPair } from './overhead.js'
import { figureKinds } from './overhead-figures.js'

/** Which arm each pair begins with: either arm begins half of them, in an order by the seed. */
export function pairOrders(pairs: number, seed: number): Arm[] {
  const random = seededRandom(seed)
  const ranked = Array.from({ length: pairs }, (_, at) => ({ first: arms[at % 2]!, rank: random() }))
  return ranked.sort((a, b) => a.rank - b.rank).map(({ first }) => first)
}

const arms = ['off', 'on'] as const

/** How many pairs of `off` against `off` check the method before so many are measured. */
export function checkPairs(pairs: number): number {
  return Math.max(3, Math.ceil(pairs / 2))
}

/** What the pairs of one concurrency say, beside those of the check. */
export function measureLevel(
  concurrency: number,
  { check, pairs }: { check: readonly RunPair[]; pairs: readonly RunPair[] },
): OverheadLevel {
  const failures = (arm: Arm) => {
    const runs = pairs.map((pair) => pair[arm])
    const x = sum(runs.map(({ failed }) => failed))
    return { x, n: x + sum(runs.map(({ ms }) => ms.length)) }
  }
  return {
    concurrency,
    check: pairedFigures(check).filter(({ figure }) => latencies.includes(figure)),
    figures: pairedFigures(pairs),
    failed: { off: failures('off'), on: failures('on') },
    outliers: farOff(differences(pairs, 'p95').map(({ difference }) => difference)),
    slowFirst: arms.filter((arm) => isFirstSlow(pairs.map((pair) => pair[arm]))),
  }
}

const latencies: readonly FigureId[] = ['p50', 'p95']

/**
 * Each figure with its paired differences: the requests of one process hang together, so that a run is one value, and a pair
 * of runs the unit. Student's t interval of the mean difference; beside it the sign-flip test, which supposes no distribution.
 */
function pairedFigures(pairs: readonly RunPair[]): PairedFigure[] {
  return figureKinds.map(({ id, reason }) => {
    const both = differences(pairs, id)
    const n = both.length
    if (n === 0) return { figure: id, n, reason }
    const means = { off: sum(both.map(({ off }) => off)) / n, on: sum(both.map(({ on }) => on)) / n }
    const values = both.map(({ difference }) => difference)
    const interval = meanInterval(values)
    if (interval === undefined) return { figure: id, n, ...means, reason: 'one pair has no interval' }
    const { mean, low, high, p: tP } = interval
    const { p } = signFlip(values, seededRandom(n))! // there is a value
    return { figure: id, n, ...means, added: { mean, low, high, p, tP } }
  })
}

function differences(pairs: readonly RunPair[], id: FigureId) {
  const { read } = figureKinds.find((kind) => kind.id === id)! // every id has its kind
  return pairs.flatMap((pair) => {
    const [off, on] = [read(pair.off), read(pair.on)]
    return off === undefined || on === undefined ? [] : [{ off, on, difference: on - off }]
  })
}

/** A modified z-score beyond this is far off: Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers. */
const far = 3.5
/** Fewer values have no others to lie far from. */
const fewest = 5
const spreadOfMad = 1.4826

/** The places, counted from 1, of the values that lie far from the median by the median absolute deviation. */
function farOff(values: readonly number[]): number[] {
  if (values.length < fewest) return []
  const distance = distanceFrom(values)
  return values.flatMap((value, at) => (Math.abs(distance(value)) > far ? [at + 1] : []))
}

/** Whether the first run of an arm was far slower than the others: it warmed up something. */
function isFirstSlow([first, ...others]: readonly AppRun[]): boolean {
  const read = figureKinds[0]!.read // the p50
  const times = others.flatMap((run) => read(run) ?? [])
  const firstMs = first && read(first)
  return firstMs !== undefined && times.length >= fewest && distanceFrom(times)(firstMs) > far
}

/** How many deviations a value lies above the median of those given; 0 where most of them are equal. */
function distanceFrom(values: readonly number[]): (value: number) => number {
  if (values.length === 0) return () => 0
  const middle = median(values)
  const mad = median(values.map((value) => Math.abs(value - middle))) * spreadOfMad
  return (value) => (mad === 0 ? 0 : (value - middle) / mad)
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  )
}

function sum(values: readonly number[]): number {
  let total = 0
  for (const value of values) total += value
  return total
}
