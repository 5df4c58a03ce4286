import { describe, expect, it } from 'vitest'
import { readStructure } from '../src/core/structure.js'
import { countedUsage, modelCalls } from '../src/core/usage.js'
import { traceOf } from './trace-of.js'

const countedIds = (trace: Parameters<typeof countedUsage>[0]) =>
  countedUsage(trace).counted.map(({ spanId }) => spanId)

describe('the deepest usage', () => {
  it('wins over a parent that repeats it', () => {
    const trace = traceOf([
      { spanId: 'agent', usage: { input: 30, output: 6 } },
      { spanId: 'chat1', parentId: 'agent', usage: { input: 10, output: 2, cachedInput: 4 } },
      { spanId: 'chat2', parentId: 'agent', usage: { input: 20, output: 4, reasoning: 3 } },
    ])
    const { counted, repeated, tokens, naive } = countedUsage(trace)
    expect(counted.map(({ spanId }) => spanId)).toEqual(['chat1', 'chat2'])
    expect(repeated).toBe(1)
    expect(tokens).toEqual({ input: 30, output: 6, cachedInput: 4, cacheWrite: undefined, reasoning: 3 })
    expect([naive.input, naive.output]).toEqual([60, 12])
  })

  it('wins through spans that state none, and three instrumentations of one call count once', () => {
    const trace = traceOf([
      { spanId: 'call_llm', usage: { input: 7 } },
      { spanId: 'http', parentId: 'call_llm' },
      { spanId: 'generate', parentId: 'http', usage: { input: 7 } },
      { spanId: 'chat', parentId: 'generate', usage: { input: 7 } },
    ])
    expect(countedIds(trace)).toEqual(['chat'])
    expect(countedUsage(trace).naive.input).toBe(21)
  })

  it('is the agent span where only that states usage', () => {
    expect(
      countedIds(
        traceOf([
          { spanId: 'agent', usage: { input: 1 } },
          { spanId: 'tool', parentId: 'agent' },
        ]),
      ),
    ).toEqual(['agent'])
  })

  it('is none for a span whose usage says neither input nor output', () => {
    const trace = traceOf([
      { spanId: 'agent', usage: { input: 5, output: 1 } },
      { spanId: 'chat', parentId: 'agent', usage: {} },
      { spanId: 'cached', parentId: 'agent', usage: { cachedInput: 3 } },
    ])
    expect(countedIds(trace)).toEqual(['agent'])
    expect(countedUsage(trace).tokens.cachedInput).toBeUndefined()
  })

  it('counts 0 as a value, and what nobody states as unknown', () => {
    const trace = traceOf([
      { spanId: 'agent', usage: { input: 5, output: 1 } },
      { spanId: 'chat', parentId: 'agent', usage: { input: 0 } },
    ])
    expect(countedUsage(trace).tokens).toMatchObject({ input: 0, output: undefined })
    expect(countedUsage(traceOf([])).tokens.input).toBeUndefined()
  })

  it('counts orphans beside each other, since no common parent is there', () => {
    const usage = { input: 1 }
    expect(
      countedIds(
        traceOf([
          { spanId: 'a', parentId: 'x', usage },
          { spanId: 'b', parentId: 'x', usage },
        ]),
      ),
    ).toEqual(['a', 'b'])
  })

  it('loses nothing in a ring', () => {
    const usage = { input: 1 }
    expect(countedIds(traceOf([{ spanId: 'a', parentId: 'a', usage }]))).toEqual(['a'])
    expect(
      countedIds(
        traceOf([
          { spanId: 'a', parentId: 'b', usage },
          { spanId: 'b', parentId: 'a', usage },
        ]),
      ),
    ).toEqual(['b'])
  })

  it('of a chain of 100,000 spans with usage is the last one', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) => ({
      spanId: `${i}`,
      parentId: `${i - 1}`,
      usage: { input: 1 },
    }))
    const { counted, repeated, naive } = countedUsage(traceOf(spans))
    expect(counted.map(({ spanId }) => spanId)).toEqual(['99999'])
    expect([repeated, naive.input]).toEqual([99_999, 100_000])
  })
})

it('a model call is an llm span without an llm span below it', () => {
  const trace = traceOf([
    { spanId: 'wrapper', kind: 'llm' },
    { spanId: 'http', parentId: 'wrapper' },
    { spanId: 'call', parentId: 'http', kind: 'llm' },
    { spanId: 'tool', parentId: 'call', kind: 'tool' },
  ])
  expect(modelCalls(trace, readStructure(trace)).map(({ spanId }) => spanId)).toEqual(['call'])
})
