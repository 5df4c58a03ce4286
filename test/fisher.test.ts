import { describe, expect, it } from 'vitest'
import { alarmLimit } from '../src/core/stats/false-alarm.js'
import { fisher } from '../src/core/stats/fisher.js'
import { neededForRates, zOfTests } from '../src/core/stats/power.js'

/** Binomial coefficients of small numbers, exactly: the same test another way. */
function choose(n: number, k: number): bigint {
  let result = 1n
  for (let i = 1; i <= k; i += 1) result = (result * BigInt(n - k + i)) / BigInt(i)
  return result
}

/** By whole numbers alone. */
function counted(a: number, n: number, b: number, m: number): number {
  const weight = (k: number) =>
    k < 0 || k > n || a + b - k < 0 || a + b - k > m ? 0n : choose(n, k) * choose(m, a + b - k)
  let rare = 0n
  for (let k = 0; k <= n; k += 1) if (weight(k) <= weight(a)) rare += weight(k)
  return Number((rare * 10n ** 15n) / choose(n + m, a + b)) / 1e15
}

describe("Fisher's exact test", () => {
  // Tea tasting (Fisher 1935): (1 + 16 + 16 + 1) / 70. Repeats: 2 / C(6, 3), 2 / C(8, 4), and R's fisher.test.
  it.each([
    [3, 4, 1, 4, 34 / 70],
    [3, 3, 0, 3, 0.1],
    [4, 4, 0, 4, 2 / 70],
    [5, 5, 1, 5, 0.047619],
    [5, 5, 2, 5, 0.166667],
    [10, 10, 6, 10, 0.086687],
    [10, 10, 5, 10, 0.032508],
  ])('of %i of %i against %i of %i is the published p', (a, n, b, m, p) => {
    expect(fisher(a, n, b, m)).toBeCloseTo(p, 6)
    expect(fisher(b, m, a, n)).toBeCloseTo(p, 6)
  })

  it('is the count of tables in whole numbers, for every table of small margins', () => {
    for (let n = 1; n <= 9; n += 1)
      for (let m = 1; m <= 7; m += 1)
        for (let a = 0; a <= n; a += 1)
          for (let b = 0; b <= m; b += 1) expect(fisher(a, n, b, m)).toBeCloseTo(counted(a, n, b, m), 12)
  })

  it('is exact for thousands', () => {
    expect(fisher(260, 2500, 215, 2000)).toBeCloseTo(counted(260, 2500, 215, 2000), 10)
    expect(fisher(0, 1_000_000, 0, 1_000_000)).toBe(1)
    expect(fisher(500_000, 1_000_000, 0, 1_000_000)).toBe(0)
  })

  it('knows nothing while a side is empty', () => {
    expect([fisher(0, 0, 3, 4), fisher(0, 0, 0, 0), fisher(4, 4, 0, 0)]).toEqual([1, 1, 1])
  })
})

describe('the n needed', () => {
  it('is that of power.prop.test for .95 against .90', () => {
    expect(neededForRates(0.95, 0.9)).toBeCloseTo(434.43, 2)
    expect(neededForRates(0.9, 0.95)).toBeCloseTo(434.43, 2)
    expect(neededForRates(0.5, 0.5)).toBeUndefined()
  })

  it('takes the normal quantile of 0.05 over the tests', () => {
    expect(zOfTests(1)).toBeCloseTo(1.959963984540054, 8)
    expect(zOfTests(5)).toBeCloseTo(2.5758293035489, 8) // 0.01, two-sided
  })
})

describe('the limit of a CUSUM', () => {
  const rates = { p0: 0.05, p1: 0.1 }

  it('is reached by no more runs without a change than declared, and the same at every call', () => {
    const first = alarmLimit(rates, 500, 0.05)
    expect(first.falseAlarms).toBeLessThanOrEqual(0.05)
    expect(first.falseAlarms).toBeGreaterThan(0.03)
    expect(alarmLimit(rates, 500, 0.05)).toEqual(first)
    // n / −ln(1 − share): about twenty windows.
    expect(first.arl0).toBeCloseTo(500 / -Math.log(1 - first.falseAlarms), 6)
  })

  it('is above one failure of a window in which there is seldom any', () => {
    const { limit, falseAlarms } = alarmLimit({ p0: 1e-4, p1: 2e-4 }, 10, 0.05)
    expect(limit).toBeGreaterThan(0)
    expect(limit).toBeLessThan(Math.LN2)
    expect(falseAlarms).toBeLessThan(0.01)
  })
})
