import { describe, expect, it } from 'vitest'
import { spikeTally } from '../src/core/spikes.js'
import { fisher } from '../src/core/stats/fisher.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { runOf } from './trace-run.js'

interface Made {
  ms: number | undefined
  tenant?: string
  user?: string
  model?: string
}

function spikesOf(n: number, make: (index: number) => Made, overMs?: number) {
  const { add, result } = spikeTally()
  for (let index = 0; index < n; index++) {
    const { ms, model, ...values } = make(index)
    const root = { spanId: 'r', name: 'answer', startMs: 0, ...(ms !== undefined && { endMs: ms }), ...values }
    const call = { spanId: 'c', parentId: 'r', kind: 'llm', name: 'chat', requestModel: model ?? 'm' } as const
    // A run counts once for a model that it asked twice.
    add(runOf([root, call, { ...call, spanId: 'd' }]))
  }
  return result(overMs)
}

describe('latency spikes', () => {
  // Every fifth run is slow, and of acme: of 200 runs 10 lie above the p95, all of them acme's.
  const acme = (index: number): Made =>
    index % 5 === 0 ? { ms: 1000 + index, tenant: 'acme' } : { ms: 10, tenant: 'other' }

  it('names the tenant that has them, beside the rest, and nobody by luck', () => {
    // Each of 50 users has four runs; those of acme's ten have one slow run each.
    const found = spikesOf(200, (index) => ({ ...acme(index), user: `u${index % 50}` }))
    expect(found).toMatchObject({
      ...{ runs: 200, unknown: 0, slowRuns: 10, limitIs: 'p95', tested: 2, tooFew: 50, tooMany: 0 },
      smallestExcess: undefined,
    })
    expect(found.sources).toEqual([
      {
        ...{ dimension: 'tenant', key: 'acme', slow: { x: 10, n: 40 }, rest: { x: 0, n: 160 } },
        ...{ excess: 10, difference: expect.objectContaining({ difference: 0.25 }) },
        // Both tenants are tested, and are the same table.
        holmP: expect.closeTo(2 * fisher(10, 40, 0, 160), 12),
      },
    ])
  })

  it('are found by model, where only some runs ask it, the largest excess first', () => {
    // 20 of 25 runs of model s are slow, and of the others 5 of 125, which are user z's 5.
    const found = spikesOf(
      150,
      (index) => ({
        ms: index < 20 || index >= 145 ? 900 : 100,
        model: index < 25 ? 's' : 'm',
        user: index >= 145 ? 'z' : 'y',
      }),
      500,
    )
    expect(found).toMatchObject({ limitMs: 500, limitIs: 'given', slowRuns: 25 })
    const sources = found.sources.map(({ dimension, key, slow, rest, excess }) => [dimension, key, slow, rest, excess])
    expect(sources).toEqual([
      ['model', 's', { x: 20, n: 25 }, { x: 5, n: 125 }, 19],
      ['user', 'z', { x: 5, n: 5 }, { x: 20, n: 145 }, expect.closeTo(5 - (5 * 20) / 145, 12)],
    ])
  })

  it('say where none stands out the smallest excess that would have', () => {
    // 10 slow runs in 100, evenly over two tenants of 50.
    const found = spikesOf(100, (index) => ({ ms: index < 10 ? 900 : 100, tenant: index % 2 ? 'a' : 'b' }), 500)
    expect(found.sources).toEqual([])
    // Two tests, so p must be below 0.025: of 8 to 2 it is 0.092, of 9 to 1 it is 0.0157.
    expect([2 * fisher(8, 50, 2, 50) > 0.05, 2 * fisher(9, 50, 1, 50) < 0.05]).toEqual([true, true])
    expect(found.smallestExcess).toEqual({ dimension: 'tenant', key: 'a', slow: 9, runs: 50, excess: 8 })
  })

  it('say where nothing could have stood out', () => {
    const found = spikesOf(10, (index) => ({ ms: index === 0 ? 900 : 100, tenant: index % 2 ? 'a' : 'b' }), 500)
    expect(found).toMatchObject({ slowRuns: 1, tested: 2, sources: [], smallestExcess: undefined })
  })

  it('are those strictly above the limit, and none where all runs take equally long', () => {
    expect(spikesOf(100, () => ({ ms: 10 }))).toMatchObject({ limitMs: 10, slowRuns: 0, sources: [] })
    expect(spikesOf(1, () => ({ ms: 500 }), 500)).toMatchObject({ slowRuns: 0 })
    expect(spikesOf(1, () => ({ ms: 501 }), 500)).toMatchObject({ slowRuns: 1 })
  })

  it('take 72 runs for a p95, and leave out runs of unknown duration', () => {
    expect(spikesOf(71, acme)).toMatchObject({ limitMs: undefined, neededRuns: 72, sources: [] })
    expect(spikesOf(72, acme).limitMs).toBeDefined()
    expect(spikesOf(73, (index) => (index === 0 ? { ms: undefined } : acme(index)))).toMatchObject({
      ...{ runs: 72, unknown: 1 },
    })
    expect(spikesOf(0, acme)).toMatchObject({ runs: 0, limitMs: undefined, tested: 0 })
  })

  it('test a value of five runs, not one of four, and at most 200 of a dimension', () => {
    const sized = (n: number) => spikesOf(20, (index) => ({ ms: index, tenant: index < n ? 'a' : 'b' }), 10)
    expect([sized(4).tooFew, sized(4).tested, sized(5).tooFew, sized(5).tested]).toEqual([1, 1, 0, 2])
    const many = spikesOf(1010, (index) => ({ ms: index, user: `u${index % 202}` }), 500)
    expect(many).toMatchObject({ tested: 200, tooMany: 2 })
  })

  it('leave a run that states no tenant out of the rest', () => {
    const found = spikesOf(
      60,
      (index) => (index < 20 ? { ms: 900, tenant: 'a' } : index < 40 ? { ms: 9, tenant: 'b' } : { ms: 9 }),
      500,
    )
    expect(found.sources).toMatchObject([{ key: 'a', slow: { x: 20, n: 20 }, rest: { x: 0, n: 20 } }])
  })
})

describe('pilot latency', () => {
  const spans = Array.from({ length: 40 }, (_, index) =>
    span(`t${index}`, 'r', {
      end: `2026-03-02T10:00:0${index < 20 ? 7 : 1}Z`,
      ...{ tenant: index < 20 ? 'acme' : 'globex', user: `u${index % 2}`, workflow: 'support' },
    }),
  )

  it('--spikes shows what stands out above --over, or why a p95 says nothing', async () => {
    const cwd = project({ 'spans.jsonl': jsonLines(spans) })
    await pilot(cwd, ['ingest', 'spans.jsonl'])
    const { out } = await pilot(cwd, ['latency', '--spikes', '--over', '5s'])
    expect(out).toContain('acme   20 of 20 (100 %)  0 of 20 (0 %)')
    expect(out).toContain('  - slow: the 20 runs above 5.00 s\n  - values tested: 4\n')
    const few = await pilot(cwd, ['latency', '--spikes'])
    expect(few.out).toBe('Latency spikes (n 40)\n  - too few runs: 40 with a duration; a p95 needs 72\n')
    const { spikes, criticalPath } = (await json(cwd, 'latency', '--spikes', '--critical-path')).platforms[0]
    expect(spikes).toMatchObject({ limitMs: null, smallestExcess: null })
    expect(criticalPath).toMatchObject({ costUsd: null, steps: [{ costUsd: null, costShare: null, kind: 'other' }] })
    expect((await pilot(cwd, ['latency', '--spikes', '--over', '7s'])).out).toContain(
      '  - no run of 40 is slower than 7.00 s\n',
    )
  })

  it('--spikes says to product what would have stood out, without whose it is', async () => {
    // Two tenants of 40 runs with 5 slow runs each, over which the p95 says nothing.
    const even = Array.from({ length: 80 }, (_, index) =>
      span(`t${index}`, 'r', {
        end: `2026-03-02T10:00:0${index < 10 ? 7 : 1}Z`,
        tenant: index % 2 ? 'acme' : 'globex',
      }),
    )
    const cwd = project({ 'spans.jsonl': jsonLines(even) })
    await pilot(cwd, ['ingest', 'spans.jsonl'])
    const asked = ['latency', '--spikes', '--over', '5s']
    const seen = await pilot(cwd, asked)
    expect(seen.out).toMatch(
      /the smallest excess that would have been seen: \d+ slow runs, by \d+ of the 40 of tenant acme/,
    )
    const { out } = await pilot(cwd, [...asked, '--audience', 'product'])
    expect(out).toBe(seen.out.replace('tenant acme', 'tenant unnamed'))
  })

  it('is asked for tenants, users and workflows alone, and says where something else stands out', async () => {
    // Of 100 runs of two tenants 5 are slow: those of model s.
    const rows = Array.from({ length: 100 }, (_, index) => [
      span(`t${index}`, 'r', { end: `2026-03-02T10:00:0${index < 5 ? 7 : 1}Z`, tenant: index % 2 ? 'acme' : 'globex' }),
      { ...span(`t${index}`, 'c', { parent_id: 'r', kind: 'llm' }), name: 'chat', model: index < 5 ? 's' : 'm' },
    ])
    const cwd = project({ 'spans.jsonl': jsonLines(rows.flat()) })
    await pilot(cwd, ['ingest', 'spans.jsonl'])
    expect((await json(cwd, 'ask', '6')).platforms[0].answer).toMatchObject({ slowRuns: 5, sources: [], elsewhere: 1 })
    const { out } = await pilot(cwd, ['ask', '6'])
    expect(out).toContain('nothing that was asked for stands out in the 5 runs above')
    expect(out).not.toContain('too few runs')
  })

  it('takes --over with --spikes alone, and as a duration', async () => {
    const cwd = project({})
    for (const argv of [
      ['--over', '5s'],
      ['--spikes', '--over', 'long'],
    ]) {
      const { code, err } = await pilot(cwd, ['latency', ...argv])
      expect([code, err]).toEqual([2, expect.stringContaining('\npilot latency --spikes --over 5s\n')])
    }
  })

  it('is broken down by user and by workflow, a run at a time', async () => {
    const cwd = project({ 'spans.jsonl': jsonLines(spans) })
    await pilot(cwd, ['ingest', 'spans.jsonl'])
    const { platforms } = await json(cwd, 'latency', '--by', 'user')
    const { user } = platforms[0].by
    expect(user.map(({ key, n, sum }: { key: string; n: number; sum: number }) => [key, n, sum])).toEqual([
      ['u0', 20, 80_000],
      ['u1', 20, 80_000],
    ])
    const costs = await json(cwd, 'cost', '--by', 'workflow')
    expect(costs.platforms[0].by.workflow).toMatchObject([{ key: 'support', n: 0, unknown: 40 }])
  })
})
