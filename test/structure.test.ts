import { describe, expect, it } from 'vitest'
import { childrenOf, durationMs, readStructure, runLatencyMs } from '../src/core/structure.js'
import type { TraceSpan } from '../src/core/trace.js'
import { traceOf } from './trace-of.js'

const ids = (spans: Iterable<TraceSpan>) => [...spans].map(({ spanId }) => spanId)

describe('the structure of a trace', () => {
  it('is complete with one root, every parent and every end', () => {
    const trace = traceOf([
      { spanId: 'root', endMs: 9 },
      { spanId: 'a', parentId: 'root', endMs: 5 },
      { spanId: 'b', parentId: 'root', endMs: 8 },
      { spanId: 'c', parentId: 'a', endMs: 4 },
    ])
    const structure = readStructure(trace)
    expect(structure.state).toBe('complete')
    expect(ids(structure.roots)).toEqual(['root'])
    expect(structure.orphans).toEqual([])
    const children = [...childrenOf(trace, structure)].map(([parent, below]) => [parent.spanId, ids(below)])
    expect(children).toEqual([
      ['root', ['a', 'b']],
      ['a', ['c']],
    ])
  })

  it.each([
    ['unfinished', [{ spanId: 'r' }]],
    ['orphans', [{ spanId: 'r' }, { spanId: 'a', parentId: 'lost' }]],
    ['several roots', [{ spanId: 'r' }, { spanId: 's' }, { spanId: 'a', parentId: 'lost' }]],
    ['rootless', [{ spanId: 'a', parentId: 'lost', endMs: 1 }]],
    ['rootless', []],
  ])('is %s before anything milder', (state, spans) => {
    expect(readStructure(traceOf(spans)).state).toBe(state)
  })

  it('stands on the first root, else the first orphan, else the first span', () => {
    const rootOf = (spans: Parameters<typeof traceOf>[0]) => readStructure(traceOf(spans)).root?.spanId
    expect(rootOf([{ spanId: 'a', parentId: 'lost' }, { spanId: 'r' }, { spanId: 's' }])).toBe('r')
    expect(
      rootOf([
        { spanId: 'a', parentId: 'lost' },
        { spanId: 'b', parentId: 'lost' },
      ]),
    ).toBe('a')
    expect(
      rootOf([
        { spanId: 'a', parentId: 'b' },
        { spanId: 'b', parentId: 'a' },
      ]),
    ).toBe('a')
    expect(rootOf([])).toBeUndefined()
  })

  it('has no rings: a span that is its own ancestor loses its parent', () => {
    const trace = traceOf([
      { spanId: 'root', endMs: 1 },
      { spanId: 'tail', parentId: 'a', endMs: 1 },
      { spanId: 'a', parentId: 'b', endMs: 1 },
      { spanId: 'b', parentId: 'c', endMs: 1 },
      { spanId: 'c', parentId: 'a', endMs: 1 },
      { spanId: 'self', parentId: 'self', endMs: 1 },
    ])
    const { parents, roots, orphans, state } = readStructure(trace)
    expect(ids(parents.keys())).toEqual(['tail', 'b', 'c'])
    expect([ids(roots), ids(orphans)]).toEqual([['root'], []])
    expect(state).toBe('orphans')
  })

  it('of a chain of 100,000 spans is read without recursion', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) => ({
      spanId: `${i}`,
      ...(i > 0 && { parentId: `${i - 1}` }),
      endMs: 1,
    }))
    const { parents, state } = readStructure(traceOf(spans))
    expect([parents.size, state]).toEqual([99_999, 'complete'])
    // The same, closed to one ring, children first.
    const ring = readStructure(traceOf(spans.map((span) => ({ parentId: '99999', ...span })).reverse()))
    expect([ring.parents.size, ring.roots.length]).toEqual([99_999, 0])
  })
})

describe('the latency', () => {
  const latencyOf = (spans: Parameters<typeof traceOf>[0]) => {
    const structure = readStructure(traceOf(spans))
    return runLatencyMs(structure, structure.root!)
  }

  it('of a span is unknown without a start, without an end, and when it ends before it starts', () => {
    const [whole, none, open, skewed] = traceOf([
      { spanId: 'a', startMs: 10, endMs: 10 },
      { spanId: 'b', endMs: 10 },
      { spanId: 'c', startMs: 10 },
      { spanId: 'd', startMs: 10, endMs: 9 },
    ]).spans
    expect([whole, none, open, skewed].map((span) => durationMs(span!))).toEqual([0, undefined, undefined, undefined])
  })

  it('of a run is that of its root, whatever outlives it', () => {
    expect(
      latencyOf([
        { spanId: 'r', startMs: 100, endMs: 350 },
        { spanId: 'a', parentId: 'r', startMs: 120, endMs: 900 },
      ]),
    ).toBe(250)
  })

  it('of a run whose parent is in another service is that of its only top', () => {
    expect(
      latencyOf([
        { spanId: 'a', parentId: 'remote', startMs: 1, endMs: 4 },
        { spanId: 'b', parentId: 'a' },
      ]),
    ).toBe(3)
  })

  it('of a run that lost its root is unknown', () => {
    const lost = { parentId: 'lost', startMs: 1, endMs: 4 }
    expect(
      latencyOf([
        { spanId: 'a', ...lost },
        { spanId: 'b', ...lost },
      ]),
    ).toBeUndefined()
  })
})
