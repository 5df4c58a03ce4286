import { describe, expect, it } from 'vitest'
import { measureFigures } from '../src/core/figures.js'
import type { Pricer } from '../src/core/prices.js'
import { type TallyOptions, tallyRuns } from '../src/core/tally.js'
import { inferredOnly } from './evidence.js'
import { traceOf } from './trace-of.js'

type Parts = Parameters<typeof traceOf>[0]

/** A dollar per token in or out, for models whose name begins with `gpt`. */
const price: Pricer = ({ requestModel, usage }) =>
  requestModel?.startsWith('gpt') ? (usage?.input ?? 0) + (usage?.output ?? 0) : undefined

const options: TallyOptions = {
  match: { root: 'answer' },
  required: { llm: ['model'], tool: ['result'] },
  price,
  sameInput: () => true,
  scored: new Set(['t1']),
}

const good: Parts = [
  {
    spanId: 'r',
    name: 'answer',
    kind: 'agent',
    service: 'bot',
    tenant: 'acme',
    release: 'v1',
    startMs: 0,
    endMs: 100,
    usage: { input: 10, output: 2 },
  },
  { spanId: 's', parentId: 'r', name: 'retrieve', kind: 'retriever', startMs: 1, endMs: 11 },
  { spanId: 't', parentId: 'r', name: 'execute_tool lookup', kind: 'tool', status: 'error', startMs: 12, endMs: 20 },
  { spanId: 'u', parentId: 'r', name: 'execute_tool lookup', kind: 'tool', startMs: 21, endMs: 25, has: ['result'] },
  {
    spanId: 'c',
    parentId: 'r',
    name: 'chat gpt-4.1',
    kind: 'llm',
    requestModel: 'gpt-4.1',
    promptName: 'support',
    promptVersion: '7',
    startMs: 30,
    endMs: 90,
    usage: { input: 10, output: 2, cachedInput: 4 },
  },
]

/** Its model has no price, its prompt no version and its root no end. */
const poor: Parts = [
  { spanId: 'r', name: 'answer', kind: 'agent', service: 'bot', startMs: 1000, status: 'error' },
  {
    spanId: 'c',
    parentId: 'r',
    name: 'chat own',
    kind: 'llm',
    requestModel: 'own',
    promptName: 'support',
    startMs: 1001,
    usage: { input: 5, output: 1 },
  },
]

const other: Parts = [{ spanId: 'r', name: 'health', startMs: 2000, endMs: 2001 }]

const tally = tallyRuns([traceOf(good), traceOf(poor, 't2'), traceOf(other, 't3')], options)

describe('the tally', () => {
  it('counts selected runs, and every trace by what it begins with', () => {
    expect([tally.runs, tally.traces, tally.outsideWindow]).toEqual([2, 3, 0])
    expect(tally.roots).toEqual([
      { name: 'answer', service: 'bot', traces: 2, selected: 2 },
      { name: 'health', service: undefined, traces: 1, selected: 0 },
    ])
  })

  it('counts states, errors and what is known of runs and steps', () => {
    expect(tally.states).toEqual({ complete: 1, rootless: 0, 'several roots': 0, orphans: 0, unfinished: 1 })
    expect(tally.runErrors).toEqual({ x: 1, n: 2 })
    expect(tally.spanErrors).toEqual({ x: 2, n: 7 })
    expect(tally.tenantKnown).toEqual({ x: 1, n: 2 })
    expect(tally.scored).toEqual({ x: 1, n: 2 })
    expect(tally.modelKnown).toEqual({ x: 2, n: 2 })
    expect(tally.stepsTimed).toEqual({ x: 4, n: 5 })
    expect(tally.latencyPerRun).toEqual({ values: [100], unknown: 1 })
  })

  it('infers what was tried again', () => {
    expect(tally.retries).toEqual(inferredOnly(1, 1, ['t1']))
    expect(tally.fallbacks).toEqual(inferredOnly(0, 0))
  })

  it('counts repeated usage once', () => {
    expect(tally.repeatedUsage).toEqual({
      spans: 1,
      naive: { input: 25, output: 5 },
      counted: { input: 15, output: 3 },
    })
  })

  it('knows the cost of a run when every counted span is priced', () => {
    expect(tally.costKnown).toEqual({ x: 1, n: 2 })
    expect(tally.costPerRun).toEqual({ values: [12], unknown: 1 })
    expect(tally.costUsd).toEqual({ stated: undefined, computed: 12, unpricedSpans: 1, unpricedModels: ['own'] })
  })

  it('maps outputs to prompt versions', () => {
    expect(tally.promptMapped).toEqual({ x: 1, n: 2 })
    expect(tally.unmapped).toEqual([{ name: 'chat', spans: 1, examples: ['t2'] }])
    expect(tally.promptVersions).toEqual([{ name: 'support', version: '7', spans: 1, runs: 1 }])
  })

  it('groups runs by tenant and release, and spans by step, model and prompt version', () => {
    const { groups } = tally
    const acme = {
      latencyMs: { values: [100], unknown: 0 },
      costUsd: { values: [12], unknown: 0 },
      errors: { x: 0, n: 1 },
    }
    const tokens = { input: 10, output: 2 }
    expect(groups.tenant).toEqual([{ key: 'acme', ...acme, tokens }])
    expect(groups.release).toEqual([{ key: 'v1', ...acme, tokens }])
    const call = {
      latencyMs: { values: [60], unknown: 0 },
      costUsd: { values: [12], unknown: 0 },
      errors: { x: 0, n: 1 },
      tokens,
    }
    expect(groups['prompt version']).toEqual([{ key: 'support@7', ...call }])
    expect(groups.model.map(({ key }) => key)).toEqual(['gpt-4.1', 'own'])
    expect(groups.model[0]).toEqual({ key: 'gpt-4.1', ...call })
    expect(
      groups.step.map(({ key, latencyMs, errors }) => [key, latencyMs.values, latencyMs.unknown, errors.x]),
    ).toEqual([
      ['retrieve', [10], 0, 0],
      ['lookup', [8, 4], 0, 1],
      ['chat', [60], 1, 0],
    ])
    // A tool takes no tokens: its cost is not unknown, there is none.
    expect(groups.step[1]!.costUsd).toEqual({ values: [], unknown: 0 })
    expect(groups.step[2]!.costUsd).toEqual({ values: [12], unknown: 1 })
  })

  it('counts required fields and metadata of selected runs', () => {
    expect(tally.capture).toEqual([
      { kind: 'llm', field: 'model', share: { x: 2, n: 2 } },
      { kind: 'tool', field: 'result', share: { x: 1, n: 1 } },
    ])
    expect(tally.metadata.find(({ key }) => key === 'tenant')?.present).toEqual({ x: 1, n: 2 })
  })

  it('leaves out what began outside the window', () => {
    const window = { startMs: 0, endMs: 1000 }
    const { runs, traces, outsideWindow } = tallyRuns([traceOf(good), traceOf(poor, 't2')], { ...options, window })
    expect([runs, traces, outsideWindow]).toEqual([1, 2, 1])
  })

  it('of nothing is zero and unknown', () => {
    const nothing = tallyRuns([], options)
    expect([nothing.runs, nothing.traces, nothing.costUsd.computed, nothing.costKnown.n]).toEqual([0, 0, undefined, 0])
  })

  it('keeps ten examples and ten thousand names', () => {
    const traces = Array.from({ length: 10_050 }, (_, i) => {
      return traceOf([{ spanId: 'r', name: `answer ${i}`, kind: 'llm', startMs: i, endMs: i }], `t${i}`)
    })
    const many = tallyRuns(traces, { ...options, match: {} })
    expect(many.groups.step).toHaveLength(10_001)
    expect(many.groups.step.at(-1)).toMatchObject({ key: '(others)', errors: { x: 0, n: 50 } })
    expect(many.unmapped[0]).toMatchObject({ name: '(others)', spans: 50 })
    expect(many.unmapped[0]!.examples).toHaveLength(10)
    expect(many.roots).toHaveLength(20)
  })
})

describe('the cost of a run', () => {
  const costOfRun = (parts: Parts) => tallyRuns([traceOf(parts)], { ...options, match: {} }).costPerRun.values[0]
  const priced = { kind: 'llm', requestModel: 'gpt-4.1', usage: { input: 3, output: 1 } } as const
  const unpriced = { ...priced, requestModel: 'own' }

  it('is what the platform states, at its deepest', () => {
    expect(
      costOfRun([
        { spanId: 'r', costUsd: 9 },
        { spanId: 'a', parentId: 'r', ...unpriced, costUsd: 7 },
      ]),
    ).toBe(7)
  })

  it('stated by a parent covers its children', () => {
    expect(
      costOfRun([
        { spanId: 'r', costUsd: 9 },
        { spanId: 'a', parentId: 'r', ...unpriced },
        { spanId: 'b', parentId: 'r', ...priced },
      ]),
    ).toBe(9)
  })

  it('is stated for one call and computed for the next', () => {
    expect(
      costOfRun([
        { spanId: 'a', ...unpriced, costUsd: 7 },
        { spanId: 'b', ...priced },
      ]),
    ).toBe(11)
  })

  it.each<[string, Parts]>([
    [
      'of one call is neither stated nor priced',
      [
        { spanId: 'a', ...unpriced },
        { spanId: 'b', ...priced },
      ],
    ],
    [
      'of a call that answered is not even hinted at',
      [
        { spanId: 'a', kind: 'llm' },
        { spanId: 'b', ...priced },
      ],
    ],
    ['is nowhere', [{ spanId: 'a', kind: 'tool' }]],
  ])('is unknown where that %s', (_, parts) => {
    expect(costOfRun(parts)).toBeUndefined()
  })

  it('is known though a call that failed says nothing', () => {
    expect(
      costOfRun([
        { spanId: 'a', kind: 'llm', status: 'error' },
        { spanId: 'b', ...priced },
      ]),
    ).toBe(4)
  })
})

describe('figures', () => {
  it('count all that is stored', () => {
    expect(measureFigures([traceOf(good), traceOf(poor, 't2'), traceOf(other, 't3')], price)).toEqual({
      spans: 8,
      traces: 3,
      roots: 3,
      orphans: 0,
      spansByKind: { agent: 2, retriever: 1, tool: 2, llm: 2, other: 1 },
      errorSpans: 2,
      tokens: { input: 15, output: 3, cachedInput: 4, cacheWrite: null, reasoning: null },
      tokensNaive: { input: 25, output: 5 },
      costUsd: { stated: null, computed: 12, unpricedSpans: 1 },
      models: ['gpt-4.1', 'own'],
      promptVersions: [{ name: 'support', version: '7', spans: 1 }],
      startMs: 0,
      endMs: 2001,
    })
  })

  it('state a cost at its deepest', () => {
    const trace = traceOf([
      { spanId: 'r', costUsd: 9 },
      { spanId: 'a', parentId: 'r', costUsd: 7 },
      { spanId: 'b', parentId: 'r', costUsd: 1 },
    ])
    expect(measureFigures([trace], price).costUsd).toEqual({ stated: 8, computed: null, unpricedSpans: 0 })
  })

  it('of nothing are zero or unknown', () => {
    expect(measureFigures([], price)).toMatchObject({ spans: 0, tokens: { input: null }, models: [], startMs: null })
  })
})
