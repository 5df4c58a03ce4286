import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { billingContainers, billingRows } from '../src/formats/billing/rows.js'
import { readBillingLine } from '../src/formats/billing.js'
import { isRow, type Row } from '../src/formats/row.js'
import { readRecords } from '../src/io/records.js'
import { eachBilledLine } from '../src/store/billing.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

/** What is read of one record: lines without what only the store needs, or messages. */
function read(record: object, columns = {}) {
  return billingRows(record as Row).map((row) => {
    if (!isRow(row)) return 'no object'
    const line = readBillingLine(row, columns)
    if (typeof line === 'string') return line
    const { identity: _, mayRepeat: __, ...rest } = line
    return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  })
}

const ms = (iso: string) => Date.parse(iso)
const lines = (cwd: string) => stored(cwd, (db) => [...eachBilledLine(db)])

async function ingest(cwd: string, ...files: string[]) {
  return pilot(cwd, ['ingest', '-q', '--as', 'billing', ...files])
}

describe('a line of a bill', () => {
  it('of OpenRouter is one call, its cost without what an own key paid', () => {
    expect(
      read({
        generation_id: 'gen-1',
        created_at: '2025-08-21 11:44:56.826',
        cost_total: '0.000489',
        cost_cache: '',
        byok_usage_inference: '0.5',
        tokens_prompt: '244',
        tokens_completion: '245',
        tokens_reasoning: '0',
        tokens_cached: '100',
        model_permaslug: 'deepseek/deepseek-chat-v3',
        provider_name: 'Nebius',
      }),
    ).toEqual([
      {
        shape: 'openrouter',
        id: 'gen-1',
        startMs: ms('2025-08-21T11:44:56.826Z'),
        provider: 'openrouter',
        model: 'deepseek/deepseek-chat-v3',
        costUsd: 0.000489,
        calls: 1,
        usage: { input: 244, output: 245, cachedInput: 100, reasoning: 0 },
      },
    ])
  })

  it('of OpenRouter’s activity is a model and a day', () => {
    const day = {
      date: '2025-08-24',
      model: 'openai/gpt-4.1',
      model_permaslug: 'openai/gpt-4.1-2025-04-14',
      endpoint_id: 'e1',
      usage: 0.015,
      byok_usage_inference: 0.012,
      requests: 5,
      prompt_tokens: 50,
      completion_tokens: 125,
      reasoning_tokens: 25,
    }
    expect(read({ data: [day] })).toEqual([
      {
        shape: 'openrouter',
        startMs: ms('2025-08-24'),
        endMs: ms('2025-08-25'),
        provider: 'openrouter',
        model: 'openai/gpt-4.1-2025-04-14',
        costUsd: 0.015,
        calls: 5,
        usage: { input: 50, output: 125, reasoning: 25 },
      },
    ])
  })

  it('of OpenAI’s usage API is a result in a bucket, whose input includes the cache', () => {
    const result = {
      object: 'organization.usage.completions.result',
      input_tokens: 1000,
      output_tokens: 500,
      input_cached_tokens: 800,
      num_model_requests: 5,
      model: 'gpt-4o-2024-08-06',
      project_id: null,
    }
    const bucket = { object: 'bucket', start_time: 1730419200, end_time: 1730505600, results: [result] }
    expect(read({ object: 'page', data: [bucket], has_more: false })).toEqual([
      {
        shape: 'openai usage',
        startMs: ms('2024-11-01'),
        endMs: ms('2024-11-02'),
        provider: 'openai',
        model: 'gpt-4o-2024-08-06',
        calls: 5,
        usage: { input: 1000, output: 500, cachedInput: 800 },
      },
    ])
  })

  it('of OpenAI’s costs names its model in front of the comma of its line item, and has no tokens', () => {
    const cost = (line_item: string | null, value: number | string) => ({
      object: 'organization.costs.result',
      amount: { value, currency: 'usd' },
      line_item,
    })
    const bucket = {
      object: 'bucket',
      start_time: 1730419200,
      end_time: 1730505600,
      results: [cost('gpt-4o-2024-08-06, input', 0.06), cost('Web search tool calls', '2.25'), cost(null, -1)],
    }
    expect(read({ object: 'page', data: [bucket] })).toMatchObject([
      { shape: 'openai costs', model: 'gpt-4o-2024-08-06', costUsd: 0.06 },
      { costUsd: 2.25 },
      { costUsd: -1 },
    ])
    expect(read({ object: 'page', data: [bucket] })[1]).not.toHaveProperty('model')
    expect(read({ object: 'page', data: [bucket] })[0]).not.toHaveProperty('calls')
  })

  it('of OpenAI’s dashboard is the same line as that of the API', () => {
    const usage = { input_tokens: 7, output_tokens: 2, num_model_requests: 3 }
    const api = {
      object: 'organization.usage.completions.result',
      start_time: 1761523200,
      end_time: 1761523260,
      ...usage,
      project_id: 'proj_1',
      model: 'gpt-4o',
      batch: false,
      user_id: null,
    }
    const csv = {
      start_time: '1761523200',
      end_time: '1761523260',
      start_time_iso: '2025-10-27T00:00:00+00:00',
      end_time_iso: '2025-10-27T00:01:00+00:00',
      project_id: 'proj_1',
      project_name: 'Answers',
      num_model_requests: '3.0',
      user_id: '',
      model: 'gpt-4o',
      batch: 'False',
      input_tokens: '7.0',
      output_tokens: '2.0',
    }
    expect(readBillingLine(csv, {})).toEqual(readBillingLine(api, {}))
  })

  it('of Anthropic’s usage has the cache added to an input that excludes it', () => {
    const expected = { input: 1500 + 200 + 1000 + 500, output: 500, cachedInput: 200, cacheWrite: 1500 }
    const api = {
      uncached_input_tokens: 1500,
      cache_creation: { ephemeral_1h_input_tokens: 1000, ephemeral_5m_input_tokens: 500 },
      cache_read_input_tokens: 200,
      output_tokens: 500,
      server_tool_use: { web_search_requests: 10 },
      model: 'claude-opus-4-6',
    }
    const bucket = { starting_at: '2025-08-01T00:00:00Z', ending_at: '2025-08-02T00:00:00Z', results: [api] }
    const time = { startMs: ms('2025-08-01'), endMs: ms('2025-08-02'), provider: 'anthropic' }
    expect(read({ data: [bucket], has_more: false })).toEqual([
      { shape: 'anthropic usage', ...time, model: 'claude-opus-4-6', usage: expected },
    ])
    const console = {
      usage_date_utc: '2025-08-01',
      model_version: 'claude-opus-4-6',
      usage_input_tokens_no_cache: '1500',
      usage_input_tokens_cache_write_5m: '500',
      usage_input_tokens_cache_write_1h: '1000',
      usage_input_tokens_cache_read: '200',
      usage_output_tokens: '500',
      web_search_count: '10',
    }
    expect(read(console)).toEqual([{ shape: 'anthropic usage', ...time, model: 'claude-opus-4-6', usage: expected }])
  })

  it('of Anthropic’s cost report states cents by the API and dollars in the Console’s CSV', () => {
    const bucket = {
      starting_at: '2025-08-01T00:00:00Z',
      ending_at: '2025-08-02T00:00:00Z',
      results: [{ amount: '123.45', currency: 'USD', cost_type: 'tokens', model: 'claude-opus-4-6' }],
    }
    expect(read({ data: [bucket] })).toMatchObject([{ shape: 'anthropic cost', costUsd: 1.2345 }])
    const console = { usage_date_utc: '2025-08-01', model: 'Claude Haiku 4.5', token_type: 'output', cost_usd: '0.13' }
    expect(read(console)).toMatchObject([{ shape: 'anthropic cost', costUsd: 0.13, endMs: ms('2025-08-02') }])
  })

  it('of LiteLLM’s daily activity is a model, a key and a day', () => {
    const metrics = (spend: number, api_requests: number) => ({
      spend,
      api_requests,
      prompt_tokens: 100,
      completion_tokens: 10,
      cache_read_input_tokens: 0,
      cache_creation_input_tokens: 0,
      total_tokens: 110,
    })
    const day = {
      date: '2025-03-27',
      metrics: metrics(3, 6),
      breakdown: {
        models: {
          'gpt-4o': {
            metrics: metrics(3, 6),
            api_key_breakdown: { k1: { metrics: metrics(1, 2) }, k2: { metrics: metrics(2, 4) } },
          },
        },
        providers: { openai: { metrics: metrics(3, 6) } },
      },
    }
    const usage = { input: 100, output: 10, cachedInput: 0, cacheWrite: 0 }
    const line = { shape: 'litellm', startMs: ms('2025-03-27'), endMs: ms('2025-03-28'), model: 'gpt-4o', usage }
    expect(read({ results: [day], metadata: { page: 1 } })).toEqual([
      { ...line, costUsd: 1, calls: 2 },
      { ...line, costUsd: 2, calls: 4 },
    ])
  })

  it('of Portkey states cents', () => {
    const row = { id: 'a', created_at: '2026-03-02T10:00:00Z', ai_org: 'openai', ai_model: 'gpt-4o', req_units: 10 }
    expect(read({ ...row, res_units: 5, cost: 0.25, cost_currency: 'USD' })).toEqual([
      {
        shape: 'portkey',
        id: 'a',
        startMs: ms('2026-03-02T10:00:00Z'),
        provider: 'openai',
        model: 'gpt-4o',
        costUsd: 0.0025,
        calls: 1,
        usage: { input: 10, output: 5 },
      },
    ])
  })

  it('of Helicone is read by its usual columns', () => {
    const row = {
      provider: 'OPENAI',
      request_id: 'r1',
      request_created_at: '2026-03-02T10:00:00Z',
      response_model: 'gpt-4o-2024-08-06',
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      costUSD: 0.01,
    }
    expect(read(row)).toMatchObject([
      { shape: 'other', id: 'r1', calls: 1, costUsd: 0.01, usage: { input: 10, output: 5 } },
    ])
  })

  it('of any export is read by mapped columns, which go before what it looks like', () => {
    const row = { generation_id: 'g', cost_total: '9', when: '2026-03-02', price: { usd: '$0.5' } }
    expect(read(row, { time: 'when', cost_usd: 'price.usd' })).toEqual([
      { shape: 'other', id: 'g', startMs: ms('2026-03-02'), endMs: ms('2026-03-03'), calls: 1, costUsd: 0.5 },
    ])
  })

  const time = { time: '2026-03-02T10:00:00Z' }
  it.each<[what: string, row: object, message: string]>([
    ['no time', { cost: 1 }, 'no time: expected a column time, timestamp, created_at …'],
    ['a time that is none', { time: 'soon', cost: 1 }, 'time: expected ISO 8601 or an epoch number'],
    ['no figure', { ...time, id: 'a', model: 'm' }, 'no figure: neither a cost nor tokens nor calls'],
    [
      'another currency',
      { ...time, cost: 1, currency: 'EUR' },
      'the currency is not USD: costs are compared in US dollars only',
    ],
    ['a cost with a comma', { ...time, cost: '0,0017' }, 'cost: expected a number of US dollars'],
    ['a cost that is infinite', { ...time, cost: '1e400' }, 'cost: expected a number of US dollars'],
    ['negative tokens', { ...time, prompt_tokens: -1 }, 'prompt_tokens: expected a number from 0 on'],
  ])('with %s is a problem', (_, row, message) => {
    expect(read(row)).toEqual([message])
  })

  it('in a list that is no object is a stray', () => {
    expect(read({ data: [{ ...time, cost: 1 }, 7] })).toMatchObject([{ costUsd: 1 }, 'no object'])
  })

  it('in another currency without a cost still has its tokens', () => {
    expect(read({ ...time, currency: 'EUR', prompt_tokens: 3 })).toMatchObject([{ usage: { input: 3 } }])
  })

  it('never throws, whatever a row holds', () => {
    const keys = fc.constantFrom(
      ...['object', 'data', 'results', 'amount', 'metadata', 'breakdown', 'metrics', 'date', 'spend', 'api_requests'],
      ...['starting_at', 'start_time', 'num_model_requests', '__proto__', 'constructor', 'cost', 'time', 'line_item'],
    )
    const rows = fc.dictionary(keys, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 8 })
    fc.assert(
      fc.property(rows, (row) => void read(JSON.parse(JSON.stringify(row)))),
      { numRuns: 500 },
    )
  })
})

describe('ingest of a bill', () => {
  const header = 'generation_id,created_at,cost_total,tokens_prompt,tokens_completion,model_permaslug\n'
  const call = (id: string) => `${id},2026-03-02 10:00:00,0.001,10,5,openai/gpt-4o\n`

  it('of an empty file is refused, and so is a header alone', async () => {
    const cwd = project({ 'empty.csv': '', 'header.csv': header })
    expect(await ingest(cwd, 'empty.csv', 'header.csv')).toEqual({
      code: 3,
      out: '',
      err: `error empty.csv is empty.
Export it again.
error header.csv holds no usable row: it has none.
Map its columns in pilot.yaml under inputs.billing.columns.
`,
    })
    expect(await json(cwd, 'data')).toMatchObject({ sources: [], total: { billing: 0 } })
  })

  it('twice, and of exports that overlap, counts each line once', async () => {
    const cwd = project({
      'a.csv': header + call('g1') + call('g2'),
      'b.csv': header + call('g2') + call('g3'),
    })
    await ingest(cwd, 'a.csv')
    const { totals } = await json(cwd, 'ingest', '--as', 'billing', 'a.csv', 'b.csv')
    expect(totals.billing).toEqual({ added: 1, updated: 0, unchanged: 3 })
    expect(lines(cwd).map(({ id }) => id)).toEqual(['g1', 'g2', 'g3'])
  })

  it('tells a bad row by its line and goes on, and quotes nothing of it', async () => {
    const cwd = project({
      'bill.csv':
        'time,model,cost,currency\n2026-03-02T10:00:00Z,m,1,EUR-canary\n,m,2,USD\n2026-03-02T10:00:00Z,m,,USD\n2026-03-02T10:00:00Z,m,4,USD\n',
    })
    expect(await ingest(cwd, 'bill.csv')).toEqual({
      code: 0,
      out: 'bill.csv: csv, 4 records\n  billed lines: 1 added, 0 updated, 0 unchanged\n',
      err: `problem bill.csv:2: the currency is not USD: costs are compared in US dollars only
problem bill.csv:3: no time: expected a column time, timestamp, created_at …
problem bill.csv:4: no figure: neither a cost nor tokens nor calls
`,
    })
    expect((await pilot(cwd, ['ingest', '--strict', '--as', 'billing', 'bill.csv'])).code).toBe(1)
  })

  it('keeps two equal calls without an id apart, however often the file comes', async () => {
    const row = '2026-03-02T10:00:00Z,gpt-4o,0.5\n'
    const cwd = project({
      'bill.csv': `time,model,cost\n${row}${row}`,
      'longer.csv': `time,model,cost\n${row}${row}${row}`,
    })
    await ingest(cwd, 'bill.csv')
    await ingest(cwd, 'bill.csv')
    expect(lines(cwd)).toHaveLength(2)
    await ingest(cwd, 'longer.csv', 'bill.csv', 'longer.csv')
    expect(lines(cwd)).toHaveLength(3)
  })

  it('takes the larger figures of a bucket that was exported before it was over, in either order', async () => {
    const page = (requests: number, value: number) => ({
      object: 'page',
      data: [
        {
          object: 'bucket',
          start_time: 1772409600,
          end_time: 1772496000,
          results: [
            {
              object: 'organization.usage.completions.result',
              model: 'm',
              num_model_requests: requests,
              input_tokens: 1,
              output_tokens: 1,
            },
            { object: 'organization.costs.result', line_item: 'm, input', amount: { value, currency: 'usd' } },
          ],
        },
      ],
    })
    const files = { 'early.json': JSON.stringify(page(3, -1)), 'late.json': JSON.stringify(page(8, -2)) }
    for (const order of [
      ['early.json', 'late.json'],
      ['late.json', 'early.json'],
    ]) {
      const cwd = project(files)
      await ingest(cwd, ...order)
      expect(
        lines(cwd)
          .map(({ calls, costUsd }) => calls ?? costUsd)
          .sort(),
      ).toEqual([-2, 8])
    }
  })

  it('knows the bucket of every sort of export again when it has grown, and keeps others apart', async () => {
    const openrouter = (grown: number) => ({
      data: [
        {
          date: '2026-03-02',
          model: 'm',
          model_permaslug: 'm',
          endpoint_id: 'e',
          provider_name: 'P',
          usage: grown,
          byok_usage_inference: grown,
          requests: grown,
          prompt_tokens: grown,
          completion_tokens: grown,
          reasoning_tokens: grown,
        },
      ],
    })
    const litellm = (grown: number) => {
      const metrics = {
        spend: grown,
        prompt_tokens: grown,
        completion_tokens: grown,
        total_tokens: grown,
        api_requests: grown,
        successful_requests: grown,
        failed_requests: grown,
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 0,
      }
      return {
        results: [{ date: '2026-03-02', metrics, breakdown: { models: { m: { metrics, api_key_breakdown: {} } } } }],
      }
    }
    const anthropic = (grown: number) => ({
      data: [
        {
          starting_at: '2026-03-02T00:00:00Z',
          ending_at: '2026-03-03T00:00:00Z',
          results: [
            ...['tokens', 'web_search'].map((cost_type) => ({
              amount: String(grown),
              currency: 'USD',
              cost_type,
              model: null,
            })),
            {
              uncached_input_tokens: grown,
              cache_creation: { ephemeral_5m_input_tokens: grown },
              cache_read_input_tokens: grown,
              output_tokens: grown,
              server_tool_use: { web_search_requests: grown },
              model: 'm',
              service_tier: 'standard',
            },
          ],
        },
      ],
    })
    for (const [page, count] of [
      [openrouter, 1],
      [litellm, 1],
      [anthropic, 3],
    ] as const) {
      const cwd = project({ 'early.json': JSON.stringify(page(1)), 'late.json': JSON.stringify(page(5)) })
      await ingest(cwd, 'early.json', 'late.json')
      expect(lines(cwd).map(({ costUsd, usage }) => costUsd ?? usage?.output)).toHaveLength(count)
      const { totals } = await json(cwd, 'ingest', '--as', 'billing', 'early.json', 'late.json')
      expect(totals.billing).toEqual({ added: 0, updated: 0, unchanged: 2 * count })
    }
  })

  it('keeps rows of the Console’s CSV apart that differ in their sort of cost alone', async () => {
    const rows = ['token', 'code_execution'].map((type) => `2026-03-02,Claude Haiku 4.5,output,0.13,${type}\n`)
    const cwd = project({ 'cost.csv': `usage_date_utc,model,token_type,cost_usd,cost_type\n${rows.join('')}` })
    await ingest(cwd, 'cost.csv')
    expect(lines(cwd)).toHaveLength(2)
  })

  it('skips and counts buckets in which nothing was billed, of the API and of the dashboard', async () => {
    const cwd = project({
      'page.json': JSON.stringify({
        object: 'page',
        data: [{ object: 'bucket', start_time: 1, end_time: 2, results: [] }],
      }),
      'usage.csv':
        'start_time,end_time,start_time_iso,end_time_iso\n1735689600,1735776000,2025-01-01T00:00:00+00:00,2025-01-02T00:00:00+00:00\n',
    })
    const { files } = await json(cwd, 'ingest', '--as', 'billing', 'page.json', 'usage.csv')
    for (const { skipped, problems, state } of files)
      expect([skipped, problems, state]).toEqual([{ 'bucket in which nothing was billed': 1 }, [], 'complete'])
  })

  it('of a page too large to hold splits it, each result with the times of its bucket', async () => {
    const bucket = (day: number) => ({
      object: 'bucket',
      start_time: 1772409600 + day * 86_400,
      end_time: 1772496000 + day * 86_400,
      results: Array.from({ length: 20 }, (_, i) => ({
        object: 'organization.costs.result',
        line_item: `m${i}, input`,
        amount: { value: 1, currency: 'usd' },
      })),
    })
    const text = JSON.stringify({ object: 'page', data: [0, 1, 2].map(bucket), has_more: false })
    async function* chunks() {
      yield Buffer.from(text)
    }
    const found: unknown[] = []
    const records = readRecords(chunks(), { containers: billingContainers, maxRecordBytes: 1000 })
    for await (const batch of records.batches)
      for (const framed of batch) found.push(...('value' in framed ? read(framed.value as object) : [framed.problem]))
    expect(found).toEqual(read(JSON.parse(text)))
    expect(found).toHaveLength(60)
  })

  it('keeps no name of a key or user, and redacts a secret in a model', async () => {
    const secret = ['sk', 'ant', 'api03', `${'a'.repeat(93)}AA`].join('-')
    const cwd = project({
      'bill.jsonl': jsonLines([{ time: '2026-03-02T10:00:00Z', cost: 1, model: secret, api_key_name: 'jane-canary' }]),
    })
    await ingest(cwd, 'bill.jsonl')
    expect(lines(cwd).map(({ model }) => model)).toEqual(['[redacted:api-key]'])
    const bytes = readFileSync(`${cwd}/.pilot/pilot.db`, 'latin1')
    expect([bytes.includes('jane-canary'), bytes.includes(secret)]).toEqual([false, false])
  })

  it('is counted by pilot data, in all and for the source that brought it', async () => {
    const cwd = project({ 'a.csv': header + call('g1') + call('g2'), 't.jsonl': jsonLines([span('t', '1')]) })
    await ingest(cwd, 'a.csv')
    await pilot(cwd, ['ingest', '-q', 't.jsonl'])
    const { total, sources, platforms } = await json(cwd, 'data')
    expect([total.billing, platforms[0].billing]).toEqual([2, 0])
    expect(sources.map(({ path, billing }: { path: string; billing: number }) => [path, billing])).toEqual([
      ['a.csv', 2],
      ['t.jsonl', 0],
    ])
    expect((await pilot(cwd, ['data'])).out).toContain('  - lines of bills: 2\n')
  })

  it('under changed privacy rules takes out what the file brought, and reads it again', async () => {
    const cwd = project({ 'a.csv': header + call('g1') })
    await ingest(cwd, 'a.csv')
    appendFileSync(`${cwd}/pilot.yaml`, "capture:\n  privacy:\n    - { match: 'gpt', do: redact }\n")
    await ingest(cwd, 'a.csv')
    expect(lines(cwd).map(({ model }) => model)).toEqual(['openai/[redacted:match]-4o'])
  })
})

const samples = new URL('../../shared/samples/', import.meta.url)

describe.skipIf(!existsSync(samples))('real bills (../shared/samples)', () => {
  const path = (name: string) => new URL(name, samples).pathname

  it('of OpenRouter has 139 calls, $0.149515, 103,335 tokens in and 92,989 out', async () => {
    const cwd = project({})
    await ingest(cwd, path('phoenix/openrouter-billing.csv'))
    const all = lines(cwd)
    const sum = (value: (line: (typeof all)[number]) => number | undefined) =>
      all.reduce((total, line) => total + (value(line) ?? 0), 0)
    expect(all).toHaveLength(139)
    expect(sum(({ costUsd }) => costUsd)).toBeCloseTo(0.149515, 10)
    expect([sum(({ calls }) => calls), sum(({ usage }) => usage?.input), sum(({ usage }) => usage?.output)]).toEqual([
      139, 103_335, 92_989,
    ])
  })

  it('of LiteLLM’s spend log is its one call', async () => {
    const cwd = project({})
    await ingest(cwd, path('litellm/spend_logs_payload.json'))
    expect(lines(cwd)).toMatchObject([
      {
        shape: 'litellm',
        id: 'chatcmpl-2283081b-dc89-41f6-93e6-d4f914774027',
        startMs: Date.UTC(2025, 0, 24, 9, 20, 46, 847) + 0.371,
        provider: 'openai',
        model: 'gpt-4o',
        costUsd: 0.00022500000000000002,
        calls: 1,
        usage: { input: 10, output: 20 },
      },
    ])
  })
})
