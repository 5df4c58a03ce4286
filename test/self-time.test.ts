import { describe, expect, it } from 'vitest'
import { selfTimes } from '../src/core/self-time.js'
import { readStructure } from '../src/core/structure.js'
import { traceOf } from './trace-of.js'

type Parts = Parameters<typeof traceOf>[0]

function selfOf(parts: Parts): Record<string, number> {
  const trace = traceOf(parts)
  return Object.fromEntries([...selfTimes(trace, readStructure(trace))].map(([{ spanId }, ms]) => [spanId, ms]))
}

const root = { spanId: 'r', startMs: 0, endMs: 100 }
const child = (spanId: string, startMs?: number, endMs?: number, parentId = 'r') => ({
  ...{ spanId, parentId },
  ...(startMs !== undefined && { startMs }),
  ...(endMs !== undefined && { endMs }),
})

describe('the self time of a span', () => {
  it.each<[string, Parts, Record<string, number>]>([
    ['of nothing is nothing', [], {}],
    ['without children is its duration', [root], { r: 100 }],
    ['of no duration is 0', [{ spanId: 'r', startMs: 5, endMs: 5 }], { r: 0 }],
    ['leaves out one child after the other', [root, child('a', 10, 30), child('b', 30, 90)], { r: 20, a: 20, b: 60 }],
    ['counts children side by side once', [root, child('a', 10, 60), child('b', 40, 80)], { r: 30, a: 50, b: 40 }],
    ['counts a child inside of another once', [root, child('a', 10, 90), child('b', 20, 30)], { r: 20, a: 80, b: 10 }],
    [
      'cuts children off where their parent ends or begins',
      [child('early', -20, 10), root, child('late', 90, 150)],
      { early: 30, r: 80, late: 60 },
    ],
    ['is not touched by a child that begins with its end', [root, child('a', 100, 150)], { r: 100, a: 50 }],
    [
      'is not touched by children that begin after its end, or end before its start',
      [child('early', -50, -20), root, child('a', 10, 30), child('late', 120, 150)],
      { early: 30, r: 80, a: 20, late: 30 },
    ],
    [
      'leaves out children alone, not their children',
      [root, child('a', 0, 50), child('b', 0, 50, 'a')],
      { r: 50, a: 0, b: 50 },
    ],
    [
      'is unknown without a start, without an end and where they are swapped, and takes nothing from the parent',
      [root, child('a', 10), child('b', undefined, 20), child('c', 30, 20)],
      { r: 100 },
    ],
    [
      'of a parent is less the children of a child whose time is unknown',
      [root, child('open', 10), child('x', 20, 50, 'open')],
      { r: 70, x: 30 },
    ],
    ['of an orphan is its own', [root, child('a', 10, 30, 'lost')], { r: 100, a: 20 }],
  ])('%s', (_, parts, expected) => {
    expect(selfOf(parts)).toEqual(expected)
  })

  it.each([
    ['timed', true],
    ['not timed', false],
  ])('of a chain of 100,000 spans that are %s is read without recursion', (_, isTimed) => {
    const depth = 100_000
    const parts = Array.from({ length: depth }, (_, i) => ({
      ...{ spanId: `${i}`, startMs: 0 },
      ...(i > 0 && { parentId: `${i - 1}` }),
      ...((isTimed || i === 0 || i === depth - 1) && { endMs: depth - i }),
    }))
    const trace = traceOf(parts)
    const self = [...selfTimes(trace, readStructure(trace)).values()]
    expect(self.length).toBe(isTimed ? depth : 2)
    // Timed, each is 1 ms longer than its child; else the last, of 1 ms, stands for all between.
    expect([self[0], self.at(-1)]).toEqual([isTimed ? 1 : depth - 1, 1])
  })
})
