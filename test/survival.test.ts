import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../src/core/seeded-random.js'
import { krippendorffAlpha } from '../src/core/stats/agreement.js'
import { signFlip } from '../src/core/stats/paired.js'
import { kaplanMeier, logRank, medianSurvival, restrictedMean, type Survival } from '../src/core/stats/survival.js'

/** Times as the literature prints them: 13+ is censored at 13. */
function times(text: string): Survival[] {
  return text.split(' ').map((word) => ({ time: Number.parseFloat(word), isEvent: !word.endsWith('+') }))
}

// aml and the 6-MP trial of Freireich, as in R's survival; two made-up arms of drills of 90 minutes.
const maintained = times('9 13 13+ 18 23 28+ 31 34 45+ 48 161+')
const nonmaintained = times('5 5 8 8 12 16+ 23 27 30 33 43 45')
const control = times('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23')
const treated = times('6 6 6 7 10 13 16 22 23 6+ 9+ 10+ 11+ 17+ 19+ 20+ 25+ 32+ 32+ 34+ 25+')
const before = times('90+ 62 85 90+ 41 90+ 77 58 90+ 66')
const after = times('15 22 9 90+ 12 31 18 7 25 14')

/** Whole numbers, so that ties are common. */
const anySamples = fc.array(fc.record({ time: fc.integer({ min: 1, max: 12 }), isEvent: fc.boolean() }), {
  minLength: 1,
  maxLength: 40,
})

describe('the Kaplan–Meier curve', () => {
  it('of nobody has no point', () => {
    expect(kaplanMeier([])).toEqual([])
  })

  it('of one event falls to 0, where it has no interval', () => {
    expect(kaplanMeier(times('7'))).toEqual([
      { time: 7, survival: 0, low: undefined, high: undefined, atRisk: 1, events: 1 },
    ])
  })

  it('of censored times only stays at 1', () => {
    expect(kaplanMeier(times('90+ 90+'))).toEqual([{ time: 90, survival: 1, low: 1, high: 1, atRisk: 2, events: 0 }])
  })

  it('counts who is censored at the time of an event as still at risk', () => {
    const points = kaplanMeier(times('20+ 10 10+ 10+'))
    expect(points.map(({ time, survival, atRisk, events }) => [time, survival, atRisk, events])).toEqual([
      [10, 0.75, 4, 1],
      [20, 0.75, 1, 0],
    ])
  })

  it('of 6-MP has the steps and log-log bounds worked out by hand', () => {
    // By hand: S(6) = 18/21, Greenwood 3/(21 · 18) = 1/126, log(−log S) = −1.8698, se 0.0891/0.15415 = 0.5779.
    const [first, second] = kaplanMeier(treated)
    expect(first).toMatchObject({ time: 6, atRisk: 21, events: 3 })
    expect(first?.survival).toBeCloseTo(0.857143, 6)
    expect(first?.low).toBeCloseTo(Math.exp(-Math.exp(-1.8698 + 1.95996 * 0.5779)), 3)
    expect(first?.high).toBeCloseTo(Math.exp(-Math.exp(-1.8698 - 1.95996 * 0.5779)), 3)
    // S(7) = 18/21 · 16/17.
    expect(second?.survival).toBeCloseTo(0.806723, 6)
  })

  it('without censoring is the share of times still to come', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const complete = samples.map(({ time }) => ({ time, isEvent: true }))
        for (const { time, survival } of kaplanMeier(complete)) {
          const later = complete.filter((sample) => sample.time > time).length
          expect(survival).toBeCloseTo(later / complete.length, 12)
        }
      }),
    )
  })

  it('never rises, and lies within its interval', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        let previous = 1
        for (const { survival, low, high } of kaplanMeier(samples)) {
          expect(survival).toBeLessThanOrEqual(previous)
          expect(low ?? 0).toBeLessThanOrEqual(survival)
          expect(high ?? 1).toBeGreaterThanOrEqual(survival)
          previous = survival
        }
      }),
    )
  })
})

describe('the median time', () => {
  it.each([
    ['of nobody', []],
    ['of one censored', times('90+')],
    ['of all censored', times('90+ 60+ 90+')],
    ['of fewer events than half', times('10 90+ 90+')],
  ])('%s is not reached', (_, samples) => {
    expect(medianSurvival(samples).median).toBeUndefined()
    expect(medianSurvival(samples).high).toBeUndefined()
  })

  it('of one event, and of events all at one time, is that time without an interval', () => {
    const alone = { median: 7, low: undefined, high: undefined }
    expect(medianSurvival(times('7'))).toEqual(alone)
    expect(medianSurvival(times('7 7 7'))).toEqual(alone)
  })

  it('has its lower bound even where it is not reached itself', () => {
    // S(10) = 2/3, se 0.4082/0.4055 = 1.007 on the log-log scale: low = exp(−exp(−0.9027 + 1.973)) = 0.054.
    expect(medianSurvival(times('10 90+ 90+'))).toEqual({ median: undefined, low: 10, high: undefined })
  })

  it.each([
    ['maintained', maintained, { median: 31, low: 13, high: undefined }],
    ['nonmaintained', nonmaintained, { median: 23, low: 5, high: 33 }],
    // Bounds worked out apart from this code; R's default (plain log) has 4–12 and 16–NA for these two.
    ['control', control, { median: 8, low: 4, high: 11 }],
    ['treated', treated, { median: 23, low: 13, high: undefined }],
    ['before', before, { median: 81, low: 41, high: undefined }],
    ['after', after, { median: 16.5, low: 7, high: 25 }],
  ])('of %s is the published one, with its log-log interval', (_, samples, expected) => {
    expect(medianSurvival(samples)).toEqual(expected)
  })

  it('is the midpoint of the step at 0.5, whatever the last digit of 0.5', () => {
    // The product of shares misses 0.5 for some n, on either side.
    const products = new Set<number>()
    for (let half = 1; half <= 40; half += 1) {
      const samples = Array.from({ length: 2 * half }, (_, at) => ({ time: at + 1, isEvent: true }))
      products.add(kaplanMeier(samples)[half - 1]!.survival)
      expect(medianSurvival(samples).median).toBe(half + 0.5)
    }
    expect(Math.min(...products)).toBeLessThan(0.5)
    expect(Math.max(...products)).toBeGreaterThan(0.5)
  })

  it('passes over a censored time on the step at 0.5', () => {
    expect(medianSurvival(times('10 20 30+ 40')).median).toBe(30)
  })

  it('is the start of the step at 0.5 where no event ends it', () => {
    expect(medianSurvival(times('10 20 90+ 90+')).median).toBe(20)
  })
})

describe('the restricted mean', () => {
  it('of nobody is not known', () => {
    expect(restrictedMean([], 90)).toBeUndefined()
  })

  it('is not known past the last time, if that is censored', () => {
    expect(restrictedMean(times('10 89+'), 90)).toBeUndefined()
    expect(restrictedMean(times('10 90+'), 90)?.mean).toBe(50)
    expect(restrictedMean(times('10 89'), 90)?.mean).toBe(49.5)
  })

  it('of all censored at the horizon is the horizon, and of an event at it too', () => {
    expect(restrictedMean(times('90+ 90+'), 90)).toEqual({ mean: 90, se: 0 })
    expect(restrictedMean(times('90'), 90)).toEqual({ mean: 90, se: 0 })
  })

  it.each([
    ['before', before, 90, 74.9, 5.195094],
    ['after', after, 90, 24.3, 7.269182],
    // R: print(survfit(Surv(time, status) ~ x, data = aml), print.rmean = TRUE) has 52.6, 19.83 and 22.7, 4.18.
    ['maintained', maintained, 161, 52.645455, 19.828603],
    ['nonmaintained', nonmaintained, 161, 22.708333, 4.180942],
  ])('of %s is the area under its curve up to the horizon', (_, samples, horizon, mean, se) => {
    const found = restrictedMean(samples, horizon)!
    expect(found.mean).toBeCloseTo(mean, 6)
    expect(found.se).toBeCloseTo(se, 6)
  })

  it('without censoring before it is the plain mean of the shortened times', () => {
    fc.assert(
      fc.property(anySamples, fc.integer({ min: 1, max: 12 }), (samples, horizon) => {
        const kept = samples.map(({ time }) => Math.min(time, horizon))
        const complete = kept.map((time) => ({ time, isEvent: time < horizon }))
        const mean = kept.reduce((sum, time) => sum + time, 0) / kept.length
        const square = kept.reduce((sum, time) => sum + (time - mean) ** 2, 0) / kept.length
        const found = restrictedMean(complete, horizon)!
        expect(found.mean).toBeCloseTo(mean, 9)
        expect(found.se).toBeCloseTo(Math.sqrt(square / kept.length), 9)
      }),
    )
  })
})

describe('the log-rank test', () => {
  it.each([
    ['two empty groups', [], []],
    ['an empty group', times('1 2 3'), []],
    ['no event', times('90+ 90+'), times('90+')],
    ['all events at one time', times('5 5'), times('5')],
    ['events only after the other group has ended', times('1+ 2+'), times('3 4')],
    ['one sample', times('5'), []],
  ])('says nothing of %s', (_, a, b) => {
    expect(logRank(a, b)).toBeUndefined()
    expect(logRank(b, a)).toBeUndefined()
  })

  it('of two equal groups finds no difference', () => {
    const { chi2, p } = logRank(control, control)!
    expect(chi2).toBeCloseTo(0, 12)
    expect(p).toBeCloseTo(1, 6)
  })

  it('of aml is that of R', () => {
    const { chi2, p } = logRank(maintained, nonmaintained)!
    expect(chi2).toBeCloseTo(3.39639, 5)
    expect(p).toBeCloseTo(0.06534, 5)
  })

  it('counts who is censored at the time of an event as still at risk', () => {
    // One event at 1 in a, of 2 and 2 at risk: excess 1/2, variance 1/4.
    expect(logRank(times('1 9+'), times('1+ 9+'))!.chi2).toBeCloseTo(1, 12)
  })

  it('does not depend on the order of the groups', () => {
    fc.assert(
      fc.property(anySamples, anySamples, (a, b) => {
        const there = logRank(a, b)
        const back = logRank(b, a)
        expect(back === undefined).toBe(there === undefined)
        expect(back?.chi2 ?? 0).toBeCloseTo(there?.chi2 ?? 0, 8)
      }),
    )
  })

  it.each([
    [5, 8],
    [10, 30],
    [40, 60],
    [200, 300],
  ])('keeps the digits of a small p for %i and %i', (short, long) => {
    // All events of one group come before any of the other.
    const a = Array.from({ length: short }, (_, at) => ({ time: at + 1, isEvent: true }))
    const b = Array.from({ length: long }, (_, at) => ({ time: 1000 + at, isEvent: true }))
    const { chi2, p } = logRank(a, b)!
    expect(chi2).toBeGreaterThan(4)
    expect(p / tail(chi2) - 1).toBeCloseTo(0, 9)
  })
})

/** P(χ² > x) with 1 degree of freedom by the continued fraction of Mills' ratio, which is quick for a large x. */
function tail(x: number): number {
  const root = Math.sqrt(x)
  let below = root
  for (let level = 2000; level >= 1; level -= 1) below = root + level / below
  return (Math.sqrt(2 / Math.PI) * Math.exp(-x / 2)) / below
}

describe('the sign-flip test', () => {
  const random = seededRandom(1)

  it('of no pair says nothing', () => {
    expect(signFlip([], random)).toBeUndefined()
  })

  it('of one pair has p 1, whatever its difference', () => {
    expect(signFlip([5], random)).toEqual({ p: 1, n: 1, isExact: true, assignments: 2 })
    expect(signFlip([0], random)).toEqual({ p: 1, n: 1, isExact: true, assignments: 1 })
  })

  it('of the maize of Darwin has the p of Fisher, 1726 of 32768', () => {
    const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    expect(signFlip(maize, random)).toEqual({ p: 1726 / 32768, n: 15, isExact: true, assignments: 32768 })
    expect(
      signFlip(
        maize.map((difference) => -difference / 3),
        random,
      )?.p,
    ).toBe(1726 / 32768)
  })

  it('counts a tie as being as far, in whatever order the sums round', () => {
    // 0.1 + 0.2 − 0.3 is not 0 in floating point; ±0.6 and the four signs that give 0: |sum| ≥ 0 holds for all 8.
    expect(signFlip([0.1, 0.2, -0.3], random)?.p).toBe(1)
    // All of one sign: only the two extremes are as far.
    expect(signFlip([0.1, 0.2, 0.3, 0.7], random)?.p).toBe(2 / 16)
  })

  it('counts differences of zero in n and nowhere else', () => {
    expect(signFlip([0, 3, 0, 4, 5, 0], random)).toEqual({ p: 2 / 8, n: 6, isExact: true, assignments: 8 })
  })

  it('is exact up to 20 differences and drawn from 21 on', () => {
    const ones = Array.from({ length: 20 }, () => 1)
    expect(signFlip(ones, random)).toEqual({ p: 2 / 2 ** 20, n: 20, isExact: true, assignments: 2 ** 20 })
    expect(signFlip([...ones, 0], random)?.isExact).toBe(true)
    // No draw is as far: (0 + 1) / (19,999 + 1).
    expect(signFlip([...ones, 1], seededRandom(7))).toEqual({
      p: 1 / 20_000,
      n: 21,
      isExact: false,
      assignments: 19_999,
    })
  })

  it('draws a p near the exact one, and the same one from the same seed', () => {
    // 26 times ±1 with the sum 10: by the binomial distribution of the number of + signs.
    const differences = Array.from({ length: 26 }, (_, at) => (at < 18 ? 1 : -1))
    let asFar = 0
    let choose = 1
    for (let heads = 0; heads <= 26; heads += 1) {
      if (Math.abs(2 * heads - 26) >= 10) asFar += choose
      choose = (choose * (26 - heads)) / (heads + 1)
    }
    const exact = asFar / 2 ** 26
    const drawn = signFlip(differences, seededRandom(42))!
    expect(Math.abs(drawn.p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 19_999))
    expect(signFlip(differences, seededRandom(42))).toEqual(drawn)
  })
})

describe("Krippendorff's alpha", () => {
  /** One row of digits per rater, * where the rating is missing, turned into the ratings of each item. */
  function itemsOf(raters: string[]): string[][] {
    const items = Array.from({ length: raters[0]!.length }, (_, at) => raters.map((ratings) => ratings[at]!))
    return items.map((ratings) => ratings.filter((rating) => rating !== '*'))
  }

  it('of nothing, and of items with one rating at most, is not known', () => {
    expect(krippendorffAlpha([])).toBeUndefined()
    expect(krippendorffAlpha([[], ['a'], ['b']])).toBeUndefined()
  })

  it('of full agreement is 1, even where only one value was ever given', () => {
    const two = [
      ['a', 'a'],
      ['b', 'b', 'b'],
    ]
    expect(krippendorffAlpha(two)).toBe(1)
    expect(krippendorffAlpha([['a', 'a'], ['a', 'a'], ['b']])).toBe(1)
  })

  it.each([
    ['Wikipedia', ['*****34121133*3', '1*213343*******', '**21344*21133*4'], 0.691358],
    ['Krippendorff (2011)', ['123321412***', '1233224125*3', '*3332342251*', '12332441251*'], 0.743],
  ])('of the example of %s is the published one', (_, raters, alpha) => {
    expect(krippendorffAlpha(itemsOf(raters))).toBeCloseTo(alpha, String(alpha).length - 2)
  })

  it.each([
    ['111 000 111 001', 1 - 132 / 420],
    ['01 01 10 10', -0.75],
    ['110 00', 1 / 3],
  ])('of %s is %f', (items, alpha) => {
    expect(krippendorffAlpha(items.split(' ').map((ratings) => [...ratings]))).toBeCloseTo(alpha, 12)
  })

  it('leaves out an item with one rating', () => {
    const items = [
      ['a', 'b'],
      ['a', 'a'],
    ]
    expect(krippendorffAlpha([...items, ['c']])).toBe(krippendorffAlpha(items))
  })
})
