import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { criticalPath } from '../src/core/critical-path.js'
import { criticalPathTally } from '../src/core/step-times.js'
import { durationMs, readStructure } from '../src/core/structure.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { traceOf } from './trace-of.js'
import { runOf } from './trace-run.js'

type Parts = Parameters<typeof traceOf>[0]

function pathOf(parts: Parts) {
  const trace = traceOf(parts)
  const structure = readStructure(trace)
  return criticalPath(trace, structure, structure.root!)
}

const words = (parts: Parts) => pathOf(parts).map(({ span, startMs, endMs }) => `${span.spanId} ${startMs}–${endMs}`)

const root = { spanId: 'r', startMs: 0, endMs: 100 }
const child = (spanId: string, startMs?: number, endMs?: number, parentId = 'r') => ({
  ...{ spanId, parentId },
  ...(startMs !== undefined && { startMs }),
  ...(endMs !== undefined && { endMs }),
})

describe('the critical path', () => {
  it.each<[string, Parts, string[]]>([
    ['of a root alone is the root', [root], ['r 0–100']],
    ['of a root without an end is empty', [{ spanId: 'r', startMs: 0 }, child('a', 0, 10)], []],
    ['of a run that took no time is empty', [{ spanId: 'r', startMs: 5, endMs: 5 }, child('a', 5, 5)], []],
    [
      'gives the gaps between children to their parent',
      [root, child('a', 10, 40), child('b', 50, 90)],
      ['r 0–10', 'a 10–40', 'r 40–50', 'b 50–90', 'r 90–100'],
    ],
    [
      'follows of children side by side the one that ends last',
      [root, child('a', 10, 60), child('b', 10, 90)],
      ['r 0–10', 'b 10–90', 'r 90–100'],
    ],
    [
      'leaves out a child that still ran when the next one began',
      [root, child('a', 0, 60), child('b', 50, 100)],
      ['r 0–50', 'b 50–100'],
    ],
    [
      'takes up the last child before that, and cuts nothing of it',
      [root, child('x', 0, 40), child('a', 5, 60), child('b', 50, 100)],
      ['x 0–40', 'r 40–50', 'b 50–100'],
    ],
    [
      'forgives a millisecond of overlap, which is rounding',
      [root, child('a', 0, 51), child('b', 50, 100)],
      ['a 0–50', 'b 50–100'],
    ],
    ['forgives no more', [root, child('a', 0, 51.5), child('b', 50, 100)], ['r 0–50', 'b 50–100']],
    [
      'of two that end together takes the first to begin',
      [root, child('a', 20, 100), child('b', 60, 100)],
      ['r 0–20', 'a 20–100'],
    ],
    [
      'goes down into children of children',
      [root, child('a', 10, 90), child('x', 20, 30, 'a'), child('y', 30, 80, 'a')],
      ['r 0–10', 'a 10–20', 'x 20–30', 'y 30–80', 'a 80–90', 'r 90–100'],
    ],
    [
      'cuts off what lies outside of the parent, at every depth',
      [child('a', -50, 30), child('x', -60, 20, 'a'), root, child('b', 80, 150), child('y', 90, 200, 'b')],
      ['x 0–20', 'a 20–30', 'r 30–80', 'b 80–90', 'y 90–100'],
    ],
    ['leaves out a child that began after its parent', [root, child('a', 100, 150)], ['r 0–100']],
    ['leaves out orphans', [root, child('a', 10, 90, 'lost')], ['r 0–100']],
    [
      'has the children of a step without an end in its place',
      [root, child('a', 10), child('x', 20, 90, 'a')],
      ['r 0–20', 'x 20–90', 'r 90–100'],
    ],
  ])('%s', (_, parts, expected) => {
    expect(words(parts)).toEqual(expected)
  })

  it('of any trace runs from start to end without a gap, inside of each span, and adds up to the latency', () => {
    const time = fc.option(fc.integer({ min: -50, max: 150 }), { nil: undefined })
    const spans = fc.array(fc.record({ parent: fc.nat(), startMs: time, endMs: time }), { maxLength: 25 })
    fc.assert(
      fc.property(spans, (made) => {
        const below = made.map(({ parent, startMs, endMs }, at) =>
          child(`${at}`, startMs, endMs, at === 0 || parent % 3 === 0 ? 'r' : `${parent % at}`),
        )
        const parts = [root, ...below].sort((a, b) => (a.startMs ?? -99) - (b.startMs ?? -99))
        const path = pathOf(parts)
        let cursor = 0
        for (const { span, startMs, endMs } of path) {
          expect(startMs).toBe(cursor)
          expect(endMs).toBeGreaterThan(startMs)
          expect(span.startMs).toBeLessThanOrEqual(startMs)
          expect(span.endMs).toBeGreaterThanOrEqual(endMs)
          cursor = endMs
        }
        expect(cursor).toBe(durationMs(path[0]!.span.spanId === 'r' ? path[0]!.span : traceOf([root]).spans[0]!))
      }),
    )
  })

  it('of a chain of 100,000 spans, and of a span with 100,000 children, is walked without recursion', () => {
    const n = 100_000
    const chain = Array.from({ length: n }, (_, i) => child(`${i}`, i, 2 * n - i, i === 0 ? 'none' : `${i - 1}`))
    expect(pathOf(chain.map(({ parentId, ...each }, i) => (i === 0 ? each : { ...each, parentId })))).toHaveLength(
      2 * n - 1,
    )
    const wide = [{ ...root, endMs: n }, ...Array.from({ length: n }, (_, i) => child(`${i}`, i, i + 1))]
    expect(pathOf(wide)).toHaveLength(n)
  })
})

describe('the time of steps over runs', () => {
  const call = { spanId: 'c', parentId: 'r', name: 'chat m', kind: 'llm', requestModel: 'm', startMs: 10 } as const
  const tally = (...runs: Parts[]) => {
    const { add, result } = criticalPathTally()
    for (const parts of runs) add(runOf(parts))
    return result()
  }

  it('is that in the step itself, whatever its parents repeat', () => {
    const agent = { ...root, name: 'answer', kind: 'agent' } as const
    const { runs, leftOut, totalMs, costUsd, costUnknownRuns, steps } = tally(
      [agent, { ...call, endMs: 90, usage: { input: 3 } }],
      // The agent states the usage of its call again.
      [
        { ...agent, usage: { input: 5 } },
        { ...call, endMs: 30, usage: { input: 5 }, status: 'error' },
      ],
      [{ ...agent, endMs: undefined }, call],
    )
    expect({ runs, leftOut, totalMs, costUsd, costUnknownRuns }).toEqual({
      ...{ runs: 2, leftOut: 1, totalMs: 200, costUsd: 8, costUnknownRuns: 0 },
    })
    expect(steps).toEqual(
      [
        {
          ...{ step: 'chat', kind: 'llm', runs: 2, spans: 2, wallMs: { values: [80, 20], unknown: 0 } },
          ...{ selfMs: 100, selfShare: 0.5, pathMs: 100, pathShare: 0.5, pathInterval: undefined },
          ...{ costUsd: 8, costShare: 1, errors: { x: 1, n: 2 } },
        },
        {
          ...{ step: 'answer', kind: 'agent', runs: 2, spans: 2, wallMs: { values: [100, 100], unknown: 0 } },
          ...{ selfMs: 100, selfShare: 0.5, pathMs: 100, pathShare: 0.5, pathInterval: undefined },
          ...{ costUsd: undefined, costShare: undefined, errors: { x: 0, n: 2 } },
        },
      ].sort((a, b) => (a.step < b.step ? -1 : 1)),
    )
  })

  it('is unknown of a step without a timed span, and of no run', () => {
    const { steps } = tally([root, call])
    expect(steps.find(({ step }) => step === 'chat')).toMatchObject({ selfMs: undefined, pathShare: undefined })
    expect(tally()).toEqual({
      runs: 0,
      leftOut: 0,
      totalMs: undefined,
      costUsd: undefined,
      costUnknownRuns: 0,
      steps: [],
    })
    expect(tally([{ ...root, endMs: 0 }])).toMatchObject({ totalMs: 0, steps: [{ pathMs: 0, pathShare: undefined }] })
  })

  it('counts a stated cost once, and a computed one where none covers it', () => {
    const run: Parts = [
      { ...root, costUsd: 9 },
      { ...call, costUsd: 2, usage: { input: 7 }, endMs: 20 },
      { ...call, spanId: 'd', name: 'embed', kind: 'embedding', usage: { input: 4 }, endMs: 20 },
    ]
    // The root repeats what its call states; the embedding states nothing, and no call covers it.
    expect(tally(run).costUsd).toBe(runOf(run).cost.total)
    expect(tally(run)).toMatchObject({
      costUsd: 6,
      steps: expect.arrayContaining([expect.objectContaining({ step: 'embed', costUsd: 4 })]),
    })
  })

  it('keeps ten thousand steps apart', () => {
    const { add, result } = criticalPathTally()
    for (let i = 0; i < 10_003; i++) add(runOf([{ ...root, name: `n${i}` }]))
    const { steps } = result()
    expect(steps).toHaveLength(10_001)
    expect(steps.find(({ step }) => step === '(others)')).toMatchObject({ kind: undefined, runs: 3, pathMs: 300 })
  })

  it('has an interval over the runs from 20 of them on', () => {
    // In every second run half of the time, else a tenth: 0.3 of all; each run lies 20 ms of 100 from that.
    const made = (n: number) =>
      tally(...Array.from({ length: n }, (_, i) => [root, { ...call, endMs: i % 2 ? 60 : 20 }]))
    const chat = ({ steps }: ReturnType<typeof tally>) => steps.find(({ step }) => step === 'chat')!
    expect(chat(made(18)).pathInterval).toBeUndefined()
    const { pathShare, pathInterval } = chat(made(20))
    expect(pathShare).toBeCloseTo(0.3, 12)
    // t of 19 degrees of freedom is 2.093024; the standard error 0.2 / √19.
    expect(pathInterval!.low).toBeCloseTo(0.3 - (2.093024 * 0.2) / Math.sqrt(19), 6)
    expect(pathInterval!.high).toBeCloseTo(0.3 + (2.093024 * 0.2) / Math.sqrt(19), 6)
  })
})

describe('pilot latency --critical-path', () => {
  it('says in words that no run is timed, and names runs that are left out', async () => {
    const files = { 'spans.jsonl': jsonLines([span('aa', 'r')]) }
    const cwd = project(files, '', '[{ id: lantern }, { id: other }]')
    await pilot(cwd, ['ingest', 'spans.jsonl', '--platform', 'lantern'])
    const { out } = await pilot(cwd, ['latency', '--critical-path'])
    expect(out).toContain('  - no run has a known latency\n  - runs of unknown latency, left out: 1\n')
    expect(out.slice(out.indexOf('other'))).toContain('(n 0, total —)\n  - no run has a known latency\n\n')
    const { platforms } = await json(cwd, 'latency', '--critical-path')
    expect(platforms[0].criticalPath).toMatchObject({ runs: 0, leftOut: 1, steps: [] })
    expect((await json(cwd, 'latency')).platforms[0]).not.toHaveProperty('criticalPath')
  })

  it('of the demo finds the answering call, and what the agent itself took as it was planted', async () => {
    const cwd = temporaryFolder()
    await pilot(cwd, ['demo', 'made'])
    const { platforms } = await json(`${cwd}/made`, 'latency', '--critical-path')
    const { criticalPath: found, perRun } = platforms[0]
    expect(found.totalMs).toBeCloseTo(perRun.sum, 3)
    expect(found.steps[0]).toMatchObject({ step: 'chat', kind: 'llm', runs: found.runs })
    // Of itself the agent takes 5 ms before its steps, 3 ms after each of them and 4 ms at its end.
    const steps = ['chat', 'retrieve', 'lookup_order'].map((name) =>
      found.steps.find(({ step }: { step: string }) => step === name),
    )
    let spans = 0
    for (const step of steps) spans += step.spans
    const agent = found.steps.find(({ kind }: { kind: string }) => kind === 'agent')
    expect(agent.pathMs).toBeCloseTo(9 * found.runs + 3 * spans, 3)
    // The steps run one after the other: what they took is what the run waited for.
    for (const step of steps) expect(step.pathMs).toBeCloseTo(step.selfMs, 3)
  })
})
