import { describe, expect, it } from 'vitest'
import { isInWindow, selectedRoot, selectsTrace, startOf } from '../src/core/select.js'
import { readStructure } from '../src/core/structure.js'
import { traceOf } from './trace-of.js'

describe('workflow.match', () => {
  const trace = traceOf([
    { spanId: '1', name: 'support.answer', service: 'support-bot' },
    { spanId: '2', parentId: '1', name: 'draft', service: 'gateway', environment: 'production' },
  ])

  it.each([
    [{}, true],
    [{ root: 'support.answer' }, true],
    [{ root: 'support' }, false],
    [{ root: 'support.*' }, true],
    [{ root: '*answer' }, true],
    [{ root: '*port.an*' }, true],
    [{ root: '*' }, true],
    [{ root: 'draft' }, false],
    [{ service: 'support-bot' }, true],
    [{ service: 'gateway' }, false],
    [{ environment: 'production' }, true],
    [{ environment: 'staging' }, false],
    [{ workflow: 'answer' }, false],
    [{ root: 'support.answer', service: 'support-bot', environment: 'production' }, true],
  ])('%j selects the trace: %s', (match, isSelected) => {
    expect(selectsTrace(trace, match)).toBe(isSelected)
  })

  it('takes the root that fits where a trace has several', () => {
    const both = traceOf([
      { spanId: '1', name: 'flush' },
      { spanId: '2', name: 'support.answer' },
    ])
    expect(selectedRoot(both, readStructure(both), { root: 'support.answer' })?.spanId).toBe('2')
  })

  it('knows a trace without its root by the first orphan', () => {
    const rest = traceOf([
      { spanId: '2', parentId: 'lost', name: 'retrieve' },
      { spanId: '3', parentId: 'lost', name: 'support.answer' },
    ])
    expect(selectsTrace(rest, { root: 'support.answer' })).toBe(false)
    expect(selectsTrace(rest, { root: 'retrieve' })).toBe(true)
  })

  it('never selects a trace without spans', () => {
    expect(selectsTrace(traceOf([]), {})).toBe(false)
  })
})

describe('the window', () => {
  it('holds its start and not its end, and no unknown time', () => {
    const window = { startMs: 10, endMs: 20 }
    expect([9.999, 10, 19.999, 20, undefined].map((time) => isInWindow(time, window))).toEqual([
      false,
      true,
      true,
      false,
      false,
    ])
    expect(isInWindow(undefined, undefined)).toBe(true)
  })

  it('is asked for the first start of a trace', () => {
    expect(
      startOf(
        traceOf([
          { spanId: 'a', startMs: 3 },
          { spanId: 'b', startMs: 5 },
        ]),
      ),
    ).toBe(3)
    expect(startOf(traceOf([{ spanId: 'a' }]))).toBeUndefined()
  })
})
