import { describe, expect, it } from 'vitest'
import type { AppRun, OverheadResult, OverheadSettings, RunPair } from '../src/core/probes/overhead.js'
import { doubtsOf, warningsOf } from '../src/core/probes/overhead-doubts.js'
import { figureKinds, figuresOf } from '../src/core/probes/overhead-figures.js'
import { readWorkload } from '../src/core/probes/overhead-lines.js'
import { checkPairs, measureLevel, pairOrders } from '../src/core/probes/overhead-stats.js'
import { seededRandom } from '../src/core/seeded-random.js'
import { neededForHalf, tQuantile } from '../src/core/stats/student.js'
import { judge } from '../src/core/verdict.js'

const runOf = (parts: Partial<AppRun> = {}): AppRun => ({ ms: [], failed: 0, loopMs: [], errorLines: 0, ...parts })

/** A run whose requests all took the same time, which is each of its quantiles. */
const steady = (ms: number) => runOf({ ms: Array(100).fill(ms) as number[] })

const pairsOf = (off: readonly number[], on: readonly number[]): RunPair[] =>
  off.map((ms, at) => ({ first: 'off', off: steady(ms), on: steady(on[at]!) }))

const figure = (pairs: readonly RunPair[], id = 'p95') =>
  measureLevel(1, { check: [], pairs }).figures.find((each) => each.figure === id)!

const offs = [101, 98, 105, 110, 95, 102, 99, 108, 100, 103]
const ons = [104, 99, 109, 112, 97, 106, 100, 112, 103, 105]

describe('the added latency', () => {
  it.each(['p50', 'p95', 'p99'])('at %s is the mean of the paired differences, with the t interval of R', (id) => {
    const { n, off, on, added } = figure(pairsOf(offs, ons), id)
    expect([n, off, on]).toEqual([10, 102.1, 104.7])
    expect(added!.mean).toBeCloseTo(2.6, 12)
    expect(added!.low).toBeCloseTo(1.7603228, 6)
    expect(added!.high).toBeCloseTo(3.4396772, 6)
    // All ten are positive: of 2^10 assignments of signs only the two extreme ones are as far.
    expect(added!.p).toBe(2 / 1024)
  })

  it.each([
    ['p50', 1, 2],
    ['p95', 19, 20],
    ['p99', 99, 100],
  ])('at %s is not measured of %i requests, and is of %i', (id, few, enough) => {
    const times = (n: number): RunPair[] => {
      const run = runOf({ ms: Array.from({ length: n }, (_, at) => at) })
      return Array.from({ length: 2 }, () => ({ first: 'off', off: run, on: run }))
    }
    expect(figure(times(few), id)).toEqual({ figure: id, n: 0, reason: `a run needs ${enough} requests that succeed` })
    expect(figure(times(enough), id)).toMatchObject({ n: 2, added: { mean: 0 } })
  })

  it('of one pair has no interval', () => {
    const { n, off, on, added, reason } = figure(pairsOf([10], [12]))
    expect([n, off, on, added, reason]).toEqual([1, 10, 12, undefined, 'one pair has no interval'])
  })
})

describe('each figure', () => {
  it('counts the pairs in which both runs have it, and is never 0 where none has', () => {
    const known = (cpuMs: number | undefined) => runOf({ cpuMs })
    const pairs: RunPair[] = [
      { first: 'off', off: known(1), on: known(3) },
      { first: 'on', off: known(undefined), on: known(9) },
      { first: 'off', off: known(2), on: known(6) },
    ]
    expect(figure(pairs, 'cpu')).toMatchObject({ n: 2, off: 1.5, on: 4.5, added: { mean: 3 } })
    for (const id of ['memory', 'event-loop', 'sent-requests', 'sent-bytes', 'exit', 'throughput']) {
      const { n, off, added, reason } = figure(pairs, id)
      expect([n, off, added]).toEqual([0, undefined, undefined])
      expect(reason).toMatch(/\w/)
    }
    expect(figure(pairs, 'failed')).toMatchObject({ n: 3, off: 0, on: 0, added: { mean: 0, p: 1 } })
  })

  it('of a run is what was seen of it', () => {
    const run = runOf({
      ms: [...Array(100).keys()],
      ...{ failed: 2, loopMs: [1, 3], cpuMs: 4, memoryBytes: 5e7, exitMs: 12, perSecond: 80, errorLines: 1 },
      sent: { requests: 7, bytes: 700 },
    })
    // Type 7: the quantile p of 0 … 99 is 99 p; of 1 and 3 it is 1 + 2 p.
    expect(figuresOf(run)).toEqual({
      ...{ p50: 49.5, p95: 99 * 0.95, p99: 99 * 0.99, cpu: 4, memory: 5e7, 'event-loop': 2.9 },
      ...{ 'sent-requests': 7, 'sent-bytes': 700, exit: 12, throughput: 80, failed: 2, 'error-lines': 1 },
    })
    expect(Object.keys(figuresOf(runOf()))).toEqual(['failed', 'error-lines'])
    expect(new Set(figureKinds.map(({ id }) => id)).size).toBe(12)
  })
})

describe('the order of the pairs', () => {
  it('begins half of them with either arm, by the seed alone', () => {
    for (const pairs of [2, 15, 16]) {
      const orders = pairOrders(pairs, 7)
      expect(orders).toHaveLength(pairs)
      expect(orders.filter((first) => first === 'off')).toHaveLength(Math.ceil(pairs / 2))
      expect(pairOrders(pairs, 7)).toEqual(orders)
    }
    expect(new Set([1, 2, 3, 4, 5].map((seed) => pairOrders(15, seed).join())).size).toBeGreaterThan(1)
  })

  it('has half as many pairs for the check, and at least three', () => {
    expect([2, 6, 7, 15].map(checkPairs)).toEqual([3, 3, 4, 8])
  })
})

/** A machine that drifts: each run is slower than the one before, some are disturbed, and requests vary. */
function machine(seed: number, drift = 0.3) {
  const random = seededRandom(seed)
  let runs = 0
  return (addedMs: number): AppRun => {
    const level = 50 + drift * runs++ + 2 * random() + (random() < 0.05 ? 10 : 0)
    return runOf({ ms: Array.from({ length: 40 }, () => level + addedMs + 3 * random() ** 4) })
  }
}

function interleaved(seed: number, pairs: number, addedMs: number): RunPair[] {
  const run = machine(seed)
  return pairOrders(pairs, seed).map((first) => {
    const one = run(first === 'off' ? 0 : addedMs)
    const other = run(first === 'off' ? addedMs : 0)
    return first === 'off' ? { first, off: one, on: other } : { first, off: other, on: one }
  })
}

const simulations = 200
const seeds = Array.from({ length: simulations }, (_, at) => at + 1)
const covers = (pairs: readonly RunPair[], ms: number) => {
  const { low, high } = figure(pairs).added!
  return low <= ms && ms <= high
}

describe('the interval', () => {
  // 18 of 20 are 180 of 200; 95 % are 190, give or take 3.
  it.each([0, 5])('holds %i ms that were planted in at least 180 of 200 simulated probes', (ms) => {
    expect(seeds.filter((seed) => covers(interleaved(seed, 15, ms), ms)).length).toBeGreaterThanOrEqual(180)
  })

  it('would miss them where all runs of one arm come first, so that the order matters', () => {
    const blocked = (seed: number): RunPair[] => {
      const run = machine(seed)
      const off = Array.from({ length: 15 }, () => run(0))
      return off.map((one) => ({ first: 'off', off: one, on: run(5) }))
    }
    expect(seeds.filter((seed) => covers(blocked(seed), 5)).length).toBeLessThan(20)
  })
})

const settings: OverheadSettings = { requests: 100, warmup: 10, pairs: 15, concurrency: [1], seed: 1 }

function resultOf(parts: Partial<OverheadResult> = {}): OverheadResult {
  return {
    ...{ way: 'lines', traffic: 'sink', settings, declared: settings, machine: { cores: 2, load: 0 }, runs: [] },
    levels: [measureLevel(1, { check: [], pairs: pairsOf(offs, ons) })],
    ...parts,
  }
}

const checked = (check: readonly RunPair[]) =>
  doubtsOf(resultOf({ levels: [1, 8].map((concurrency) => measureLevel(concurrency, { check, pairs: [] })) }))

describe('the check of off against off', () => {
  it('raises at most 2 false alarms in 40 simulated probes, and finds 10 ms in nearly each', () => {
    const forty = seeds.slice(0, 40)
    expect(forty.filter((seed) => checked(interleaved(seed, 8, 0)).length > 0).length).toBeLessThanOrEqual(2)
    // The negative control: were the same command not the same, every probe would tell.
    expect(forty.filter((seed) => checked(interleaved(seed, 8, 10)).length > 0).length).toBeGreaterThanOrEqual(38)
  })

  it('says where it differs, and by how much', () => {
    const [doubt] = checked(pairsOf([10, 11, 10, 12], [15, 16, 15.1, 17]))
    expect(doubt).toMatch(/^off against off differ by 5 ms in p50 at concurrency 1,/)
  })

  it('says nothing where nothing varies', () => {
    expect(checked(pairsOf([10, 10, 10], [10, 10, 10]))).toEqual([])
  })
})

describe('doubts and warnings', () => {
  const failing = (offFailed: number, onFailed: number) => {
    const of = (failed: number) => runOf({ ms: Array(100 - failed).fill(5) as number[], failed })
    const pairs: RunPair[] = [1, 2].map(() => ({ first: 'off', off: of(offFailed), on: of(onFailed) }))
    return resultOf({ levels: [measureLevel(1, { check: [], pairs })] })
  }

  it('doubts latency where more than 5 % of the requests failed', () => {
    expect(doubtsOf(failing(5, 5))).toEqual([])
    expect(doubtsOf(failing(0, 6))).toEqual([
      '12 of 200 requests failed with instrumentation on at concurrency 1; latency is of the others alone',
    ])
    expect(doubtsOf(failing(100, 0))).toHaveLength(1)
  })

  it('warns of more failures with instrumentation, of a busy machine and of other settings than those declared', () => {
    expect(warningsOf(failing(2, 2))).toEqual([])
    expect(warningsOf(failing(0, 1))).toEqual(['concurrency 1: more requests failed with instrumentation on than off'])
    expect(warningsOf(resultOf({ machine: { cores: 2, load: 1 } }))).toEqual([])
    expect(warningsOf(resultOf({ machine: { cores: 2 } }))).toEqual([])
    expect(warningsOf(resultOf({ machine: { cores: 2, load: 1.01 } }))).toEqual([
      'the load average was 1.01 on 2 processors before the first run: others take part',
    ])
    expect(warningsOf(resultOf({ declared: { ...settings, pairs: 20, concurrency: [1, 8] } }))).toEqual([
      'run with pairs 15; pilot.yaml has 20',
      'run with concurrency 1; pilot.yaml has 1,8',
    ])
  })

  it('names pairs that lie far from the others, and arms whose first run was slow', () => {
    const far = measureLevel(1, {
      check: [],
      pairs: pairsOf([30, 10, 11, 10, 9, 11, 10], [21, 12.5, 14, 11, 11.4, 13.2, 12]),
    })
    expect(far.outliers).toEqual([1])
    expect(far.slowFirst).toEqual(['off', 'on'])
    expect(warningsOf(resultOf({ levels: [far] }))).toHaveLength(3)
    const { outliers, slowFirst } = measureLevel(1, { check: [], pairs: pairsOf(offs, ons) })
    expect([outliers, slowFirst]).toEqual([[], []])
    const few = measureLevel(1, { check: [], pairs: pairsOf([30, 10, 11, 10], [21, 12, 14, 11]) })
    expect([few.outliers, few.slowFirst]).toEqual([[], []])
  })
})

describe('the verdict on a mean', () => {
  const target = { comparison: '<=', value: 50 } as const
  const judged = (low: number, high: number, doubt?: string) =>
    judge(
      {
        ...{ measured: true, value: (low + high) / 2, unit: 'ms', n: 15, interval: { low, high }, isMean: true },
        ...(doubt !== undefined && { doubt }),
        evidence: [],
      } as const,
      target,
      500,
    )

  it.each([
    ['met', 10, 50],
    ['inconclusive', 10, 50.001],
    ['inconclusive', 50, 60],
    ['missed', 50.001, 60],
    // Wider than the budget: it would be met by noise.
    ['met', 0, 50],
    ['inconclusive', -1, 49.5],
    ['inconclusive', -40, 20],
    // Wide, but all of it beyond the budget.
    ['missed', 460, 540],
  ])('is %s from %d to %d against 50', (verdict, low, high) => expect(judged(low, high).verdict).toBe(verdict))

  it('is inconclusive in doubt, however narrow', () =>
    expect(judged(1, 2, 'off against off differ')).toEqual({ verdict: 'inconclusive' }))

  it('says how many pairs would settle it, none where the mean is the budget', () => {
    // ± 30 around 35 must become ± 15; of 15 values that is a little more than four times as many, less what t gives back.
    const { neededN } = judged(5, 65)
    const deviation = (30 * Math.sqrt(15)) / tQuantile(0.975, 14)
    const half = (n: number) => (tQuantile(0.975, n - 1) * deviation) / Math.sqrt(n)
    expect(half(neededN!)).toBeLessThanOrEqual(15)
    expect(half(neededN! - 1)).toBeGreaterThan(15)
    expect(judged(40, 60)).toEqual({ verdict: 'inconclusive' })
    expect(neededForHalf({ half: 3, n: 9 }, 3)).toBe(9)
    expect(neededForHalf({ half: 3, n: 9 }, 0)).toBeUndefined()
    expect(neededForHalf({ half: 3, n: 9 }, 1e-9)).toBeUndefined()
  })
})

describe('the lines of a workload', () => {
  it('are the requests that state a time; the rest is passed over', () => {
    const lines = [
      'starting …',
      '{"request":1,"ms":12.5,"ok":true,"loopMs":0.25}',
      '',
      '{"ms":0}',
      '{"ms":3,"ok":false}',
    ]
    const others = [
      '{"ms":-1}',
      '{"ms":"3"}',
      '{"ms":1e999}',
      '[{"ms":1}]',
      '{"ms":',
      '{"__proto__":{"ms":1}}',
      ' {"ms":4}',
    ]
    const read = readWorkload([...lines, ...others].join('\n'))
    expect(read.map(({ ms, ok, loopMs }) => [ms, ok, loopMs])).toEqual([
      [12.5, true, 0.25],
      [0, true, undefined],
      [3, false, undefined],
    ])
    expect(read[0]!.end).toBe(lines[0]!.length + 1 + lines[1]!.length + 1)
    expect(readWorkload('')).toEqual([])
  })
})
