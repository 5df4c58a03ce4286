import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { agreementOf } from '../src/core/stats/agreement.js'
import { leeInterval, ppi, roganGladen } from '../src/core/stats/correct.js'
import { mcnemar } from '../src/core/stats/mcnemar.js'
import { signFlip } from '../src/core/stats/paired.js'
import { neededCount, newcombe, settlingN, wilson } from '../src/core/stats/proportion.js'
import { neededForInterval, quantile, quantileInterval, quantileRanks } from '../src/core/stats/quantile.js'
import { mannWhitney, signTest, wilcoxon } from '../src/core/stats/ranks.js'
import { passAtK, passHatK } from '../src/core/stats/repeats.js'
import { bernoulliCusum, cusum, sprt } from '../src/core/stats/sequential.js'
import { meanInterval } from '../src/core/stats/student.js'
import { logRank, type Survival } from '../src/core/stats/survival.js'

interface Anchor {
  id: string
  /** Each family reads the names that its own anchors have. */
  input: Record<'x' | 'n' | 'p' | 'treated_events' | 'a' | 'b' | 'c' | 'm', number> &
    Record<'control' | 'treated' | 'before' | 'before_event' | 'after' | 'after_event' | 'd' | 'y', number[]> &
    Record<'se' | 'sp' | 'q0' | 'm0' | 'q1' | 'm1' | 'mu' | 'k' | 'h' | 'p0' | 'p1' | 'alpha' | 'beta', number> & {
      table: number[][]
      out: string
    }
  expected: number[]
  tol: number
}

/** Family of anchors → our answer; undefined: not used yet. */
const families: [prefix: string, answer: ((input: Anchor['input']) => number[]) | undefined][] = [
  ['wilson_', ({ x, n }) => Object.values(wilson(x, n))],
  ['qci_', ({ n, p }) => Object.values(quantileRanks(n, p) ?? {})],
  ['mcnemar_', ({ b, c }) => Object.values(mcnemar(b, c))],
  [
    'agreement_',
    ({ table, out }) => {
      const { kappa, ac1, scottPi, alpha } = agreementOf(table)!
      const named: Record<string, number | undefined> = { kappa, ac1, scott_pi: scottPi, al: alpha }
      return out.split(',').map((name) => named[name]!)
    },
  ],
  ['kappa_', ({ table }) => [agreementOf(table)!.kappa!]],
  ['rg_', ({ x, n, se, sp }) => [roganGladen({ passed: x, n, tpr: se, tnr: sp })!.rate]],
  [
    'lee_',
    (input) => {
      const { low, high } = leeInterval(input)!
      return [low, high]
    },
  ],
  // The counts stand beside the first of these only.
  ['ppi_100_400_lam1', () => ppiOfHundred(1)],
  ['ppi_100_400_lam0', () => ppiOfHundred(0)],
  ['ppi_100_400_tuned', () => ppiOfHundred(undefined)],
  [
    'cusum_',
    ({ x, mu, k, h }) => {
      // The x of this family are a list already.
      const { up, signals } = cusum([x].flat(), { mean: mu, slack: k, limit: h })
      return [...[4, 5, 28, 29, 30].map((place) => up[place - 1]!), signals[0]!]
    },
  ],
  [
    'bern_cusum',
    ({ y, p0, p1 }) => {
      const { sums, signals } = bernoulliCusum(
        y.map((failed) => failed === 1),
        { p0, p1, limit: Math.log(19) },
      )
      return [sums.at(-1)!, signals[0]!]
    },
  ],
  [
    'sprt',
    ({ alpha, beta }) => {
      // Failures and rates stand in the text beside the anchors only.
      const failures = [...'00100011000101101'].map((failed) => failed === '1')
      const { upper, lower, logRatio, decidedAt } = sprt(failures, { p0: 0.05, p1: 0.1, alpha, beta })
      return [upper, lower, logRatio, decidedAt!]
    },
  ],
  [
    'darwin',
    ({ d }) => {
      const { mean, t, p } = meanInterval(d)!
      const ranks = wilcoxon(d)!
      return [mean, t, p, signFlip(d, Math.random)!.p, ranks.statistic, ranks.p, signTest(d)!]
    },
  ],
  [
    'mannwhitney',
    ({ x, y }) => {
      // The x of this family are a list already.
      const { u, exactP, asymptoticP } = mannWhitney([x].flat(), y)!
      return [u, exactP!, asymptoticP!]
    },
  ],
  [
    'logrank_6mp',
    ({ control, treated, treated_events }) =>
      Object.values(
        logRank(
          lasting(control),
          lasting(treated, (at) => at < treated_events),
        )!,
      ),
  ],
  // The data of these two stand in the text beside the anchors only.
  ['logrank_small', () => Object.values(logRank(lasting([10, 20, 30]), lasting([10, 20, 50]))!)],
  [
    'logrank_cens',
    () => {
      const isEvent = (at: number) => at !== 1
      return Object.values(logRank(lasting([10, 20, 30], isEvent), lasting([10, 20, 50], isEvent))!)
    },
  ],
  [
    'logrank_pilot',
    ({ before, before_event, after, after_event }) =>
      Object.values(
        logRank(
          lasting(before, (at) => before_event[at] === 1),
          lasting(after, (at) => after_event[at] === 1),
        )!,
      ),
  ],
  ['passk', () => [passAtK(10, 3, 5)!, passHatK(8, 6, 2)!, passHatK(8, 6, 4)!, passHatK(10, 9, 10)!]],
  [
    'cluster_se_pairs',
    ({ d }) => [
      meanInterval(
        d,
        d.map((_, at) => `pair ${Math.floor(at / 2)}`),
      )!.se,
    ],
  ],
  // Its values stand there in words: 0 … 19, in four clusters in turn.
  [
    'cluster_se',
    () => {
      const values = [...Array(20).keys()]
      return [
        meanInterval(
          values,
          values.map((value) => `cluster ${value % 4}`),
        )!.se,
      ]
    },
  ],
  ['newcombe_', ({ a, n, b, m }) => Object.values(newcombe(a, n, b, m)).map(Number)],
]

function lasting(times: number[], isEvent: (at: number) => boolean = () => true): Survival[] {
  return times.map((time, at) => ({ time, isEvent: isEvent(at) }))
}

/** 100 outputs with a label, and 400 without, of which the judge passed 290. */
function ppiOfHundred(lambda: number | undefined): number[] {
  const counts: [human: number, judge: number, count: number][] = [
    [1, 1, 63],
    [1, 0, 7],
    [0, 1, 6],
    [0, 0, 24],
  ]
  const { rate, low, high } = ppi({
    labelled: counts.flatMap(([human, judge, count]) => Array.from({ length: count }, () => ({ human, judge }))),
    unlabelled: Array.from({ length: 400 }, (_, at) => (at < 290 ? 1 : 0)),
    ...(lambda === undefined ? {} : { lambda }),
  })!
  return [rate, low, high]
}

const file = fileURLToPath(new URL('../../shared/statistics-anchors.json', import.meta.url))

describe.skipIf(!existsSync(file))('anchors of ../shared/statistics-anchors.json', () => {
  const anchors: Anchor[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).anchors : []
  for (const { id, input, expected, tol } of anchors) {
    const family = families.find(([prefix]) => id.startsWith(prefix))
    const answer = family?.[1]
    if (family && !answer) {
      it.skip(`${id} is not used yet`, () => {})
      continue
    }
    it(`${id} agrees within ${tol}`, () => {
      const values = answer?.(input) ?? []
      expect(values).toHaveLength(expected.length)
      for (const [index, value] of values.entries()) expect(Math.abs(value - expected[index]!)).toBeLessThanOrEqual(tol)
    })
  }
})

describe('a share', () => {
  it('is anything between 0 and 1 before the first case', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 })
  })

  it('has a bound of exactly 0 at none and 1 at all', () => {
    for (let n = 1; n <= 200; n += 1) {
      expect(wilson(0, n).low).toBe(0)
      expect(wilson(n, n).high).toBe(1)
    }
  })

  it.each([
    [73, 73],
    [100, 100],
    [200, 197],
    [500, 485],
    [1000, 964],
    [2000, 1920],
  ])('of %i reaches 95 %% by its lower bound at %i', (n, x) => {
    expect(neededCount(n, 0.95)).toBe(x)
  })

  it('of 72 never reaches 95 %', () => {
    expect(neededCount(72, 0.95)).toBeUndefined()
  })

  it('of 0 reaches nothing but 0', () => {
    expect(neededCount(0, 0.95)).toBeUndefined()
    expect(neededCount(0, 0)).toBe(0)
  })

  it('is settled from the first n at which the interval leaves the target out', () => {
    // 97 % against 95 %: z² · 0.95 · 0.05 / 0.02² = 3.8414588 · 118.75 = 456.17.
    expect(settlingN(0.97, 0.95)).toBe(457)
    expect(wilson(0.97 * 457, 457).low).toBeGreaterThanOrEqual(0.95)
    expect(wilson(0.97 * 456, 456).low).toBeLessThan(0.95)
    // 90 %: below, z² · 0.0475 / 0.05² = 72.99.
    expect(settlingN(0.9, 0.95)).toBe(73)
    expect(wilson(0.9 * 73, 73).high).toBeLessThan(0.95)
    expect(wilson(0.9 * 72, 72).high).toBeGreaterThan(0.95)
  })

  it('at the target is settled by no n', () => {
    expect(settlingN(0.95, 0.95)).toBeUndefined()
  })
})

describe('a quantile', () => {
  const tenth = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

  it('of 1 … 10 is that of R type 7', () => {
    const values = [0.5, 0.9, 0.95, 0.99].map((p) => Math.round(quantile(tenth, p) * 1e9) / 1e9)
    expect(values).toEqual([5.5, 9.1, 9.55, 9.91])
    expect([quantile(tenth, 0), quantile(tenth, 1)]).toEqual([1, 10])
  })

  it('of one value is that value, and of none there is none', () => {
    expect(quantile([7], 0.95)).toBe(7)
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })

  it.each([
    [0.5, 6],
    [0.95, 72],
    [0.99, 368],
    [0.05, 72],
  ])('of %f has an interval from n = %i on', (p, n) => {
    expect(neededForInterval(p)).toBe(n)
    expect(quantileRanks(n - 1, p)).toBeUndefined()
    const ranks = quantileRanks(n, p)!
    expect(ranks.low).toBeGreaterThanOrEqual(1)
    expect(ranks.high).toBeLessThanOrEqual(n)
    expect(ranks.cover).toBeGreaterThanOrEqual(0.95)
  })

  it('is bounded by the values at its ranks', () => {
    // n = 9: ranks 2 and 8, cover 0.9609375.
    const { low, high, cover } = quantileInterval([10, 20, 30, 40, 50, 60, 70, 80, 90], 0.5)!
    expect([low, high]).toEqual([20, 80])
    expect(cover).toBeCloseTo(0.9609375, 9)
    expect(quantileInterval([1, 2, 3, 4, 5], 0.5)).toBeUndefined()
  })

  it('of a million values has its ranks at once', () => {
    // Normal approximation: 950,000 ± 1.96 · √47,500 = 427.2.
    const ranks = quantileRanks(1_000_000, 0.95)!
    expect(Math.abs(ranks.low - 949_573)).toBeLessThan(3)
    expect(Math.abs(ranks.high - 950_428)).toBeLessThan(3)
  })
})
