import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../src/core/seeded-random.js'
import { mcnemar, mcnemarPower, settlingCases, tango } from '../src/core/stats/mcnemar.js'
import { benjaminiHochberg, holm } from '../src/core/stats/multiple.js'
import { nonInferiority } from '../src/core/stats/noninferiority.js'
import { z95 } from '../src/core/stats/normal.js'
import { signFlip } from '../src/core/stats/paired.js'
import { newcombe, wilson } from '../src/core/stats/proportion.js'
import { passAtK, passHatK } from '../src/core/stats/repeats.js'
import { bootstrapMean } from '../src/core/stats/resample.js'
import { meanInterval, tQuantile, tTail } from '../src/core/stats/student.js'

/** That the value is the expected one but for a share of it. */
function expectShare(value: number, expected: number, share = 1e-8) {
  expect(Math.abs(value - expected), `${value} for ${expected}`).toBeLessThanOrEqual(share * Math.abs(expected))
}

/** Passed and failed cases of both sides: lost, gained, and all. */
const anyPairs = fc
  .tuple(fc.nat({ max: 60 }), fc.nat({ max: 60 }), fc.nat({ max: 60 }))
  .map(([lost, gained, same]) => ({ lost, gained, n: lost + gained + same }))
  .filter(({ n }) => n > 0)

describe("McNemar's test", () => {
  it('has no evidence where no case differs', () => {
    expect(mcnemar(0, 0)).toEqual({ exact: 1, midP: 1, chi2: 0, chi2cc: 0 })
  })

  it.each([
    [121, 59, 4.43444926e-6, 3.2666468e-6, 21.3555556, 20.6722222],
    [70, 59, 0.378687663, 0.334687759, 0.937984496, 0.775193798],
    [80, 59, 0.089452315, 0.075550829, 3.172661871, 2.877697842],
    [30, 60, 0.002060266, 0.001516513, 10, 9.344444],
    [10, 30, 0.002221434, 0.001450491, 10, 9.025],
    [10, 10, 1, 1, 0, 0.05],
    [150, 86, 3.71593614e-5, 2.89338952e-5, 17.3559322, 16.8177966],
    [15, 19, 0.607591361, 0.499559833, 0.470588, 0.264706],
  ])('of %i lost and %i gained has the values of R and statsmodels', (lost, gained, ...expected) => {
    // These stand in print with 6 digits or more.
    for (const [at, value] of Object.values(mcnemar(lost, gained)).entries()) expectShare(value, expected[at]!, 1e-6)
  })

  it.each([
    // Sums of binomial coefficients over 2^n, by hand.
    [8, 2, 0.109375, 0.0654296875],
    [9, 1, 0.021484375, 0.01171875],
    [6, 0, 0.03125, 0.015625],
    [5, 0, 0.0625, 0.03125],
    [1, 0, 1, 0.5],
    [0, 1, 1, 0.5],
  ])('of %i lost and %i gained is exact', (lost, gained, exact, midP) => {
    expectShare(mcnemar(lost, gained).exact, exact, 1e-13)
    expectShare(mcnemar(lost, gained).midP, midP, 1e-13)
  })

  it.each([
    // SciPy 1.17.1: 2 * binom.cdf(min, n, 0.5), and that less binom.pmf.
    [3000, 2800, 0.008969436001, 0.00863631534],
    [5000, 3000, 8.48909485e-112, 6.7887405e-112],
    [500, 499, 1, 0.97477498182],
  ])('of %i lost and %i gained keeps its digits', (lost, gained, exact, midP) => {
    expectShare(mcnemar(lost, gained).exact, exact)
    expectShare(mcnemar(lost, gained).midP, midP)
  })

  it('has a p of 0 where it is smaller than any number', () => {
    expect(mcnemar(1200, 0)).toMatchObject({ exact: 0, midP: 0, chi2: 1200 })
  })

  it('says the same of gains and losses changed over', () => {
    fc.assert(
      fc.property(anyPairs, ({ lost, gained }) => {
        expect(mcnemar(lost, gained)).toEqual(mcnemar(gained, lost))
      }),
    )
  })
})

describe('the score interval of a paired difference', () => {
  it('is all of it before the first case', () => {
    expect(tango(0, 0, 0)).toEqual({ low: -1, high: 1 })
  })

  it.each([
    [40, 20, 160, -0.21806, -0.03086],
    [3, 9, 32, -0.02709, 0.3897],
    [2, 8, 50, -0.00466, 0.2548],
  ])('of %i lost and %i gained of %i has the bounds of PropCIs', (lost, gained, n, low, high) => {
    const interval = tango(lost, gained, n)
    expect(Math.abs(interval.low - low)).toBeLessThan(1e-5)
    expect(Math.abs(interval.high - high)).toBeLessThan(1e-5)
  })

  it('is z² / (n + z²) to both sides where no case differs', () => {
    for (const n of [1, 30, 5000]) {
      const { low, high } = tango(0, 0, n)
      expect(high).toBeCloseTo(z95 ** 2 / (n + z95 ** 2), 10)
      expect(low).toBeCloseTo(-high, 10)
    }
  })

  it('ends at exactly 1 or −1 where all cases go one way', () => {
    for (const n of [1, 30, 5000]) {
      // By hand: n (1 − d) / (1 + d) = z².
      const other = (n - z95 ** 2) / (n + z95 ** 2)
      expect(tango(0, n, n).high).toBe(1)
      expect(tango(0, n, n).low).toBeCloseTo(other, 10)
      expect(tango(n, 0, n).low).toBe(-1)
      expect(tango(n, 0, n).high).toBeCloseTo(-other, 10)
    }
  })

  it('is the Wilson interval of the gained share where all cases differ', () => {
    const { low, high } = wilson(15, 20)
    expect(tango(5, 15, 20).low).toBeCloseTo(2 * low - 1, 10)
    expect(tango(5, 15, 20).high).toBeCloseTo(2 * high - 1, 10)
  })

  it('ends where the likeliest shares with that difference are z standard errors away', () => {
    const [lost, gained, n] = [3, 9, 32]
    const { low, high } = tango(lost, gained, n)
    for (const [bound, sign] of [
      [low, 1],
      [high, -1],
    ] as const) {
      // The likelihood itself, by thirds: it has one peak.
      const likelihood = (share: number) =>
        gained * Math.log(share + bound) +
        lost * Math.log(share) +
        (n - gained - lost) * Math.log(1 - 2 * share - bound)
      let [from, to] = [Math.max(0, -bound), (1 - bound) / 2]
      for (let step = 0; step < 200; step += 1) {
        const [left, right] = [from + (to - from) / 3, to - (to - from) / 3]
        if (likelihood(left) < likelihood(right)) from = left
        else to = right
      }
      const se = Math.sqrt((2 * from + bound * (1 - bound)) / n)
      expect(((gained - lost) / n - bound) / se).toBeCloseTo(sign * z95, 6)
    }
  })

  it('holds the difference, stays within −1 and 1, and turns with gains and losses changed over', () => {
    fc.assert(
      fc.property(anyPairs, ({ lost, gained, n }) => {
        const { low, high } = tango(lost, gained, n)
        const difference = (gained - lost) / n
        expect(-1 <= low && low <= difference && difference <= high && high <= 1).toBe(true)
        const turned = tango(gained, lost, n)
        expect(turned.low).toBeCloseTo(-high, 9)
        expect(turned.high).toBeCloseTo(-low, 9)
      }),
    )
  })
})

describe("the power of McNemar's exact test", () => {
  it.each([
    [30, 0.15, 0.05, 0.099],
    [50, 0.15, 0.05, 0.241],
    [100, 0.15, 0.05, 0.544],
    [200, 0.15, 0.05, 0.875],
    [30, 0.2, 0.05, 0.235],
    [50, 0.2, 0.05, 0.478],
    [100, 0.2, 0.05, 0.837],
    [200, 0.2, 0.05, 0.992],
  ])('with %i cases, %f lost and %f gained is %f', (n, lostShare, gainedShare, power) => {
    expect(Math.abs(mcnemarPower({ n, lostShare, gainedShare }) - power)).toBeLessThanOrEqual(0.0005)
    const turned = mcnemarPower({ n, lostShare: gainedShare, gainedShare: lostShare })
    expect(turned).toBeCloseTo(mcnemarPower({ n, lostShare, gainedShare }), 12)
  })

  it('is none below six cases, or where nothing changes', () => {
    expect(mcnemarPower({ n: 0, lostShare: 0.5, gainedShare: 0.5 })).toBe(0)
    expect(mcnemarPower({ n: 5, lostShare: 0, gainedShare: 1 })).toBe(0)
    expect(mcnemarPower({ n: 500, lostShare: 0, gainedShare: 0 })).toBe(0)
  })

  it('is the chance of six gains where nothing is ever lost', () => {
    expect(mcnemarPower({ n: 6, lostShare: 0, gainedShare: 1 })).toBe(1)
    expect(mcnemarPower({ n: 6, lostShare: 0, gainedShare: 0.3 })).toBeCloseTo(0.3 ** 6, 14)
    // Six or seven of seven.
    expect(mcnemarPower({ n: 7, lostShare: 0.3, gainedShare: 0 })).toBeCloseTo(7 * 0.3 ** 6 * 0.7 + 0.3 ** 7, 14)
  })

  it('never passes 5 % where as much is gained as lost', () => {
    for (const n of [20, 500, 5000])
      for (const share of [0.01, 0.2, 0.5])
        expect(mcnemarPower({ n, lostShare: share, gainedShare: share })).toBeLessThan(0.05)
  })

  it('of 0.8 is first reached at the number of cases that settles it', () => {
    expect(settlingCases({ lostShare: 0, gainedShare: 1 })).toBe(6)
    for (const [lostShare, gainedShare] of [
      [0.15, 0.05],
      [0.2, 0.05],
      [0, 0.1],
      // Where nearly all cases differ, the power goes up and down.
      [0.3, 0.7],
      [0.57, 0.42],
      [0.55, 0.45],
    ] as const) {
      let first = 0
      while (mcnemarPower({ n: first, lostShare, gainedShare }) < 0.8) first += 1
      expect(settlingCases({ lostShare, gainedShare })).toBe(first)
    }
  })

  it('of 0.8 takes as many cases as by the normal approximation, without or with continuity correction', () => {
    // By hand: 0.01 n = 1.959964 √(0.05 n) + 0.841621 √(0.0499 n) gives 3923, with 1 more on the right 4120.
    const cases = settlingCases({ lostShare: 0.03, gainedShare: 0.02 })!
    expect(cases).toBeGreaterThan(3923)
    expect(cases).toBeLessThan(4120)
  })

  it('is settled by no number of cases where both shares are equal, or nearly', () => {
    expect(settlingCases({ lostShare: 0.1, gainedShare: 0.1 })).toBeUndefined()
    expect(settlingCases({ lostShare: 0.1, gainedShare: 0.1005 })).toBeUndefined()
    expect(settlingCases({ lostShare: 0, gainedShare: 0 })).toBeUndefined()
  })

  it('takes more cases for more power', () => {
    const shares = { lostShare: 0.15, gainedShare: 0.05 }
    expect(settlingCases(shares, 0.9)).toBeGreaterThan(settlingCases(shares)!)
  })
})

describe("Student's distribution", () => {
  it.each([
    [1, 12.706204736],
    [4, 2.776445105],
    [5, 2.5705818356],
    [9, 2.262157163],
    [30, 2.042272456],
  ])('with %i degrees of freedom has its 97.5 %% quantile at %f', (df, t) => {
    expectShare(tQuantile(0.975, df), t, 1e-9)
    expectShare(tTail(tQuantile(0.975, df), df), 0.05, 1e-12)
  })

  it('with 1 and 2 degrees of freedom has the tails of its closed forms', () => {
    for (const t of [1e-8, 0.01, 0.5, 1, 1.3, 2, 5, 40]) {
      expectShare(tTail(t, 1), 1 - (2 / Math.PI) * Math.atan(t), 1e-12)
      expectShare(tTail(t, 2), 1 - t / Math.sqrt(2 + t * t), 1e-12)
      expect(tTail(-t, 2)).toBe(tTail(t, 2))
    }
    expect(tTail(0, 1)).toBe(1)
    expect(tTail(Number.POSITIVE_INFINITY, 1)).toBe(0)
  })

  it.each([
    // SciPy 1.17.1: 2 * t.sf(t, df).
    [40, 1000, 1.0478852155e-209],
    [2, 100_000, 0.0455029634575],
    [5, 1_000_000, 5.7339978709e-7],
  ])('keeps its digits at %f with %i degrees of freedom', (t, df, p) => {
    expectShare(tTail(t, df), p, 1e-9)
  })

  it('has quantiles below the middle too, down to rare ones', () => {
    expect(tQuantile(0.5, 7)).toBe(0)
    expect(tQuantile(0.025, 4)).toBeCloseTo(-2.776445105, 9)
    // Cauchy: tan(π (share − 1/2)), here −1 / tan(π · 1e-6).
    expectShare(tQuantile(1e-6, 1), -1 / Math.tan(Math.PI * 1e-6))
  })

  it('comes to the normal one with many degrees of freedom', () => {
    expect(tQuantile(0.975, 1e9)).toBeCloseTo(z95, 8)
  })
})

describe('the mean of paired differences', () => {
  const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
  const ofPairs = [1, 1, 0, 0, -1, 0, 1, 1, 0, 0, 0, 1]
  const pairs = ofPairs.map((_, at) => `document ${Math.floor(at / 2)}`)

  it('has no interval under two values or two clusters', () => {
    expect(meanInterval([])).toBeUndefined()
    expect(meanInterval([3])).toBeUndefined()
    expect(meanInterval([1, 2, 3], ['a', 'a', 'a'])).toBeUndefined()
  })

  it("of Darwin's maize has the t interval and p of R, beside those of the sign-flip test", () => {
    const { n, mean, df, low, high, t, p } = meanInterval(darwin)!
    expect([n, df]).toEqual([15, 14])
    expectShare(mean, 314 / 15, 1e-14)
    expectShare(t, 2.147987461, 1e-9)
    expectShare(p, 0.049702944, 1e-8)
    expect(low).toBeCloseTo(0.031193, 6)
    expect(high).toBeCloseTo(41.835473, 6)
    expect(signFlip(darwin, seededRandom(1))?.p).toBe(1726 / 32768)
  })

  it('of ten overheads has the t interval and p of R', () => {
    const { mean, se, low, high, t, p } = meanInterval([3, 1, 4, 2, 2, 4, 1, 4, 3, 2])!
    expect(mean).toBe(2.6)
    expectShare(se, 0.3711842909, 1e-9)
    expectShare(t, 7.0046068)
    expectShare(p, 6.2926641e-5)
    expectShare(low, 1.7603228, 3e-8)
    expectShare(high, 3.4396772, 3e-8)
  })

  it('of clusters has their standard error, and t with one degree of freedom less than clusters', () => {
    const { n, mean, se, df, low, high } = meanInterval(ofPairs, pairs)!
    expect([n, df]).toEqual([12, 5])
    expectShare(mean, 1 / 3, 1e-14)
    expectShare(se, 0.2472066162, 1e-9)
    expect(low).toBeCloseTo(-0.3021315, 7)
    expect(high).toBeCloseTo(0.9687982, 7)
    expectShare(meanInterval(ofPairs)!.se, 0.1880253583, 1e-9)
  })

  it('of clusters has a smaller standard error than that of its values where they even each other out', () => {
    const values = [...Array(20).keys()]
    const clusters = values.map((value) => String(value % 4))
    expectShare(meanInterval(values, clusters)!.se, 0.6454972244, 1e-9)
    // √(35 / 20); without clusters √35 / √20.
    expectShare(meanInterval(values)!.se, 1.3228756555, 1e-9)
    expectShare(meanInterval(values.slice(0, 10))!.se, 0.957, 1e-3)
  })

  it('takes a value without a cluster as a cluster of its own', () => {
    const none = ofPairs.map(() => undefined)
    expect(meanInterval(ofPairs, none)).toEqual(meanInterval(ofPairs))
    expect(meanInterval(ofPairs, [])).toEqual(meanInterval(ofPairs))
    // A cluster may be called by a number: it is not the value at that place.
    expect(meanInterval([1, 2, 4], [undefined, undefined, '0'])).toEqual(meanInterval([1, 2, 4]))
    expect(meanInterval([1, 2, 4], ['a', 'a', undefined])?.df).toBe(1)
  })

  it('has no width where nothing varies, and a p that says only whether it is 0', () => {
    const flat = { n: 3, se: 0, df: 2 }
    expect(meanInterval([0, 0, 0])).toEqual({ ...flat, mean: 0, low: 0, high: 0, t: 0, p: 1 })
    expect(meanInterval([2, 2, 2])).toEqual({ ...flat, mean: 2, low: 2, high: 2, t: Number.POSITIVE_INFINITY, p: 0 })
    expect(meanInterval([-2, -2, -2])?.t).toBe(Number.NEGATIVE_INFINITY)
    // 0.1 + 0.1 + 0.1 is not 0.3, and 0.1 + 0.2 − 0.3 is not 0.
    expect(meanInterval([0.1, 0.1, 0.1])).toMatchObject({ se: 0, p: 0 })
    const even = [0.1, 0.2, -0.3, 0.1, 0.2, -0.3]
    expect(meanInterval(even, ['a', 'a', 'a', 'b', 'b', 'b'])).toMatchObject({ se: 0, t: 0, p: 1 })
  })

  it('never has a NaN', () => {
    const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 20 })
    const clusters = fc.array(fc.constantFrom('a', 'b', undefined), { maxLength: 20 })
    fc.assert(
      fc.property(values, clusters, (some, named) => {
        for (const value of Object.values(meanInterval(some, named) ?? {})) expect(value).not.toBeNaN()
      }),
    )
  })
})

describe('the bootstrap of a mean', () => {
  /** Draws from 0 … size − 1 that go through every sample of that size: the places of 0, 1, 2 … in that base. */
  function everySample(size: number): () => number {
    let calls = 0
    return () => {
      const [draw, place] = [Math.floor(calls / size), calls % size]
      calls += 1
      return ((Math.floor(draw / size ** place) % size) + 0.5) / size
    }
  }

  it('has no interval under two values or two clusters', () => {
    expect(bootstrapMean([], seededRandom(1))).toBeUndefined()
    expect(bootstrapMean([1], seededRandom(1))).toBeUndefined()
    expect(bootstrapMean([1, 2], seededRandom(1), { clusters: ['a', 'a'] })).toBeUndefined()
  })

  it('over all 256 samples of 1, 2, 3 and 10 lies between 1.5 and 8', () => {
    expect(bootstrapMean([1, 2, 3, 10], everySample(4), { draws: 256 })).toEqual({ low: 1.5, high: 8, draws: 256 })
  })

  it('draws clusters whole, as large as each is', () => {
    // a is 0, 0, 0 and b is 4: the samples aa, ab, ba, bb have means 0, 1, 1, 4. Type 7 at 0.025 · 3 and 0.975 · 3.
    const clusters = ['a', 'b', 'a', 'a']
    const { low, high } = bootstrapMean([0, 4, 0, 0], everySample(2), { clusters, draws: 4 })!
    expect(low).toBeCloseTo(0.075, 12)
    expect(high).toBeCloseTo(1 + 3 * 0.925, 12)
  })

  it('takes a value without a cluster as a cluster of its own', () => {
    const values = [1, 2, 3, 10]
    const clusters = values.map(() => undefined)
    expect(bootstrapMean(values, seededRandom(7), { clusters })).toEqual(bootstrapMean(values, seededRandom(7)))
  })

  it('takes 10,000 draws, the same for the same seed', () => {
    const values = [...Array(50).keys()]
    const interval = bootstrapMean(values, seededRandom(3))!
    expect(interval).toEqual(bootstrapMean(values, seededRandom(3)))
    expect(interval.draws).toBe(10_000)
    // Normal: 24.5 ± 1.96 · √(2499 / 12 / 50) = 4.0.
    expect(Math.abs(interval.low - 20.5)).toBeLessThan(0.3)
    expect(Math.abs(interval.high - 28.5)).toBeLessThan(0.3)
  })
})

describe('repeated runs of a case', () => {
  it.each([
    [10, 3, 1, 0.3],
    [10, 3, 5, 0.9166666667],
    [8, 4, 2, 0.7857142857],
    [10, 0, 5, 0],
    [10, 10, 5, 1],
    [10, 6, 5, 1],
    [1, 1, 1, 1],
  ])('of n = %i with %i passed, at least one of k = %i passes with a chance of %f', (n, passed, k, share) => {
    expect(passAtK(n, passed, k)).toBeCloseTo(share, 10)
  })

  it.each([
    [8, 6, 1, 0.75],
    [8, 6, 2, 0.5357142857],
    [8, 6, 4, 0.2142857143],
    [10, 9, 10, 0],
    [10, 10, 10, 1],
    [10, 0, 1, 0],
  ])('of n = %i with %i passed, all of k = %i pass with a chance of %f', (n, passed, k, share) => {
    expect(passHatK(n, passed, k)).toBeCloseTo(share, 10)
  })

  it('do not tell of more runs than there were', () => {
    expect(passAtK(3, 3, 4)).toBeUndefined()
    expect(passHatK(3, 3, 4)).toBeUndefined()
    expect(passHatK(0, 0, 1)).toBeUndefined()
  })

  it('can be thousands', () => {
    // C(4999, 2500) / C(5000, 2500) = 2500 / 5000.
    expect(passHatK(5000, 4999, 2500)).toBeCloseTo(0.5, 10)
  })
})

describe('many p-values', () => {
  // Benjamini and Hochberg (1995), table 1, as adjusted by R's p.adjust.
  const ps = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ]
  const byHolm = [0.0015, 0.0056, 0.0247, 0.114, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1, 1, 1, 1, 1, 1]
  const byRate = [
    0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571, 0.0638571, 0.0645, 0.0765, 0.486, 0.5811818, 0.714875,
    0.7532308, 0.8132143, 1,
  ]

  it('are adjusted as by R', () => {
    for (const [at, p] of holm(ps).entries()) expect(p).toBeCloseTo(byHolm[at]!, 7)
    for (const [at, p] of benjaminiHochberg(ps).entries()) expect(p).toBeCloseTo(byRate[at]!, 7)
    expect(holm(ps).filter((p) => p < 0.05)).toHaveLength(3)
    expect(benjaminiHochberg(ps).filter((p) => p < 0.05)).toHaveLength(4)
  })

  it('stay in the order given, and as they were', () => {
    const mixed = [0.04, 0.01, 0.03]
    // Holm: 3 · 0.01, then 2 · 0.03, then the larger of 0.06 and 0.04. BH: 3 · 0.01, the smaller of 0.045 and 0.04, 0.04.
    expect(holm(mixed)).toEqual([0.06, 0.03, 0.06])
    expect(benjaminiHochberg(mixed)).toEqual([0.04, 0.03, 0.04])
    expect(mixed).toEqual([0.04, 0.01, 0.03])
  })

  it('of none are none, and of one are that one', () => {
    expect([holm([]), benjaminiHochberg([])]).toEqual([[], []])
    expect([holm([0.03]), benjaminiHochberg([0.03])]).toEqual([[0.03], [0.03]])
  })
})

describe('the difference of two independent rates', () => {
  it('is unknown while one of them has no case', () => {
    const unknown = { difference: undefined, low: -1, high: 1 }
    expect([newcombe(0, 0, 1, 2), newcombe(1, 2, 0, 0)]).toEqual([unknown, unknown])
  })

  it('of all and none ends at exactly 1, and of none and all at −1', () => {
    // The Wilson bounds of 10 of 10 and 0 of 10 are both z² / (10 + z²) away.
    const far = 1 - Math.SQRT2 * (z95 ** 2 / (10 + z95 ** 2))
    const { difference, low, high } = newcombe(10, 10, 0, 10)
    expect([difference, high]).toEqual([1, 1])
    expect(low).toBeCloseTo(far, 12)
    expect(newcombe(0, 10, 10, 10).low).toBe(-1)
    expect(newcombe(0, 10, 10, 10).high).toBeCloseTo(-far, 12)
  })
})

describe('a release', () => {
  it.each([
    [-0.02, 0.05, 'safe'],
    [0.01, 0.05, 'safe'],
    // A certain loss, but a smaller one than the margin.
    [-0.02, -0.01, 'safe'],
    // Exactly at the margin is not above it.
    [-0.03, 0.01, 'inconclusive'],
    [-0.1, 0.1, 'inconclusive'],
    // A loss that may be none.
    [-0.1, 0, 'inconclusive'],
    [-0.1, -0.01, 'regressed'],
    [-1, 1, 'inconclusive'],
  ] as const)('with an interval from %f to %f at a margin of 0.03 is %s', (low, high, verdict) => {
    expect(nonInferiority({ low, high }, 0.03)).toBe(verdict)
  })
})
