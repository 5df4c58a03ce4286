import { describe, expect, it } from 'vitest'
import { resolveSpan } from '../src/formats/dialects/resolve.js'
import { eachTrace } from '../src/store/each-trace.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

const start = (second: number) => `2026-03-02T10:00:0${second}Z`
const root = (trace: string) => span(trace, 'r', { start: start(0), end: start(9) })
const call = (trace: string, id: string, second: number, more: object = {}) => ({
  ...{ trace_id: trace, span_id: id, parent_id: 'r', name: 'draft', kind: 'llm', model: 'gpt-4.1', input: 'Hi.' },
  ...{ start: start(second), end: start(second + 1), ...more },
})

/** One run that states both, one of which both follow, one that states there was no retry. */
const lines = [
  root('t1'),
  call('t1', 'a', 1, { retries: 2 }),
  call('t1', 'b', 3, { model: 'gpt-4.1-mini', fallback_from: 'gpt-4.1' }),
  root('t2'),
  call('t2', 'a', 1, { status: 'error' }),
  call('t2', 'b', 3, { status: 'error' }),
  call('t2', 'c', 5, { model: 'gpt-4.1-mini' }),
  root('t3'),
  call('t3', 'a', 1, { retries: 0 }),
]

const ingested = async (rows: readonly object[]) => {
  const cwd = project({ 'traces.jsonl': jsonLines(rows) })
  expect((await pilot(cwd, ['ingest', 'traces.jsonl'])).code).toBe(0)
  return cwd
}

describe('retries and fallbacks that an export states', () => {
  it('are stored as stated, 0 too', async () => {
    const cwd = await ingested(lines)
    const spans = stored(cwd, (db) => [...eachTrace(db, 'lantern')].flatMap((trace) => trace.spans))
    const found = spans.map(({ traceId, spanId, retries, fallbackFrom }) => [traceId, spanId, retries, fallbackFrom])
    expect(found.filter(([, , retries, from]) => retries !== undefined || from !== undefined)).toEqual([
      ['t1', 'a', 2, undefined],
      ['t1', 'b', undefined, 'gpt-4.1'],
      ['t3', 'a', 0, undefined],
    ])
  })

  it('are counted apart from those that are inferred, in pilot latency', async () => {
    const cwd = await ingested(lines)
    const { retries, fallbacks } = (await json(cwd, 'latency')).platforms[0]
    const both = { runs: 2, spans: 2, stated: { runs: 1, spans: 1 }, inferred: { runs: 1, spans: 1 } }
    expect([retries, fallbacks]).toEqual([
      { ...both, examples: ['t1', 't2'] },
      { ...both, examples: ['t1', 't2'] },
    ])
    // What else is asked for reads other columns, and must not change what is counted.
    for (const asked of [['--critical-path'], ['--spikes']]) {
      const found = (await json(cwd, 'latency', ...asked)).platforms[0]
      expect([found.retries, found.fallbacks], asked.join()).toEqual([retries, fallbacks])
    }
    expect((await pilot(cwd, ['latency'])).out).toContain(`Retries and fallbacks
  - retries, stated: spans 1, runs 1 of 3
  - fallbacks, stated: spans 1, runs 1 of 3
  - retries, inferred: spans 1, runs 1 of 3
  - fallbacks, inferred: spans 1, runs 1 of 3
`)
  })

  it('are told from inferred ones beside each span of pilot trace', async () => {
    const cwd = await ingested(lines)
    const stated = (await pilot(cwd, ['trace', 't1'])).out
    expect(stated).toContain('  retry     tried again: 2 (stated)\n')
    expect(stated).toContain('  fallback  from gpt-4.1 (stated)\n')
    const inferred = (await pilot(cwd, ['trace', 't2'])).out
    expect(inferred).toContain('  retry     of a step that failed before it (inferred)\n')
    expect(inferred).toContain('  fallback  to another model (inferred)\n')
    const of = async (trace: string) =>
      (await json(cwd, 'trace', trace)).spans.map((each: { spanId: string; retry: string; fallback: string }) => [
        ...[each.spanId, each.retry, each.fallback],
      ])
    expect([await of('t1'), await of('t2'), await of('t3')]).toEqual([
      [
        ['r', null, null],
        ['a', 'stated', null],
        ['b', null, 'stated'],
      ],
      [
        ['r', null, null],
        ['a', null, null],
        ['b', 'inferred', null],
        ['c', null, 'inferred'],
      ],
      [
        ['r', null, null],
        ['a', null, null],
      ],
    ])
  })

  it('that are no count are a problem, and the span stays', async () => {
    for (const retries of [-1, 1.5, '2', true, 1e300]) {
      const cwd = project({ log: jsonLines([span('t1', 'a', { retries })]) })
      const { files, totals } = await json(cwd, 'ingest', 'log')
      expect(files[0].problems).toEqual([{ line: 1, message: 'retries: expected a whole number from 0' }])
      expect(totals.spans.added).toBe(1)
    }
  })

  it('come in either half of a span', async () => {
    const halves = [call('t1', 'a', 1, { end: undefined, retries: 1 }), call('t1', 'a', 1, { fallback_from: 'o1' })]
    for (const rows of [halves, halves.toReversed()]) {
      const cwd = await ingested(rows)
      const [trace] = stored(cwd, (db) => [...eachTrace(db, 'lantern')])
      expect(trace?.spans).toMatchObject([{ retries: 1, fallbackFrom: 'o1' }])
      expect((await json(cwd, 'ingest', 'traces.jsonl')).totals.spans).toMatchObject({ added: 0, updated: 0 })
    }
  })
})

describe('http.request.resend_count', () => {
  const resolved = (value: string | number) =>
    resolveSpan(
      {
        ...{ traceId: 't', spanId: 's', parentId: 'p', name: 'POST', status: 'unset' },
        ...{ attributes: { 'http.request.resend_count': value }, events: [], links: [], resource: {} },
      },
      {},
    ).span

  it.each([
    [2, 2],
    ['3', 3],
    [0, 0],
    [-1, undefined],
    [1.5, undefined],
    ['many', undefined],
  ])('of %j states %j retries, and stays an attribute', (value, retries) => {
    const { retries: found, content } = resolved(value)
    expect([found, content.attributes]).toEqual([retries, { 'http.request.resend_count': value }])
  })
})
