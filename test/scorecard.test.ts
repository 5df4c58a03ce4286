import { describe, expect, it } from 'vitest'
import { decide } from '../src/core/decision.js'
import type { Coverage } from '../src/core/evidence.js'
import { findingsOf } from '../src/core/findings.js'
import type { Comparison, Measurement } from '../src/core/measurement.js'
import { assembleScorecard, type ScorecardInput } from '../src/core/scorecard.js'
import { wilson } from '../src/core/stats/proportion.js'
import { breakDown, summarise } from '../src/core/summary.js'
import { judge } from '../src/core/verdict.js'
import { criteria } from '../src/criteria/index.js'
import { coverageOf, evidenceOf, inferredOnly } from './evidence.js'

function share(x: number, n: number): Measurement {
  return { measured: true, value: x / n, unit: 'share', n, x, interval: wilson(x, n), evidence: [] }
}

function count(value: number, n = 1000): Measurement {
  return { measured: true, value, unit: 'count', n, evidence: [] }
}

const atLeast95 = { comparison: '>=', value: 0.95 } as const

describe('judge', () => {
  it.each([
    [73, 73],
    [100, 100],
    [200, 197],
    [500, 485],
    [1000, 964],
    [2000, 1920],
  ])('of %i requests, 95 %% is met from %i on and inconclusive just below', (n, metAt) => {
    expect(judge(share(metAt, n), atLeast95, 500)).toEqual({ verdict: 'met', metAt })
    expect(judge(share(metAt - 1, n), atLeast95, 500)).toMatchObject({ verdict: 'inconclusive', metAt })
  })

  it('says that 72 requests can never show 95 %, and that 73 would', () => {
    expect(judge(share(72, 72), atLeast95, 500)).toEqual({ verdict: 'inconclusive', neededN: 73 })
  })

  it('knows no n that settles a rate equal to the target', () => {
    expect(judge(share(1900, 2000), atLeast95, 500)).toEqual({ verdict: 'inconclusive', metAt: 1920 })
  })

  it('needs one more than nothing for "more than 0 %"', () => {
    expect(judge(share(0, 60), { comparison: '>', value: 0 }, 500)).toEqual({ verdict: 'inconclusive', metAt: 1 })
    expect(judge(share(1, 60), { comparison: '>', value: 0 }, 500)).toEqual({ verdict: 'met', metAt: 1 })
  })

  it('misses when the whole interval lies below the target', () => {
    expect(judge(share(19, 38), atLeast95, 500)).toEqual({ verdict: 'missed' })
  })

  it('judges "at most 5 %" as the mirror of "at least 95 %"', () => {
    const atMost5 = { comparison: '<=', value: 0.05 } as const
    expect(judge(share(80, 2000), atMost5, 500)).toEqual({ verdict: 'met', metAt: 80 })
    expect(judge(share(81, 2000), atMost5, 500)).toMatchObject({ verdict: 'inconclusive', metAt: 80 })
    expect(judge(share(0, 73), atMost5, 500)).toEqual({ verdict: 'met', metAt: 0 })
    expect(judge(share(19, 38), atMost5, 500)).toEqual({ verdict: 'missed' })
  })

  it.each<[Comparison, number, number, string]>([
    ['>=', 500, 500, 'met'],
    ['>', 500, 500, 'missed'],
    ['<=', 500, 500, 'met'],
    ['<', 500, 500, 'missed'],
    ['==', 500, 500, 'met'],
    ['==', 501, 500, 'missed'],
    ['>=', 499, 500, 'missed'],
  ])('compares a count plainly: %s with %i against %i is %4$s', (comparison, value, target, verdict) => {
    expect(judge(count(value), { comparison, value: target }, 5000)).toEqual({ verdict })
  })

  it.each<[Comparison]>([['>='], ['==']])(
    'counts exceptions for %s 100 %%: one misses, none meets from the minimum on',
    (comparison) => {
      const all = { comparison, value: 1 }
      expect(judge(share(99_999, 100_000), all, 500)).toEqual({ verdict: 'missed', metAt: 100_000 })
      expect(judge(share(500, 500), all, 500)).toEqual({ verdict: 'met', metAt: 500 })
      expect(judge(share(499, 499), all, 500)).toEqual({ verdict: 'inconclusive', neededN: 500 })
      expect(judge(share(3, 4), all, 500)).toEqual({ verdict: 'missed' })
    },
  )

  it.each<[Comparison]>([['<='], ['==']])('counts exceptions for %s 0 likewise', (comparison) => {
    const none = { comparison, value: 0 }
    expect(judge(count(0, 500), none, 500)).toEqual({ verdict: 'met' })
    expect(judge(count(0, 499), none, 500)).toEqual({ verdict: 'inconclusive', neededN: 500 })
    expect(judge(count(1, 499), none, 500)).toEqual({ verdict: 'missed' })
    expect(judge(share(0, 500), none, 500)).toEqual({ verdict: 'met', metAt: 0 })
  })

  it('never judges what was not measured, nor n = 0', () => {
    expect(judge({ measured: false, reason: 'no log' }, atLeast95, 0)).toEqual({ verdict: 'not measured' })
    expect(judge(count(0, 0), { comparison: '==', value: 0 }, 0)).toEqual({ verdict: 'not measured' })
  })

  it('judges the interval of a median too, without a guess at n', () => {
    const median: Measurement = {
      measured: true,
      value: 9,
      unit: 'minutes',
      n: 9,
      interval: { low: 7, high: 12 },
      evidence: [],
    }
    expect(judge(median, { comparison: '<', value: 10 }, 500)).toEqual({ verdict: 'inconclusive' })
    expect(judge(median, { comparison: '<=', value: 12 }, 500)).toEqual({ verdict: 'met' })
    expect(judge(median, { comparison: '<', value: 7 }, 500)).toEqual({ verdict: 'missed' })
  })
})

describe('decide', () => {
  it('adopts when every must is met, and names them all', () => {
    const musts = [{ id: 'a', verdict: 'met' } as const, { id: 'b', verdict: 'met' } as const]
    expect(decide('p', musts)).toEqual({ platform: 'p', decision: 'adopt', reasons: ['a', 'b'], musts: 2 })
  })

  it('rejects when one must is missed, whatever else is open, and names the worst first', () => {
    const musts = [
      { id: 'a', verdict: 'not measured' } as const,
      { id: 'b', verdict: 'inconclusive' } as const,
      { id: 'c', verdict: 'missed' } as const,
      { id: 'd', verdict: 'met' } as const,
    ]
    expect(decide('p', musts)).toEqual({ platform: 'p', decision: 'reject', reasons: ['c', 'b', 'a'], musts: 4 })
  })

  it('extends when evidence is missing', () => {
    const musts = [{ id: 'a', verdict: 'met' } as const, { id: 'b', verdict: 'not measured' } as const]
    expect(decide('p', musts)).toEqual({ platform: 'p', decision: 'extend', reasons: ['b'], musts: 2 })
  })
})

const afterEnd = Date.parse('2026-03-30T00:00:00Z')
const none = coverageOf(0, 0)

function coverage(production: Coverage) {
  return { production, replay: none, synthetic: none }
}

function input(parts: Partial<ScorecardInput> = {}): ScorecardInput {
  return {
    pilot: { name: 'p', start: '2026-03-02', end: '2026-03-29', candidates: ['promptlayer'], baseline: 'logs' },
    criteria: [
      { id: 'trace-coverage', target: atLeast95, must: true },
      { id: 'prompt-version-mapped', target: { comparison: '==', value: 1 }, must: false },
    ],
    catalogue: criteria,
    minimumN: 500,
    evidence: [
      evidenceOf({ coverage: coverage(coverageOf(2000, 1920)) }),
      evidenceOf({ platform: 'logs', role: 'baseline' }),
    ],
    context: { detectors: ['email'] },
    review: { attendees: [], owners: [], next_workflows: [], waivers: [] },
    security: {},
    lock: { lockedAtMs: Date.parse('2026-03-01'), changes: [], amendments: [] },
    nowMs: afterEnd,
    ...parts,
  }
}

const rejected = [evidenceOf({ coverage: coverage(coverageOf(38, 19)) })]

describe('assembleScorecard', () => {
  it('shows every criterion of the catalogue once, and judges only those of the config', () => {
    const rows = assembleScorecard(input()).lines.flatMap((line) => line.rows)
    expect(rows.map(({ id }) => id).sort()).toEqual(criteria.map(({ id }) => id).sort())
    const judged = rows.filter(({ cells }) => cells.some(({ judgement }) => judgement !== undefined))
    expect(judged.map(({ id }) => id)).toEqual(['trace-coverage', 'prompt-version-mapped'])
  })

  it('puts candidates before the baseline, and decides on candidates only', () => {
    const { platforms, decisions } = assembleScorecard(input())
    expect(platforms).toEqual([
      { id: 'promptlayer', role: 'candidate' },
      { id: 'logs', role: 'baseline' },
    ])
    expect(decisions).toEqual([{ platform: 'promptlayer', decision: 'adopt', reasons: ['trace-coverage'], musts: 1 }])
  })

  it('is so far until the last UTC day is over, and exits 1 only then', () => {
    const before = assembleScorecard(input({ evidence: rejected, nowMs: afterEnd - 1 }))
    expect([before.final, before.exitCode, before.decisions[0]?.decision]).toEqual([false, 0, 'reject'])
    const after = assembleScorecard(input({ evidence: rejected }))
    expect([after.final, after.exitCode, after.decisions[0]?.decision]).toEqual([true, 1, 'reject'])
  })

  it('exits 1 when one of two candidates is rejected', () => {
    const pilot = { name: 'p', start: '2026-03-02', end: '2026-03-29', candidates: ['promptlayer', 'other'] }
    const evidence = [...rejected, evidenceOf({ platform: 'other', coverage: coverage(coverageOf(2000, 2000)) })]
    const { exitCode, decisions } = assembleScorecard(input({ pilot, evidence }))
    expect(decisions.map(({ decision }) => decision)).toEqual(['reject', 'adopt'])
    expect(exitCode).toBe(1)
  })

  it('never lets a baseline that fails change the exit code', () => {
    const baseline = evidenceOf({ platform: 'logs', role: 'baseline', coverage: coverage(coverageOf(38, 19)) })
    const evidence = [evidenceOf({ coverage: coverage(coverageOf(2000, 1920)) }), baseline]
    expect(assembleScorecard(input({ evidence })).exitCode).toBe(0)
  })

  it('measures nothing on a candidate of which nothing was ingested, and says how to', () => {
    const { lines, decisions } = assembleScorecard(input({ evidence: [] }))
    expect(decisions[0]?.decision).toBe('extend')
    expect(lines[1]?.rows[0]?.cells[0]).toEqual({
      platform: 'promptlayer',
      measurement: {
        measured: false,
        reason: 'Nothing of promptlayer was ingested.',
        next: 'pilot ingest <export> --platform promptlayer',
      },
      judgement: { verdict: 'not measured' },
    })
  })

  it('recomputes the verdict of an amended criterion as it was locked', () => {
    const before = { target: { comparison: '>=', value: 0.99 } as const, must: true }
    const amendments = [{ criterion: 'trace-coverage', before, reason: undefined }]
    const { amended } = assembleScorecard(input({ lock: { lockedAtMs: 0, changes: [], amendments } }))
    expect(amended[0]?.verdicts[0]).toEqual({
      platform: 'promptlayer',
      before: { verdict: 'missed', metAt: 1989 },
      after: { verdict: 'met', metAt: 1920 },
    })
  })

  it('shows a criterion that was added after the lock without an old verdict', () => {
    const amendments = [{ criterion: 'trace-coverage', before: undefined, reason: 'forgotten' }]
    const { amended } = assembleScorecard(input({ lock: { lockedAtMs: 0, changes: [], amendments } }))
    expect(amended[0]?.verdicts[0]?.before).toBeUndefined()
  })

  it('shows other terms that moved since the lock, and leaves criteria to their verdicts', () => {
    const moved = { id: 'window', was: '2026-03-02 to 2026-03-15', now: '2026-03-02 to 2026-03-29', reason: undefined }
    const changes = [moved, { ...moved, id: 'criteria.trace-coverage' }]
    expect(assembleScorecard(input({ lock: { lockedAtMs: 0, changes, amendments: [] } })).changedTerms).toEqual([moved])
  })

  it('refuses criteria without a must, since they would adopt anything', () => {
    expect(() => assembleScorecard(input({ criteria: [] }))).toThrow('pilot.yaml: criteria: none is a must.')
  })
})

/** The whole numbers from `first` to `last`. */
function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

function group(key: string, values: number[], unknown = 0) {
  const sample = { values, unknown }
  return {
    key,
    latencyMs: sample,
    costUsd: sample,
    errors: { x: 0, n: values.length },
    tokens: { input: 0, output: 0 },
  }
}

describe('findingsOf', () => {
  it('finds nothing on a sound platform', () => {
    expect(findingsOf(evidenceOf({ coverage: coverage(coverageOf(600, 600)) }))).toEqual([])
  })

  it('calls a tenant slow only when the interval of its median lies wholly above that of all runs', () => {
    // Ranks of the median's interval: 40 and 61 of 100, 6 and 15 of 20 (binomial quantiles), none of 5.
    const tenants = [group('slow', range(62, 81)), group('at the limit', range(56, 75)), group('few', range(996, 1000))]
    const groups = { model: [], tenant: tenants, user: [], workflow: [], step: [], 'prompt version': [], release: [] }
    const tally = { latencyPerRun: { values: range(1, 100), unknown: 0 }, groups }
    expect(findingsOf(evidenceOf({ tally }))).toEqual([
      { kind: 'slow tenant', tenant: 'slow', n: 20, medianMs: 71.5, low: 67, high: 76, overallMs: 50.5 },
    ])
  })

  it('names every planted fault, requests first', () => {
    const metadata = {
      ...{ key: 'tenant' as const, present: { x: 600, n: 600 }, distinct: 3, spellings: [['Acme', 'acme']] },
      ...{ conflicting: 2, tooManyValues: false },
    }
    const usage = { spans: 3, naive: { input: 20, output: 4 }, counted: { input: 10, output: 2 } }
    const found = findingsOf(
      evidenceOf({
        coverage: coverage(coverageOf(600, 590, { missing: 8, outside: 2 })),
        found: [
          { rule: 'email', spans: 2, examples: ['t2'] },
          { rule: 'api-key', spans: 5, examples: ['t3'] },
        ],
        sources: [
          { path: 'a.jsonl', format: 'langfuse', state: 'complete', problems: 0 },
          { path: 'b.jsonl', format: 'langfuse', state: 'interrupted', problems: 0 },
        ],
        tally: {
          promptMapped: { x: 598, n: 600 },
          unmapped: [{ name: 'draft', spans: 2, examples: ['s1', 's2'] }],
          retries: inferredOnly(4, 5, ['t1']),
          fallbacks: inferredOnly(1, 1),
          costUsd: { stated: undefined, computed: 1, unpricedSpans: 7, unpricedModels: ['house-7b'] },
          repeatedUsage: usage,
          metadata: [metadata],
        },
      }),
    )
    expect(found).toEqual([
      { kind: 'missing requests', missing: 8, outside: 2, duplicate: 0, late: 0, examples: [] },
      { kind: 'unmapped outputs', spans: 2, names: [{ name: 'draft', spans: 2 }], examples: ['s1', 's2'] },
      { kind: 'retries', ...inferredOnly(4, 5, ['t1']) },
      { kind: 'fallbacks', ...inferredOnly(1, 1) },
      { kind: 'unpriced models', models: ['house-7b'], spans: 7 },
      { kind: 'repeated usage', ...usage },
      {
        kind: 'leaks',
        rules: [
          { rule: 'api-key', count: 5 },
          { rule: 'email', count: 2 },
        ],
        examples: ['t2', 't3'],
      },
      { kind: 'loose metadata', key: 'tenant', spellings: [['Acme', 'acme']], conflicting: 2, tooManyValues: false },
      { kind: 'unfinished source', path: 'b.jsonl', state: 'interrupted', problems: 0 },
    ])
  })
})

describe('summarise', () => {
  it('gives no percentile of nothing, and keeps count of the unknown', () => {
    expect(summarise({ values: [], unknown: 3 })).toEqual({ n: 0, unknown: 3, sum: undefined, percentiles: [] })
  })

  it('has an interval of p95 from n = 72 on, and of p99 from n = 368 on', () => {
    expect(
      summarise({ values: range(1, 71), unknown: 0 }).percentiles.map(({ interval }) => interval !== undefined),
    ).toEqual([true, false, false])
    expect(
      summarise({ values: range(1, 72), unknown: 0 }).percentiles.map(({ interval }) => interval !== undefined),
    ).toEqual([true, true, false])
    expect(summarise({ values: range(1, 368), unknown: 0 }).percentiles.map(({ neededN }) => neededN)).toEqual([
      6, 72, 368,
    ])
    expect(summarise({ values: range(1, 368), unknown: 0 }).percentiles[2]?.interval).toBeDefined()
  })

  it('takes the quantile that R calls type 7', () => {
    const { percentiles, sum } = summarise({ values: [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], unknown: 0 })
    expect([sum, ...percentiles.map(({ value }) => value)]).toEqual([
      55,
      5.5,
      expect.closeTo(9.55, 12),
      expect.closeTo(9.91, 12),
    ])
  })
})

describe('breakDown', () => {
  it('sorts by total, gives the part of it, and puts what is unknown last', () => {
    const groups = [group('unknown', [], 5), group('small', [1]), group('large', [1, 2])]
    expect(breakDown(groups, 'costUsd').map(({ key, part, unknown }) => [key, part, unknown])).toEqual([
      ['large', 0.75, 0],
      ['small', 0.25, 0],
      ['unknown', undefined, 5],
    ])
  })
})
