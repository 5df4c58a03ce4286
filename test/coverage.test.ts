import { describe, expect, it } from 'vitest'
import { measureCoverage, type TraceRef } from '../src/core/coverage.js'
import type { Request } from '../src/core/span.js'

const minute = 60_000

/** Traces by trace id, and which of them carry which request id. */
function joinOf(traces: readonly (TraceRef & { request?: string })[]) {
  return {
    byTraceId: (id: string) => traces.filter(({ traceId }) => traceId === id),
    byRequestId: (id: string) => traces.filter(({ request }) => request === id),
  }
}

function request(id: string, parts: Partial<Request> = {}): Request {
  return { id, timeMs: 0, origin: 'production', ...parts }
}

describe('coverage', () => {
  it('counts each request once: present, missing or outside', () => {
    const join = joinOf([
      { traceId: 't1', selected: true, startMs: 20, request: 'by-request' },
      { traceId: 't2', selected: true, startMs: 20, request: 'by-both' },
      { traceId: 't3', selected: false, startMs: 20, request: 'outside' },
      { traceId: 't4', selected: true, startMs: 20, request: 'twice' },
      { traceId: 't5', selected: true, startMs: 5 * minute, request: 'twice' },
      { traceId: 't6', selected: true, startMs: 2 * minute + 1, request: 'late' },
      { traceId: 't7', selected: true, startMs: 2 * minute, request: 'just in time' },
      { traceId: 't8', selected: true, request: 'unknown start' },
      { traceId: 't9', selected: true, startMs: -2 * minute - 1, request: 'early' },
      { traceId: 't10', selected: false, request: 'one of two' },
      { traceId: 't11', selected: true, startMs: 0, request: 'one of two' },
    ])
    const requests = [
      request('by-request'),
      request('by-both', { traceId: 't2' }),
      request('by-trace', { traceId: 't1' }),
      request('gone'),
      request('gone too', { traceId: 'nowhere' }),
      request('outside'),
      request('twice'),
      request('late'),
      request('just in time'),
      request('unknown start'),
      request('early'),
      request('one of two'),
    ]
    const { coverage, unjoinable } = measureCoverage(requests, join, { lateAfterMs: 2 * minute })
    expect(unjoinable).toBeUndefined()
    expect(coverage.production).toEqual({
      requests: 12,
      present: 9,
      missing: 2,
      outside: 1,
      duplicate: 1,
      late: 2,
      examples: { missing: ['gone', 'gone too'], outside: ['outside'], duplicate: ['twice'], late: ['late', 'early'] },
    })
  })

  it('is counted apart by origin', () => {
    const join = joinOf([{ traceId: 't', selected: true, request: 'a' }])
    const requests = [request('a'), request('b', { origin: 'replay' }), request('c', { origin: 'synthetic' })]
    const { coverage } = measureCoverage(requests, join, { lateAfterMs: 1 })
    expect(
      [coverage.production, coverage.replay, coverage.synthetic].map(({ requests, present }) => [requests, present]),
    ).toEqual([
      [1, 1],
      [1, 0],
      [1, 0],
    ])
  })

  it('leaves out requests outside the window', () => {
    const requests = [9, 10, 19, 20].map((timeMs) => request(`at ${timeMs}`, { timeMs }))
    const join = joinOf([{ traceId: 't', selected: true, startMs: 10, request: 'at 10' }])
    const { coverage } = measureCoverage(requests, join, { lateAfterMs: 1, window: { startMs: 10, endMs: 20 } })
    expect(coverage.production).toMatchObject({ requests: 2, present: 1, missing: 1, examples: { missing: ['at 19'] } })
  })

  it('keeps ten examples of each sort, the first in time', () => {
    const requests = Array.from({ length: 12 }, (_, i) => request(`${i}`))
    const { coverage } = measureCoverage(requests, joinOf([]), { lateAfterMs: 1 })
    expect(coverage.production.missing).toBe(12)
    expect(coverage.production.examples.missing).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  })
})

describe('requests and traces without an id in common', () => {
  const requests = [request('a', { traceId: 'x' }), request('b')]

  it('are not measured, and the reason says which ids there are', () => {
    const none = joinOf([{ traceId: 't', selected: true }])
    expect(measureCoverage(requests, none, { lateAfterMs: 1, runsWithRequestId: { x: 0, n: 1950 } }).unjoinable).toBe(
      "Requests and traces have no id in common: of 2 requests 1 have a trace id, which no trace has, and no request's id is the request id of a trace (0 of 1950 runs carry one).",
    )
    expect(measureCoverage(requests, none, { lateAfterMs: 1 }).unjoinable).toBe(
      "Requests and traces have no id in common: of 2 requests 1 have a trace id, which no trace has, and no request's id is the request id of a trace.",
    )
  })

  it('are measured as soon as one joins, even to a trace of something else', () => {
    const one = joinOf([{ traceId: 'x', selected: false }])
    const { unjoinable, coverage } = measureCoverage(requests, one, { lateAfterMs: 1 })
    expect(unjoinable).toBeUndefined()
    expect(coverage.production).toMatchObject({ outside: 1, missing: 1 })
  })

  it('are not missed where there is no request', () => {
    expect(measureCoverage([], joinOf([]), { lateAfterMs: 1 }).unjoinable).toBeUndefined()
  })
})
