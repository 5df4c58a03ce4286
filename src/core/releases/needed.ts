import { z95 } from '../stats/normal.js'
import { neededForRates, zOfTests } from '../stats/power.js'
import type { Estimate } from './verdict.js'

/** How many cases per side would settle an inconclusive metric, and how that was reckoned. */
export interface Needed {
  n: number
  how:
    | 'so that a change of the margin is found with power 80 %'
    | 'by scaling the interval, if the change stays what it is'
    | 'for there to be an interval at all'
}

/** The smallest sides of a rank-sum test whose exact 95 % interval exists: 2 / C(8, 4) is below 0.05, 2 / C(6, 3) is not. */
const smallestSides = 4

/** The n per side for one of so many tests; undefined where nothing can be reckoned. */
export function neededPerSide(estimate: Estimate, tests: number): Needed | undefined {
  const { change, interval, margin, before, after } = estimate
  if (interval === undefined) return { n: smallestSides, how: 'for there to be an interval at all' }
  if (change === undefined || margin === undefined) return undefined
  const n = 2 / (1 / before.n + 1 / after.n)
  const byPower = estimate.unit === 'share' ? neededForMargin(estimate, margin) : undefined
  if (byPower !== undefined && byPower > n)
    return { n: Math.ceil(byPower), how: 'so that a change of the margin is found with power 80 %' }
  const scaled = scaledN({ n, half: (interval.high - interval.low) / 2, size: Math.abs(change), margin, tests })
  return scaled === undefined
    ? undefined
    : { n: scaled, how: 'by scaling the interval, if the change stays what it is' }
}

/** From the rate before to a worse one by the margin; where there is no worse one, to a better one. */
function neededForMargin({ before, better }: Estimate, margin: number): number | undefined {
  if (before.value === undefined) return undefined
  const worse = before.value + (better === 'lower' ? margin : -margin)
  const isRate = worse >= 0 && worse <= 1
  return neededForRates(before.value, isRate ? worse : before.value + (better === 'lower' ? -margin : margin))
}

/** The interval shrinks with √n: until it leaves out 0 in spite of so many tests, or until it is inside the margin. */
function scaledN(at: { n: number; half: number; size: number; margin: number; tests: number }): number | undefined {
  const { n, half, size, margin, tests } = at
  const leavesOutZero = size > 0 ? n * ((half / size) * (zOfTests(tests) / z95)) ** 2 : Number.POSITIVE_INFINITY
  const isInside = size < margin ? n * (half / (margin - size)) ** 2 : Number.POSITIVE_INFINITY
  const enough = Math.min(leavesOutZero, isInside)
  return Number.isFinite(enough) ? Math.max(Math.ceil(enough), Math.ceil(n) + 1) : undefined
}
