import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agreementOf, krippendorffAlpha, tableOf } from '../src/core/stats/agreement.js'
import { leeInterval, ppi, roganGladen } from '../src/core/stats/correct.js'
import { rankSumChances, signedRankChances } from '../src/core/stats/rank-chances.js'
import { mannWhitney, signTest, wilcoxon } from '../src/core/stats/ranks.js'
import { bernoulliCusum, cusum, mixtureSprt, sprt } from '../src/core/stats/sequential.js'
import { shiftBetween, shiftOf } from '../src/core/stats/shift.js'

/** As many decimals as a printed value has. */
function rounded(value: number | undefined, decimals: number): number | undefined {
  return value === undefined ? undefined : Number(value.toFixed(decimals))
}

/** Standard error that an interval of ±1.96 of them was made from. */
function seOf(interval: { low: number; high: number } | undefined): number {
  return (interval!.high - interval!.low) / 2 / 1.959963984540054
}

describe('the agreement of two raters', () => {
  const abstractors = [
    [13, 0, 0],
    [0, 20, 7],
    [0, 4, 56],
  ]
  const sas = [
    [0, 4, 1],
    [0, 8, 0],
    [0, 1, 5],
  ]
  const paradox = [
    [118, 5],
    [2, 0],
  ]

  it('is unknown without an item', () => {
    expect(agreementOf([])).toBeUndefined()
    expect(
      agreementOf([
        [0, 0],
        [0, 0],
      ]),
    ).toBeUndefined()
  })

  it('of four abstractors is that of irrCAC, with its standard errors', () => {
    const agreement = agreementOf(abstractors)!
    expect(agreement).toMatchObject({ n: 100, observed: 0.89 })
    expect(agreement.kappa).toBeCloseTo(0.7964094022, 9)
    expect(agreement.ac1).toBeCloseTo(0.8493305482, 9)
    expect(agreement.scottPi).toBeCloseTo(0.7962396962, 9)
    expect(agreement.alpha).toBeCloseTo(0.7972584977, 9)
    expect(agreement.brennanPrediger).toBeCloseTo(0.835, 12)
    expect(seOf(agreement.kappaCi)).toBeCloseTo(0.0589107183, 8)
    expect(seOf(agreement.ac1Ci)).toBeCloseTo(0.0432174675, 8)
  })

  it('has the interval of kappa that SAS prints', () => {
    const { kappa, kappaCi } = agreementOf(sas)!
    expect([kappa, kappaCi?.low, kappaCi?.high].map((value) => rounded(value, 4))).toEqual([0.4842, 0.2137, 0.7547])
    expect(seOf(kappaCi).toFixed(4)).toBe('0.1380')
  })

  it('is the same whichever rater comes first', () => {
    const turned = sas.map((_, row) => sas.map((counts) => counts[row]!))
    const [one, other] = [agreementOf(sas)!, agreementOf(turned)!]
    expect(other.kappa).toBeCloseTo(one.kappa!, 12)
    expect(other.kappaCi?.low).toBeCloseTo(one.kappaCi!.low, 12)
    expect(other.ac1Ci?.high).toBeCloseTo(one.ac1Ci!.high, 12)
  })

  it('has the standard error of kappa of Fleiss, Cohen and Everitt, written out cell by cell', () => {
    for (const table of [abstractors, sas, paradox]) {
      const { n, observed: po, kappa, kappaCi } = agreementOf(table)!
      const row = table.map((counts) => counts.reduce((a, b) => a + b) / n)
      const column = table.map((_, label) => table.reduce((total, counts) => total + counts[label]!, 0) / n)
      const pe = row.reduce((total, share, label) => total + share * column[label]!, 0)
      let inner = -((po * pe - 2 * pe + po) ** 2)
      for (const [i, counts] of table.entries()) {
        for (const [j, count] of counts.entries()) {
          if (i === j) inner += (count / n) * (1 - pe - (column[i]! + row[i]!) * (1 - po)) ** 2
          else inner += (count / n) * (1 - po) ** 2 * (column[i]! + row[j]!) ** 2
        }
      }
      const se = Math.sqrt(inner / n) / (1 - pe) ** 2
      expect(kappaCi?.low).toBeCloseTo(Math.max(-1, kappa! - 1.959963984540054 * se), 12)
      expect(kappaCi?.high).toBeCloseTo(Math.min(1, kappa! + 1.959963984540054 * se), 12)
    }
  })

  it('is no better than chance by kappa but high by AC1 where nearly all is one label', () => {
    const agreement = agreementOf(paradox)!
    expect(agreement.observed).toBeCloseTo(0.944, 12)
    expect(agreement.kappa).toBeCloseTo(-0.0233918129, 9)
    expect(agreement.ac1).toBeCloseTo(0.9407763376, 9)
    expect(agreement.alpha).toBeCloseTo(-0.024691358, 9)
    expect(agreement.scottPi).toBeCloseTo(-0.0288065844, 9)
    expect(seOf(agreement.ac1Ci)).toBeCloseTo(0.0229645513, 9)
  })

  it('of human and judge has its standard errors', () => {
    const { kappa, ac1, kappaCi, ac1Ci } = agreementOf([
      [63, 7],
      [6, 24],
    ])!
    expect(kappa).toBeCloseTo(0.6933962264, 9)
    // Means 0.695 and 0.305: by chance 2 · 0.695 · 0.305 = 0.42395.
    expect(ac1).toBeCloseTo(0.44605 / 0.57605, 12)
    expect(seOf(kappaCi)).toBeCloseTo(0.0786444413, 9)
    expect(seOf(ac1Ci)).toBeCloseTo(0.0620069952, 9)
  })

  it('is 0/0 by chance-corrected shares where both gave one label only, and full where any label might have come', () => {
    expect(
      agreementOf([
        [9, 0],
        [0, 0],
      ]),
    ).toEqual({
      n: 9,
      observed: 1,
      kappa: undefined,
      kappaCi: undefined,
      ac1: 1,
      ac1Ci: undefined,
      scottPi: undefined,
      alpha: undefined,
      brennanPrediger: 1,
    })
  })

  it('in a table of one label is nothing but observed', () => {
    const { observed, ...others } = agreementOf([[9]])!
    expect(observed).toBe(1)
    expect(Object.values(others).filter((value) => value !== undefined)).toEqual([9])
  })

  it('with a constant rater is that of chance by kappa, without an interval', () => {
    // Rows 5 and 5, columns 10 and 0: observed 0.5, by chance 0.5 · 1.
    const agreement = agreementOf([
      [5, 0],
      [5, 0],
    ])!
    expect(agreement).toMatchObject({ observed: 0.5, kappa: 0, kappaCi: undefined, brennanPrediger: 0 })
    // Means 0.75 and 0.25: π (0.5 − 0.625) / 0.375; AC1 (0.5 − 0.375) / 0.625.
    expect(agreement.scottPi).toBeCloseTo(-1 / 3, 12)
    expect(agreement.ac1).toBeCloseTo(0.2, 12)
    // 20 ratings, 15 and 5: Do = 0.5, De = 2 · 15 · 5 / (20 · 19) = 15/38.
    expect(agreement.alpha).toBeCloseTo(1 - 0.5 / (15 / 38), 12)
  })

  it('is 1 without an interval where all is agreed, and −1 where nothing is', () => {
    const full = agreementOf([
      [5, 0],
      [0, 5],
    ])!
    expect(full).toMatchObject({ kappa: 1, kappaCi: undefined, ac1: 1, ac1Ci: undefined, scottPi: 1, alpha: 1 })
    const none = agreementOf([
      [0, 5],
      [5, 0],
    ])!
    expect(none).toMatchObject({ observed: 0, kappa: -1, ac1: -1, scottPi: -1, brennanPrediger: -1 })
  })

  it('never has a bound beyond −1 or 1', () => {
    const { kappaCi, ac1Ci } = agreementOf([
      [3, 0],
      [1, 3],
    ])!
    expect([kappaCi?.high, ac1Ci?.high]).toEqual([1, 1])
  })

  it('has the alpha that the ratings of each item give', () => {
    const label = fc.constantFrom('a', 'b', 'c')
    fc.assert(
      fc.property(fc.array(fc.tuple(label, label), { minLength: 1, maxLength: 30 }), (pairs) => {
        const { alpha } = agreementOf(tableOf(pairs, ['a', 'b', 'c']))!
        expect(alpha ?? 1).toBeCloseTo(krippendorffAlpha(pairs)!, 10)
      }),
    )
  })

  it('is counted from pairs, the first in rows', () => {
    const pairs: [string, string][] = [
      ['fail', 'pass'],
      ['pass', 'pass'],
      ['pass', 'pass'],
    ]
    expect(tableOf(pairs, ['pass', 'fail', 'unsure'])).toEqual([
      [2, 0, 0],
      [1, 0, 0],
      [0, 0, 0],
    ])
    expect(tableOf([], ['pass', 'fail'])).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(() => tableOf(pairs, ['pass'])).toThrow(RangeError)
  })
})

describe('the pass rate behind that of a judge', () => {
  it('is unknown without a case, and if the judge is no better than chance', () => {
    expect(roganGladen({ passed: 0, n: 0, tpr: 0.9, tnr: 0.9 })).toBeUndefined()
    expect(roganGladen({ passed: 5, n: 10, tpr: 0.5, tnr: 0.5 })).toBeUndefined()
    expect(roganGladen({ passed: 5, n: 10, tpr: 0.2, tnr: 0.3 })).toBeUndefined()
  })

  it('is what the judge says if the judge is never wrong', () => {
    expect(roganGladen({ passed: 0, n: 10, tpr: 1, tnr: 1 })).toEqual({ rate: 0, isClipped: false })
    expect(roganGladen({ passed: 10, n: 10, tpr: 1, tnr: 1 })).toEqual({ rate: 1, isClipped: false })
  })

  it.each([
    [{ passed: 20, n: 120, tpr: 0.9, tnr: 0.99 }, 0.1760299625, false],
    [{ passed: 45, n: 150, tpr: 0.96, tnr: 0.89 }, 0.2235294118, false],
    [{ passed: 6, n: 151, tpr: 0.964, tnr: 0.927 }, -0.0373343442, true],
    // judgy: 5 of 8 pass, TPR 3/4, TNR 3/4: (0.625 − 0.25) / 0.5.
    [{ passed: 5, n: 8, tpr: 0.75, tnr: 0.75 }, 0.75, false],
    // (1 + 0.9 − 1) / 0.8.
    [{ passed: 10, n: 10, tpr: 0.9, tnr: 0.9 }, 1.125, true],
  ])('of %o is %f, outside of 0–1: %s', (judged, rate, isClipped) => {
    const corrected = roganGladen(judged)!
    expect(corrected.rate).toBeCloseTo(rate, 9)
    expect(corrected.isClipped).toBe(isClipped)
  })

  it.each([
    [{ p: 0.4, n: 1000, q0: 0.7, m0: 200, q1: 0.9, m1: 200 }, 0.1666666667, 0.0563507248, 0.2627330258],
    [{ p: 0.8, n: 500, q0: 0.85, m0: 60, q1: 0.9, m1: 140 }, 0.8666666667, 0.7919912414, 0.9487707063],
    [{ p: 0.725, n: 400, q0: 0.8, m0: 30, q1: 0.9, m1: 70 }, 0.75, 0.63301610149, 0.86700178657],
  ])('of %o has the point %f and the interval %f to %f of Lee', (judged, theta, low, high) => {
    const interval = leeInterval(judged)!
    expect(interval.theta).toBeCloseTo(theta, 9)
    expect(interval.low).toBeCloseTo(low, 9)
    expect(interval.high).toBeCloseTo(high, 9)
  })

  it('has no interval without outputs of each sort, or by a judge who may be no better than chance', () => {
    const judged = { p: 0.5, n: 100, q0: 0.8, m0: 50, q1: 0.8, m1: 50 }
    expect(leeInterval(judged)).toBeDefined()
    expect(leeInterval({ ...judged, n: 0 })).toBeUndefined()
    expect(leeInterval({ ...judged, m0: 0 })).toBeUndefined()
    expect(leeInterval({ ...judged, m1: 0 })).toBeUndefined()
    expect(leeInterval({ ...judged, q0: 0.5, q1: 0.5 })).toBeUndefined()
    // 4 of 5 each: q0 + q1 − 1 = 3/7 after smoothing, se √(2 · 10/49 / 7) = 0.2415, of which 1.96 are 0.473.
    expect(leeInterval({ ...judged, m0: 5, m1: 5 })).toBeUndefined()
  })

  it('has an interval clipped to 0–1, but none that lies outside of it', () => {
    const judged = { n: 100, q0: 0.9, m0: 50, q1: 0.9, m1: 50 }
    // (0.92 + 0.9 − 1) / 0.8 is above 1; (0.08 + 0.9 − 1) / 0.8 below 0.
    const high = leeInterval({ ...judged, p: 0.92 })!
    expect(high).toMatchObject({ theta: 1, high: 1 })
    expect(high.low).toBeLessThan(1)
    const low = leeInterval({ ...judged, p: 0.08 })!
    expect(low).toMatchObject({ theta: 0, low: 0 })
    expect(low.high).toBeCloseTo(1 - high.low, 12)
    // A judge who misses one pass in ten cannot pass all of 100.
    expect(leeInterval({ ...judged, p: 1 })).toBeUndefined()
    expect(leeInterval({ ...judged, p: 0 })).toBeUndefined()
  })
})

describe('the prediction-powered rate', () => {
  const labelled = [...'1101011011'].map((human, at) => ({ human: Number(human), judge: Number('1111010011'[at]) }))
  const unlabelled = Array.from({ length: 100 }, (_, at) => (at < 70 ? 1 : 0))

  it.each([
    [1, 0.40863041, 0.99136959],
    [0, 0.41597423, 0.98402577],
    [undefined, 0.45393015, 0.94606985],
  ])('with lambda %s is 0.7 within %f and %f', (lambda, low, high) => {
    const answer = ppi({ labelled, unlabelled, ...(lambda === undefined ? {} : { lambda }) })!
    expect(answer.rate).toBeCloseTo(0.7, 12)
    expect(answer.low).toBeCloseTo(low, 7)
    expect(answer.high).toBeCloseTo(high, 7)
    if (lambda !== undefined) expect(answer.lambda).toBe(lambda)
  })

  it('is tuned by how far judge and human go together', () => {
    const of = (human: number, judge: number, count: number) => Array.from({ length: count }, () => ({ human, judge }))
    const { rate, lambda } = ppi({
      labelled: [...of(1, 1, 63), ...of(1, 0, 7), ...of(0, 1, 6), ...of(0, 0, 24)],
      unlabelled: Array.from({ length: 400 }, (_, at) => (at < 290 ? 1 : 0)),
    })!
    expect(lambda).toBeCloseTo(0.5796479583, 9)
    expect(rate).toBeCloseTo(0.72028768, 8)
  })

  it('is unknown without a label, and where labels that all say the same would make it certain', () => {
    expect(ppi({ labelled: [], unlabelled })).toBeUndefined()
    expect(ppi({ labelled: [{ human: 1, judge: 0 }], unlabelled: [] })).toBeUndefined()
    expect(
      ppi({
        labelled: [
          { human: 1, judge: 1 },
          { human: 1, judge: 1 },
        ],
        unlabelled: [1, 1, 1],
      }),
    ).toBeUndefined()
  })

  it('is that of the labels alone where nothing is unlabelled or the judge never differs', () => {
    // 7 of 10: 0.7 ± 1.96 √(0.21 / 10).
    const alone = { rate: 0.7, lambda: 0, low: 0.41597423, high: 0.98402577 }
    const constant = labelled.map(({ human }) => ({ human, judge: 1 }))
    for (const answer of [
      ppi({ labelled, unlabelled: [] }),
      ppi({ labelled, unlabelled: [], lambda: 1 }),
      ppi({ labelled: constant, unlabelled: [1, 1, 1] }),
    ]) {
      expect(answer?.lambda).toBe(0)
      expect(answer?.rate).toBeCloseTo(alone.rate, 12)
      expect(answer?.low).toBeCloseTo(alone.low, 7)
      expect(answer?.high).toBeCloseTo(alone.high, 7)
    }
  })

  it('trusts a judge who is the opposite of the labels in nothing, and stays within 0–1', () => {
    const opposite = labelled.map(({ human }) => ({ human, judge: 1 - human }))
    expect(ppi({ labelled: opposite, unlabelled })?.lambda).toBe(0)
    // 9 of 10 passed, of which the judge found 5, and all others: 0.9 + 1 − 0.5.
    const blind = Array.from({ length: 10 }, (_, at) => ({ human: at < 9 ? 1 : 0, judge: at < 5 ? 1 : 0 }))
    expect(ppi({ labelled: blind, unlabelled: [1, 1, 1], lambda: 1 })).toMatchObject({ rate: 1, high: 1, lambda: 1 })
  })
})

/** Plants of Darwin's maize: crossed less self-fertilised, in eighths of an inch. */
const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]

describe('signed ranks', () => {
  it('of Darwin’s maize are those of SciPy and R', () => {
    const answer = wilcoxon(darwin)!
    expect(answer.p).toBeCloseTo(0.041259765625, 14)
    expect(answer).toMatchObject({ statistic: 24, shift: 25, shiftLow: 4, shiftHigh: 41.5 })
    expect(signTest(darwin)).toBeCloseTo(0.00738525390625, 14)
  })

  it('are the same with all signs turned', () => {
    const turned = wilcoxon(darwin.map((difference) => -difference))!
    expect(turned.p).toBe(wilcoxon(darwin)?.p)
    expect(turned).toMatchObject({ statistic: 24, shift: -25, shiftLow: -41.5, shiftHigh: -4 })
  })

  it('of nothing but zeros say nothing', () => {
    expect([wilcoxon([]), wilcoxon([0, 0]), signTest([]), signTest([0, 0])]).toEqual(Array(4).fill(undefined))
  })

  it('of one difference prove nothing', () => {
    expect(wilcoxon([3])).toEqual({ statistic: 0, p: 1, shift: 3, shiftLow: undefined, shiftHigh: undefined })
    expect(signTest([3])).toBe(1)
  })

  it('of ten equal differences are exact all the same: 2 of 2^10', () => {
    expect(wilcoxon(Array(10).fill(2))).toMatchObject({
      statistic: 0,
      p: 2 / 1024,
      shift: 2,
      shiftLow: 2,
      shiftHigh: 2,
    })
    expect(signTest(Array(10).fill(2))).toBeCloseTo(2 / 1024, 12)
  })

  it('drop zeros and share ranks among ties', () => {
    // |d| 1 1 2 2 2 3 4 have the ranks 1.5 1.5 4 4 4 6 7; −1 and −2 make 5.5; 13 of the 128 choices of signs are at most that.
    const answer = wilcoxon([3, -1, 2, 2, -2, 4, 0, 1])!
    expect(answer).toMatchObject({ statistic: 5.5, p: 26 / 128, shift: 1 })
    expect(signTest([3, -1, 2, 2, -2, 4, 0, 1])).toBeCloseTo(2 * ((1 + 7 + 21) / 128), 12)
  })

  it('take what rounding left of zero or of a tie for what it was', () => {
    const rounding = [0.1 + 0.2 - 0.3, 0.9 - 0.8, 0.8 - 0.7, 0.3 - 0.4]
    expect(wilcoxon(rounding)).toMatchObject({ statistic: 2, p: 1 })
    expect(wilcoxon(rounding)?.p).toBe(wilcoxon([0, 1, 1, -1])?.p)
    expect(signTest(rounding)).toBe(1)
  })

  it('above 500 differences are those of the normal distribution, as in SciPy', () => {
    const many = Array.from({ length: 600 }, (_, at) => ((((at + 1) * 7919) % 1201) - 580) / 10)
    const answer = wilcoxon(many)!
    expect(answer.statistic).toBe(83541.5)
    expect(answer.p).toBeCloseTo(0.11980887970190969, 12)
    // 7 i² mod 11 decides the sign of i / 10.
    const lopsided = Array.from({ length: 600 }, (_, at) => (at + 1) / (((at + 1) ** 2 * 7) % 11 < 6 ? 10 : -10))
    expect(wilcoxon(lopsided)?.statistic).toBe(49009)
    expect(wilcoxon(lopsided)!.p / 3.4988007939208174e-22).toBeCloseTo(1, 8)
  })

  it('keep the digits of a very small p', () => {
    const ups = Array.from({ length: 100 }, (_, at) => at + 1)
    expect(wilcoxon(ups)?.p).toBe(2 ** -99)
    expect(signTest(ups)! * 2 ** 99).toBeCloseTo(1, 10)
    expect(signTest([...Array(60).fill(1), ...Array(60).fill(-1)])).toBe(1)
    // i of 1 … 400 with the sign of 7 i² mod 11, by SciPy.
    const lopsided = Array.from({ length: 400 }, (_, at) => (((at + 1) ** 2 * 7) % 11 < 6 ? at + 1 : -at - 1))
    expect(wilcoxon(lopsided)!.p / 1.0749060369423393e-15).toBeCloseTo(1, 8)
  })

  it('hardly change where the exact count ends', () => {
    const sawtooth = (n: number) => Array.from({ length: n }, (_, at) => (at % 9 < 5 ? at + 1 : -at - 1))
    const [exact, normal] = [wilcoxon(sawtooth(500))!, wilcoxon(sawtooth(501))!]
    expect(Math.abs(exact.p - normal.p)).toBeLessThan(0.01)
    expect(Math.abs(exact.shiftLow! - normal.shiftLow!)).toBeLessThan(3)
  })

  it('have the chances that all choices of signs have', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }), (ranks) => {
        const counts = new Map<number, number>()
        for (let signs = 0; signs < 2 ** ranks.length; signs += 1) {
          let sum = 0
          for (const [at, rank] of ranks.entries()) if ((signs >> at) % 2 === 1) sum += rank
          counts.set(sum, (counts.get(sum) ?? 0) + 1)
        }
        for (const [sum, chance] of signedRankChances(ranks).entries()) {
          expect(chance).toBe((counts.get(sum) ?? 0) / 2 ** ranks.length)
        }
      }),
    )
  })
})

describe('the rank-sum test', () => {
  it('of SciPy’s males and females has its p and R’s shift', () => {
    const answer = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12])!
    expect(answer).toMatchObject({ u: 17, shift: 7, shiftLow: -1, shiftHigh: 17, a12: 0.85 })
    expect(answer.exactP).toBeCloseTo(0.1111111111, 9)
    expect(answer.asymptoticP).toBeCloseTo(0.1113468865, 10)
    expect(2 * answer.a12 - 1).toBeCloseTo(0.7, 12)
  })

  it('of five latencies before and after has its exact p', () => {
    const answer = mannWhitney([120, 135, 150, 180, 400], [100, 110, 115, 130, 140])!
    expect(answer.u).toBe(22)
    expect(answer.exactP).toBeCloseTo(0.0555555556, 9)
  })

  it('is mirrored by the other order', () => {
    const answer = mannWhitney([20, 11, 17, 12], [19, 22, 16, 29, 24])!
    expect(answer).toMatchObject({ u: 3, shift: -7, shiftLow: -17, shiftHigh: 1 })
    expect(answer.exactP).toBeCloseTo(0.1111111111, 9)
    expect(answer.a12).toBeCloseTo(0.15, 12)
  })

  it('of an empty sample says nothing', () => {
    expect([mannWhitney([], [1]), mannWhitney([1], []), mannWhitney([], [])]).toEqual(Array(3).fill(undefined))
  })

  it('of two values each is exact but has no interval, since 2 of 6 orders are as extreme', () => {
    const answer = mannWhitney([1, 2], [3, 4])!
    expect(answer.exactP).toBeCloseTo(1 / 3, 12)
    expect(answer.asymptoticP).toBeCloseTo(0.2452781168067728, 12)
    expect(answer).toMatchObject({ u: 0, shift: -2, shiftLow: undefined, shiftHigh: undefined, a12: 0 })
  })

  it('of one value against 39 has all as its interval, which misses 2.5 % on either side exactly', () => {
    const others = Array.from({ length: 39 }, (_, at) => at + 1)
    expect(mannWhitney([20.5], others)).toMatchObject({ shiftLow: -18.5, shiftHigh: 19.5 })
    expect(mannWhitney([20.5], others.slice(1))).toMatchObject({ shiftLow: undefined, shiftHigh: undefined })
  })

  it('of equal values finds no difference', () => {
    expect(mannWhitney([5, 5, 5, 5, 5], [5, 5, 5, 5])).toEqual({
      u: 10,
      exactP: undefined,
      asymptoticP: undefined,
      shift: 0,
      shiftLow: 0,
      shiftHigh: 0,
      a12: 0.5,
    })
  })

  it('with ties is not exact, and corrected for them as in SciPy', () => {
    const answer = mannWhitney([1, 2, 2, 3, 5, 5, 7], [2, 4, 5, 6, 8, 8])!
    expect(answer).toMatchObject({ u: 11, exactP: undefined })
    expect(answer.asymptoticP).toBeCloseTo(0.16936768223501375, 12)
  })

  it('of 20 and 15 has the p of SciPy and the bounds of rank 91 by full count', () => {
    const x = Array.from({ length: 20 }, (_, at) => ((at + 1) * 37) % 101)
    const y = Array.from({ length: 15 }, (_, at) => (((at + 1) * 53) % 103) + 7.5)
    const answer = mannWhitney(x, y)!
    expect(answer).toMatchObject({ u: 161, shift: 4, shiftLow: -18.5, shiftHigh: 23.5 })
    expect(answer.exactP).toBeCloseTo(0.7297178519589611, 12)
    expect(answer.asymptoticP).toBeCloseTo(0.7263386976487618, 12)
  })

  it('of 150 and 120 is past the exact count, with bounds of rank 7750', () => {
    const x = Array.from({ length: 150 }, (_, at) => ((at + 1) * 37) % 211)
    const y = Array.from({ length: 120 }, (_, at) => (((at + 1) * 53) % 223) + 7.5)
    const answer = mannWhitney(x, y)!
    expect(answer).toMatchObject({ u: 7984, exactP: undefined, shift: -12.5, shiftLow: -28.5, shiftHigh: 2.5 })
    expect(answer.asymptoticP).toBeCloseTo(0.11121460766981177, 12)
  })

  it('of a clear difference keeps the digits of a very small p', () => {
    const x = Array.from({ length: 300 }, (_, at) => at)
    const y = Array.from({ length: 350 }, (_, at) => at + 290)
    expect(mannWhitney(x, y)!.asymptoticP! / 4.8963204219442376e-107).toBeCloseTo(1, 8)
  })

  it('of 100,000 latencies each has its shift at once', () => {
    const x = Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 100_000)
    const answer = mannWhitney(
      x.map((value) => value + 250),
      x,
    )!
    expect(answer.shift).toBe(250)
    expect(answer.shiftLow).toBeLessThan(250)
    expect(answer.shiftHigh).toBeGreaterThan(250)
  })

  it('has the chances that all orders of both have', () => {
    for (const [m, n] of [
      [1, 1],
      [1, 4],
      [4, 1],
      [3, 4],
      [5, 5],
    ] as const) {
      const counts = new Map<number, number>()
      let orders = 0
      for (let places = 0; places < 2 ** (m + n); places += 1) {
        // An order is a word of x (1) and y (0), in ascending values.
        const word = [...places.toString(2).padStart(m + n, '0')]
        if (word.filter((letter) => letter === '1').length !== m) continue
        let seen = 0
        let pairs = 0
        for (const letter of word) {
          if (letter === '0') seen += 1
          else pairs += seen
        }
        orders += 1
        counts.set(pairs, (counts.get(pairs) ?? 0) + 1)
      }
      const chances = rankSumChances(m, n)
      expect(chances).toHaveLength(m * n + 1)
      for (const [pairs, chance] of chances.entries()) expect(chance).toBeCloseTo((counts.get(pairs) ?? 0) / orders, 14)
    }
  })
})

describe('a Hodges–Lehmann shift', () => {
  const values = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 25 })
  const whole = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 25 })

  function medianOf(all: number[]): number {
    const sorted = all.sort((a, b) => a - b)
    return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
  }

  it('is the median of all differences, whatever the values', () => {
    fc.assert(
      fc.property(fc.oneof(values, whole), fc.oneof(values, whole), (x, y) => {
        expect(shiftBetween(x, y)?.shift).toBeCloseTo(medianOf(x.flatMap((a) => y.map((b) => a - b))), 12)
      }),
    )
  })

  it('is the median of all means of two, whatever the differences', () => {
    fc.assert(
      fc.property(fc.oneof(values, whole), (d) => {
        expect(shiftOf(d)?.shift).toBeCloseTo(medianOf(d.flatMap((a, at) => d.slice(at).map((b) => (a + b) / 2))), 12)
      }),
    )
  })

  it('has an interval from six differences on: 2 of 64 choices of signs are 3.1 %', () => {
    expect(shiftOf([1, 2, 3, 4, 5])).toEqual({ shift: 3, shiftLow: undefined, shiftHigh: undefined })
    expect(shiftOf([1, 2, 3, 4, 5, 6])).toEqual({ shift: 3.5, shiftLow: 1, shiftHigh: 6 })
    expect(shiftOf([])).toBeUndefined()
  })
})

describe('a CUSUM', () => {
  const montgomery = [
    9.45, 7.99, 9.29, 11.66, 12.16, 10.18, 8.04, 11.46, 9.2, 10.34, 9.03, 11.47, 10.51, 9.4, 10.08, 9.37, 10.62, 10.31,
    8.52, 10.84, 10.9, 9.33, 12.29, 11.5, 10.6, 11.08, 10.38, 11.62, 11.31, 10.52,
  ]

  it('of Montgomery’s table signals at 29, seven values after its run began', () => {
    const { up, signals } = cusum(montgomery, { mean: 10, slack: 0.5, limit: 5 })
    expect([4, 5, 28, 29, 30].map((place) => up[place - 1]?.toFixed(2))).toEqual([
      '1.16',
      '2.82',
      '4.47',
      '5.28',
      '5.30',
    ])
    expect(signals).toEqual([29, 30])
    expect(up.slice(0, 22).lastIndexOf(0)).toBe(21)
    expect(up.slice(22, 29).every((sum) => sum > 0)).toBe(true)
  })

  it('goes both ways, and is no signal at the limit itself', () => {
    const { up, down, signals } = cusum([1.5, 0.5, 0.6, -1.5, -0.5, -0.8], { mean: 0, slack: 0.5, limit: 1 })
    const printed = (sums: number[]) => sums.map((sum) => Number(sum.toFixed(9)))
    expect(printed(up)).toEqual([1, 1, 1.1, 0, 0, 0])
    expect(printed(down)).toEqual([0, 0, 0, -1, -1, -1.3])
    expect(signals).toEqual([3, 6])
  })

  it('is at the limit where only rounding is above it', () => {
    // 0.1 + 0.1 + 0.1 is 0.30000000000000004.
    expect(cusum([0.1, 0.1, 0.1], { mean: 0, slack: 0, limit: 0.3 }).signals).toEqual([])
    expect(cusum([0.1, 0.1, 0.1001], { mean: 0, slack: 0, limit: 0.3 }).signals).toEqual([3])
  })

  it('of nothing or of values at the mean stays at 0', () => {
    expect(cusum([], { mean: 1, slack: 0.5, limit: 5 })).toEqual({ up: [], down: [], signals: [] })
    expect(cusum([1, 1], { mean: 1, slack: 0.5, limit: 5 })).toEqual({ up: [0, 0], down: [0, 0], signals: [] })
  })
})

describe('failures one by one', () => {
  const failures = [...'00100011000101101'].map((failed) => failed === '1')
  const rates = { p0: 0.05, p1: 0.1 }

  it('add ln 2 each to a CUSUM, and a success takes 0.054', () => {
    const { sums } = bernoulliCusum([true, false], { ...rates, limit: 1 })
    expect(sums[0]).toBeCloseTo(Math.LN2, 14)
    expect(sums[1]! - sums[0]!).toBeCloseTo(-0.0540672213, 10)
  })

  it('bring a CUSUM to ln 19 at the fourteenth', () => {
    const { sums, signals } = bernoulliCusum(failures, { ...rates, limit: Math.log(19) })
    expect(sums[13]).toBeCloseTo(3.087265, 6)
    expect(sums[16]).toBeCloseTo(4.419492, 6)
    expect(signals[0]).toBe(14)
  })

  it('signal at the limit itself, and none without a failure', () => {
    expect(bernoulliCusum([true, true, true], { ...rates, limit: 3 * Math.LN2 }).signals).toEqual([3])
    expect(bernoulliCusum([false, false], { ...rates, limit: 1 })).toEqual({ sums: [0, 0], signals: [] })
    expect(bernoulliCusum([], { ...rates, limit: 1 })).toEqual({ sums: [], signals: [] })
  })

  it('decide a probability ratio test for the higher rate at the fourteenth', () => {
    const answer = sprt(failures, { ...rates, alpha: 0.05, beta: 0.1 })
    expect(answer.upper).toBeCloseTo(2.8903717579, 10)
    expect(answer.lower).toBeCloseTo(-2.2512917986, 10)
    expect(answer.logRatio).toBeCloseTo(4.311358, 6)
    expect(answer).toMatchObject({ decidedAt: 14, decision: 'p1' })
    expect(sprt(failures.slice(0, 14), { ...rates, alpha: 0.05, beta: 0.1 }).logRatio).toBeCloseTo(2.979131, 6)
    expect(sprt(failures.slice(0, 13), { ...rates, alpha: 0.05, beta: 0.1 }).decidedAt).toBeUndefined()
  })

  it('that never come decide it for the lower rate, and a later run of them changes nothing', () => {
    // 2.2512917986 / 0.0540672213 = 41.6.
    const none = Array<boolean>(42).fill(false)
    const rule = { ...rates, alpha: 0.05, beta: 0.1 }
    expect(sprt(none.slice(1), rule)).toMatchObject({ decidedAt: undefined, decision: undefined })
    expect(sprt(none, rule)).toMatchObject({ decidedAt: 42, decision: 'p0' })
    expect(sprt([...none, ...Array<boolean>(20).fill(true)], rule)).toMatchObject({ decidedAt: 42, decision: 'p0' })
    expect(sprt([], rule)).toMatchObject({ logRatio: 0, decidedAt: undefined, decision: undefined })
  })

  it('are not tested between rates or chances that are out of order', () => {
    for (const wrong of [
      { p0: 0, p1: 0.1 },
      { p0: 0.1, p1: 0.1 },
      { p0: 0.1, p1: 1 },
    ]) {
      expect(() => bernoulliCusum([], { ...wrong, limit: 1 })).toThrow(RangeError)
      expect(() => sprt([], { ...wrong, alpha: 0.05, beta: 0.1 })).toThrow(RangeError)
    }
    expect(() => sprt([], { ...rates, alpha: 0.5, beta: 0.5 })).toThrow(RangeError)
    expect(() => sprt([], { ...rates, alpha: 0, beta: 0.1 })).toThrow(RangeError)
  })
})

describe('the mixture ratio', () => {
  it.each([
    [0.3, 100, 18.028637],
    [0.1, 50, 0.502808],
    [0, 100, 0.301511],
  ])('of a mean of %f over %i is %f', (mean, n, ratio) => {
    expect(mixtureSprt({ n, mean, variance: 1, tau: 0.1 })).toBeCloseTo(ratio, 6)
  })

  it('is 1 before the first value, and unknown without a variance', () => {
    expect(mixtureSprt({ n: 0, mean: 0, variance: 1, tau: 0.1 })).toBe(1)
    expect(mixtureSprt({ n: 5, mean: 0, variance: 0, tau: 0.1 })).toBeUndefined()
    expect(mixtureSprt({ n: 5, mean: 0, variance: 1, tau: 0 })).toBeUndefined()
  })
})
