import { describe, expect, it } from 'vitest'
import { eachTrace } from '../src/store/each-trace.js'
import { readScores } from '../src/store/judgements.js'
import { json, jsonLines, project, stored } from './project.js'

const request = {
  id: 9001,
  prompt_id: 44,
  prompt_version_number: 7,
  provider_type: 'openai',
  prompt_name: 'weather',
  engine: 'gpt-4.1',
  function_name: 'openai.chat.completions.create',
  input_tokens: 100,
  output_tokens: 10,
  price: 0.5,
  request_start_time: '2026-03-02T10:00:01Z',
  request_end_time: '2026-03-02T10:00:02Z',
}
const trace = {
  success: true,
  trace_id: 'a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6',
  spans: [
    { name: 'answer', span_id: '00000000000000a1', parent_id: null, start_time: '2026-03-02T10:00:00Z' },
    {
      name: 'chat gpt-4.1',
      span_id: '00000000000000a2',
      parent_id: '00000000000000a1',
      request_log_id: 9001,
      start_time: '2026-03-02T10:00:00.900Z',
      attributes: { 'gen_ai.usage.input_tokens': 100, 'gen_ai.usage.output_tokens': 10 },
    },
  ],
}
const files = {
  'request.jsonl': jsonLines([request]),
  'trace.json': JSON.stringify(trace),
  'score.jsonl': jsonLines([{ request_id: 9001, score: 80, name: 'accuracy' }]),
}
const orders = [
  ['request.jsonl', 'trace.json', 'score.jsonl'],
  ['trace.json', 'request.jsonl', 'score.jsonl'],
  ['score.jsonl', 'request.jsonl', 'trace.json'],
  ['score.jsonl', 'trace.json', 'request.jsonl'],
]

describe('a request that comes as a row of the log and as a span of a trace', () => {
  it('is one call with what both say, whichever comes first', async () => {
    for (const order of orders) {
      const cwd = project(files)
      await json(cwd, 'ingest', ...order)
      const { spans, traces, tokens, costUsd, promptVersions, scores } = (await json(cwd, 'data')).total
      expect([order, spans, traces, scores]).toEqual([order, 2, 1, 1])
      expect([tokens.input, tokens.output, costUsd.stated]).toEqual([100, 10, 0.5])
      expect(promptVersions).toEqual([{ name: 'weather', version: '7', spans: 1 }])
      const [call] = stored(cwd, (db) => [...eachTrace(db, 'lantern')]).flatMap((each) => each.spans.slice(1))
      expect(call).toMatchObject({ name: 'chat gpt-4.1', parentId: '00000000000000a1', request: '9001' })
      expect(call?.startMs).toBe(Date.parse('2026-03-02T10:00:00.900Z'))
      const [score] = stored(cwd, (db) => readScores(db, 'lantern'))
      expect(score).toMatchObject({ traceId: trace.trace_id, spanId: '00000000000000a2' })
    }
  })

  it('is not brought again by a file that was read before', async () => {
    for (const order of orders) {
      const cwd = project(files)
      await json(cwd, 'ingest', ...order)
      const again = await json(cwd, 'ingest', ...order)
      expect([order, again.totals.spans, again.totals.scores]).toEqual([
        order,
        { added: 0, updated: 0, unchanged: 3 },
        0,
      ])
      expect((await json(cwd, 'data')).total.spans).toBe(2)
    }
  })

  it('stays by itself where no span names it', async () => {
    const cwd = project({ ...files, 'request.jsonl': jsonLines([{ ...request, id: 9002 }]) })
    await json(cwd, 'ingest', 'request.jsonl', 'trace.json')
    const { spans, traces, tokens } = (await json(cwd, 'data')).total
    expect([spans, traces, tokens.input]).toEqual([3, 2, 200])
  })
})
