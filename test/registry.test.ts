import { describe, expect, it } from 'vitest'
import { eachTrace } from '../src/store/each-trace.js'
import { readFeedback, readScores } from '../src/store/judgements.js'
import { json, jsonLines, project, span, stored } from './project.js'

/** Every order of some files. */
function orders(names: string[]): string[][] {
  if (names.length < 2) return [names]
  return names.flatMap((name) => orders(names.filter((other) => other !== name)).map((rest) => [name, ...rest]))
}

const row = (id: string, more: object = {}) => ({
  id,
  span_id: `span-${id}`,
  root_span_id: 'root-1',
  span_parents: [],
  span_attributes: { name: 'draft', type: 'llm' },
  metrics: { start: 1772445600, end: 1772445601 },
  input: 'hello',
  _xact_id: '1000196050791148460',
  ...more,
})

describe('what a platform tells beside its spans', () => {
  it('names prompts that spans know by their id, whichever file comes first', async () => {
    const request = {
      id: 7,
      engine: 'gpt-4.1',
      provider_type: 'openai',
      prompt_id: 44,
      prompt_version_number: 3,
      request_start_time: '2026-03-02T10:00:00',
      request_end_time: '2026-03-02T10:00:01',
    }
    const registry = {
      items: [{ id: 44, prompt_name: 'greeting', version: 3, prompt_template: {} }],
      page: 1,
      pages: 1,
    }
    for (const order of orders(['requests.jsonl', 'prompts.json'])) {
      const cwd = project({ 'requests.jsonl': jsonLines([request]), 'prompts.json': JSON.stringify(registry) })
      await json(cwd, 'ingest', ...order)
      const { promptVersions } = (await json(cwd, 'data')).total
      expect([order, promptVersions]).toEqual([order, [{ name: 'greeting', version: '3', spans: 1 }]])
      const again = await json(cwd, 'ingest', ...order)
      expect(again.totals.spans).toEqual({ added: 0, updated: 0, unchanged: 1 })
    }
  })

  it('takes out records that the platform has deleted, with what was said of them, whichever comes first', async () => {
    const rows = jsonLines([row('a', { scores: { tone: 0.5 } }), row('b', { scores: { tone: 1 } })])
    const files = {
      'rows.jsonl': rows,
      'gone.jsonl': jsonLines([{ id: 'a', _object_delete: true, project_id: 'p', log_id: 'g' }]),
    }
    for (const order of orders(Object.keys(files))) {
      const cwd = project(files)
      await json(cwd, 'ingest', ...order)
      const spans = stored(cwd, (db) => [...eachTrace(db, 'lantern')].flatMap((trace) => trace.spans))
      const scores = stored(cwd, (db) => readScores(db, 'lantern'))
      expect([order, spans.map(({ spanId }) => spanId), scores.map(({ value }) => value)]).toEqual([
        order,
        ['span-b'],
        [1],
      ])
    }
  })

  it('finds the trace of a judgement that names its span alone, unless several traces have such a span', async () => {
    const files = {
      'spans.jsonl': jsonLines([span('t1', 'aa'), span('t2', 'bb'), span('t3', 'bb')]),
      'scores.jsonl': jsonLines([
        { id: 'x1', span_id: 'aa', name: 'tone', annotator_kind: 'LLM', result: { score: 0.5 } },
        { id: 'x2', span_id: 'bb', name: 'tone', annotator_kind: 'LLM', result: { score: 1 } },
        { id: 'x3', span_id: 'aa', name: 'thumbs', annotator_kind: 'HUMAN', result: { label: 'thumbs-up' } },
      ]),
    }
    for (const order of orders(Object.keys(files))) {
      const cwd = project(files)
      await json(cwd, 'ingest', ...order)
      const scores = stored(cwd, (db) => readScores(db, 'lantern'))
      const traceOf = Object.fromEntries(scores.map(({ value, traceId }) => [value, traceId]))
      expect([order, traceOf]).toEqual([order, { 0.5: 't1', 1: undefined }])
      expect(stored(cwd, (db) => readFeedback(db, 'lantern', 't1')).length).toBe(1)
      const again = await json(cwd, 'ingest', ...order)
      expect([again.totals.scores, again.totals.feedback]).toEqual([0, 0])
    }
  })

  it('lets a row about a whole trace stand in for its root until spans come', async () => {
    const trace = {
      id: 'abc1',
      projectId: 'p',
      name: 'answer',
      timestamp: '2026-03-02T10:00:00.000Z',
      userId: 'u-1',
      sessionId: 's-1',
      tags: [],
      bookmarked: false,
      public: false,
      latency: 2,
    }
    const observation = {
      id: 'def2',
      traceId: 'abc1',
      type: 'GENERATION',
      name: 'draft',
      startTime: '2026-03-02T10:00:00.000Z',
      endTime: '2026-03-02T10:00:01.000Z',
      model: 'gpt-4.1',
      usageDetails: { input: 5, output: 2, total: 7 },
    }
    const files = { 'traces.jsonl': jsonLines([trace]), 'observations.jsonl': jsonLines([observation]) }
    const alone = project(files)
    const { files: reports } = await json(alone, 'ingest', 'traces.jsonl')
    expect([reports[0].spans.added, reports[0].traceRows.added]).toEqual([0, 1])
    expect((await json(alone, 'data')).total).toMatchObject({ traces: 1, spans: 1, roots: 1 })
    for (const order of orders(Object.keys(files))) {
      const cwd = project(files)
      await json(cwd, 'ingest', ...order)
      const { total } = await json(cwd, 'data')
      expect([order, total.spans, total.roots, total.tokens.input]).toEqual([order, 1, 1, 5])
      const [root] = stored(cwd, (db) => [...eachTrace(db, 'lantern')])[0]!.spans
      expect([root!.spanId, root!.user, root!.session]).toEqual(['def2', 'u-1', 's-1'])
    }
  })
})

describe('a row about a whole trace with the id of its root', () => {
  it('fills what the root leaves out, and never takes its place, whichever comes first', async () => {
    const ids = { trace: '0190f3a2-1111-7abc-8def-000000000001', child: '0190f3a2-1111-7abc-8def-000000000002' }
    const [start_time, end_time] = ['2026-03-02T10:00:00', '2026-03-02T10:00:02']
    const run = {
      trace_id: ids.trace,
      session_id: ids.trace,
      start_time,
      end_time,
      status: 'success',
      inputs: { q: 'a' },
    }
    const order = `20260302T100000000000Z${ids.trace}`
    const root = { ...run, id: ids.trace, name: 'answer', run_type: 'chain', dotted_order: order, parent_run_id: null }
    const child = { ...run, id: ids.child, name: 'draft', run_type: 'llm', parent_run_id: ids.trace }
    const fetched = {
      trace_id: ids.trace,
      messages: [{ role: 'user', content: 'hi' }],
      feedback: [],
      metadata: { start_time, end_time, prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 },
    }
    const files = {
      'runs.jsonl': jsonLines([root, { ...child, dotted_order: `${order}.20260302T100000000000Z${ids.child}` }]),
      'fetched.json': JSON.stringify(fetched),
    }
    for (const names of orders(Object.keys(files))) {
      const cwd = project(files)
      await json(cwd, 'ingest', ...names)
      const { spans, roots, orphans, tokens } = (await json(cwd, 'data')).total
      expect([names, spans, roots, orphans, tokens.input]).toEqual([names, 2, 1, 0, null])
      expect((await json(cwd, 'ingest', ...names)).totals.spans).toEqual({ added: 0, updated: 0, unchanged: 2 })
    }
  })
})

describe('names of prompts', () => {
  it('obey the privacy rules like every other text', async () => {
    const secret = `sk-proj-${'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2)}`
    const items = [{ id: 44, prompt_name: `greet ${secret}`, version: 3, prompt_template: {} }]
    const cwd = project({ 'prompts.json': JSON.stringify({ items, page: 1, pages: 1 }) })
    const { files } = await json(cwd, 'ingest', 'prompts.json')
    expect(files[0].redacted).toEqual({ 'api-key': 1 })
    const names = stored(cwd, (db) => db.prepare('SELECT name FROM prompt_name').pluck().all())
    expect(names).toEqual(['greet [redacted:api-key]'])
  })
})

describe('a key that a format is not known to have', () => {
  it('is counted once a record, however many keys of it have no plain name', async () => {
    const odd = { 'k 1': 1, 'k 2': 2, 'k 3': 3, novel: 4 }
    const cwd = project({ 'rows.jsonl': jsonLines([row('a', odd), row('b', odd)]) })
    const { files } = await json(cwd, 'ingest', 'rows.jsonl')
    expect(files[0].unexpected).toEqual([
      { key: '(not a plain name)', records: 2, line: 1 },
      { key: 'braintrust.novel', records: 2, line: 1 },
    ])
  })

  it('costs no more where each record has others', async () => {
    const letters = (n: number) => [...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
    const rows = Array.from({ length: 2000 }, (_, i) =>
      row(`r${i}`, Object.fromEntries(Array.from({ length: 25 }, (_, k) => [`z${letters(i * 25 + k)}`, 1]))),
    )
    const cwd = project({ 'rows.jsonl': jsonLines(rows) })
    const before = performance.now()
    const { files } = await json(cwd, 'ingest', 'rows.jsonl')
    expect([files[0].spans.added, files[0].unexpected.length]).toEqual([2000, 50])
    expect(performance.now() - before).toBeLessThan(4000)
  })
})
