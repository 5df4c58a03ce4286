import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { BilledLine } from '../src/core/billing.js'
import { createPricer } from '../src/core/prices.js'
import { groupModels } from '../src/core/reconcile/model-groups.js'
import { type Reconciliation, reconcile } from '../src/core/reconcile.js'
import type { Trace, TraceSpan } from '../src/core/trace.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { traceOf } from './trace-of.js'

// Two dollars a million in, eight a million out: 1000 in and 100 out are $0.0028.
const price = createPricer([{ model: 'm', input_per_million: 2, output_per_million: 8 }])
const at = (time: string) => Date.parse(`2026-03-02T${time}Z`)
const hour = 3_600_000

/** A model call of `m` that takes a second. */
function call(spanId: string, time: string, more: Partial<TraceSpan> = {}): TraceSpan {
  const startMs = at(time)
  return traceOf([
    {
      spanId,
      kind: 'llm',
      requestModel: 'm',
      startMs,
      endMs: startMs + 1000,
      usage: { input: 1000, output: 100 },
      ...more,
    },
  ]).spans[0]!
}

/** A line that bills one call of `m`. */
function billed(id: string | undefined, time: string, more: Partial<BilledLine> = {}): BilledLine {
  return {
    shape: 'other',
    id,
    startMs: at(time),
    model: 'm',
    calls: 1,
    costUsd: 0.0028,
    usage: { input: 1000, output: 100 },
    ...more,
  }
}

/** A line that bills the whole day. */
function bucket(more: Partial<BilledLine> = {}): BilledLine {
  return { shape: 'other', startMs: at('00:00:00'), endMs: at('00:00:00') + 24 * hour, model: 'm', ...more }
}

const traceWith = (...spans: TraceSpan[]): Trace => ({ platform: 'a', traceId: 't1', spans })

function run(lines: readonly BilledLine[], traces: readonly Trace[], more: { mostCalls?: number } = {}) {
  return reconcile({ readBill: () => lines, traces, price, idsOf: ({ spanId }) => [spanId], ...more })
}

function measured(...input: Parameters<typeof run>): Reconciliation {
  const result = run(...input)
  if ('notMeasured' in result) throw new Error(result.notMeasured)
  return result
}

/** The reasons by kind: calls and dollars. */
const sizes = ({ reasons }: Reconciliation) =>
  Object.fromEntries(reasons.map(({ kind, calls, costUsd }) => [kind, [calls, round(costUsd)]]))
const round = (usd: number | undefined) => (usd === undefined ? undefined : Number(usd.toFixed(9)))

describe('a bill and traces', () => {
  it('that call a model differently are explained once, where the id tells that it is the same call', () => {
    const traces = [traceWith(call('c1', '10:00:00', { requestModel: 'my-deployment', costUsd: 0.002 }))]
    const result = measured([billed('c1', '10:00:00', { costUsd: 0.003 })], traces)
    expect(sizes(result)).toEqual({ 'other price': [1, 0.001] })
    expect([round(result.gapUsd), round(result.restUsd)]).toEqual([0.001, 0])
  })

  it('of which one is missing are not measured', () => {
    expect(run([], [traceWith(call('c1', '10:00:00'))])).toEqual({
      notMeasured: 'Nothing billed was ingested: pilot ingest --as billing <export> brings it.',
    })
    const plumbing = traceOf([{ spanId: 's', kind: 'other', startMs: 0 }])
    for (const traces of [[], [plumbing]])
      expect(run([billed('c1', '10:00:00')], traces)).toEqual({
        notMeasured: 'No traced span is a model call, or states tokens or a cost: pilot ingest <export> brings them.',
      })
  })

  it('that match exactly differ by nothing, for no reason', () => {
    const result = measured([billed('c1', '10:00:00')], [traceWith(call('c1', '10:00:00'))])
    expect(result).toMatchObject({
      differenceUsd: 0,
      share: 0,
      gapUsd: 0,
      restUsd: 0,
      reasons: [],
      mapped: [],
      doubtful: [],
      matching: { singleCalls: 1, by: { id: 1, 'time and tokens': 0, time: 0 } },
      tokens: [
        { kind: 'input', billed: 1000, traced: 1000 },
        { kind: 'output', billed: 100, traced: 100 },
      ],
    })
    expect(result.rows).toMatchObject([{ model: 'm', day: '2026-03-02', billed: { calls: 1 }, traced: { calls: 1 } }])
  })

  it('put each billed dollar under one reason', () => {
    const lines = [
      billed('before', '09:00:00', { costUsd: 0.5 }),
      billed('same', '10:00:00'),
      billed('dearer', '10:10:00', { costUsd: 0.0038 }),
      billed('longer', '10:20:00', { costUsd: 0.0068, usage: { input: 3000, output: 100 } }),
      billed('lost', '10:25:00', { costUsd: 0.25 }),
      billed('unknown', '10:26:00', { model: 'other', costUsd: 0.125 }),
      billed('nameless', '10:27:00', { model: undefined, costUsd: 0.0625 }),
      billed('silent', '10:30:00', { costUsd: 0.03125 }),
      billed('free', '10:40:00', { model: 'house', costUsd: 0.015 }),
    ]
    const spans = [
      call('same', '10:00:00'),
      call('dearer', '10:10:00'),
      call('longer', '10:20:00'),
      call('silent', '10:30:00', { usage: undefined }),
      call('free', '10:40:00', { requestModel: 'house' }),
      call('extra', '10:50:00'),
      call('failed', '10:55:00', { usage: undefined, status: 'error' }),
      call('local', '11:00:00', { requestModel: 'local', costUsd: 0.004 }),
    ]
    const result = measured(lines, [traceWith(...spans)])
    expect(sizes(result)).toEqual({
      'outside time': [1, 0.5],
      'bill names no model': [1, 0.0625],
      'never traced': [1, 0.125],
      'no traced call': [1, 0.25],
      'silent calls': [1, 0.03125],
      'unpriced calls': [1, 0.015],
      'other tokens': [1, 0.004],
      'other price': [1, 0.001],
      'not on the bill': [1, -0.0028],
      'never billed': [1, -0.004],
    })
    expect(result.restUsd).toBe(0)
    expect(result.tokens[0]).toEqual({ kind: 'input', billed: 1000 + 1000 + 3000 + 1000, traced: 4000 })
  })

  it('in buckets leave as rest what no reason sizes, and count the calls', () => {
    const line = bucket({ calls: 3, costUsd: 0.01, usage: { input: 3000, output: 300, cachedInput: 50 } })
    const result = measured([line], [traceWith(call('c1', '10:00:00'), call('c2', '10:01:00'))])
    expect(sizes(result)).toEqual({ 'beyond time': [3, undefined], 'more calls billed': [1, undefined] })
    expect([round(result.gapUsd), round(result.restUsd)]).toEqual([0.0044, 0.0044])
    expect(result.notMatched).toBe('the bill has no line of a single call')
    expect(result.tokens).toEqual([
      { kind: 'input', billed: 3000, traced: 2000 },
      { kind: 'output', billed: 300, traced: 200 },
    ])
  })

  it('know nothing of a difference where one side states no cost', () => {
    const silent = measured([billed('c1', '10:00:00')], [traceWith(call('c1', '10:00:00', { usage: undefined }))])
    expect([silent.differenceUsd, silent.gapUsd, silent.restUsd]).toEqual([undefined, 0.0028, 0])
    const usage = measured([bucket({ calls: 1 })], [traceWith(call('c1', '10:00:00'))])
    expect([usage.differenceUsd, usage.gapUsd, usage.restUsd]).toEqual([undefined, undefined, undefined])
  })

  it('are compared by UTC day, and a line of several days by none', () => {
    const midnight = at('00:00:00') + 24 * hour
    const lines = [
      bucket({ costUsd: 1 }),
      bucket({ startMs: midnight, endMs: midnight + 24 * hour, costUsd: 2 }),
      bucket({ endMs: midnight + 1, costUsd: 4 }),
    ]
    const spans = [
      call('c1', '23:59:59', { startMs: midnight - 0.001, endMs: midnight + 500 }),
      call('c2', '00:00:00', { startMs: midnight, endMs: midnight + 1000 }),
    ]
    const { rows } = measured(lines, [traceWith(...spans)])
    expect(rows.map(({ day, billed, traced }) => [day, billed?.costUsd, traced?.calls])).toEqual([
      ['2026-03-02', 1, 1],
      ['2026-03-03', 2, 1],
      [undefined, 4, undefined],
    ])
  })

  it('at the very edge of the traces’ time are inside it', () => {
    const spans = [call('c1', '10:00:00', { usage: undefined }), call('c2', '10:00:05', { usage: undefined })]
    const far = (time: string, costUsd: number) => billed(undefined, time, { model: 'else', costUsd })
    const lines = [far('09:59:59.999', 1), far('10:00:00', 2), far('10:00:06', 4), far('10:00:06.001', 8)]
    expect(sizes(measured(lines, [traceWith(...spans)]))).toMatchObject({
      'outside time': [2, 9],
      'never traced': [2, 6],
    })
    const ending = bucket({ endMs: at('10:00:00'), costUsd: 1 })
    expect(sizes(measured([ending], [traceWith(...spans)]))).toMatchObject({ 'outside time': [undefined, 1] })
  })

  it('of a bill that names no model are compared by day alone', () => {
    const result = measured(
      [bucket({ model: undefined, calls: 2, costUsd: 0.0056 })],
      [traceWith(call('c1', '10:00:00'), call('c2', '10:00:00', { requestModel: 'house', costUsd: 0.0028 }))],
    )
    expect([result.ignoresModels, result.rows.length, result.differenceUsd]).toEqual([true, 1, 0])
    expect(sizes(result)).toEqual({ 'beyond time': [2, undefined] })
  })

  it('take what answered, not what was asked, and count a wrapper and a parent’s tokens once', () => {
    const usage = { input: 1000, output: 100 }
    const spans = traceOf([
      { spanId: 'agent', kind: 'agent', startMs: at('10:00:00'), usage },
      { spanId: 'wrapper', parentId: 'agent', kind: 'llm', requestModel: 'alias', startMs: at('10:00:00'), usage },
      {
        spanId: 'c1',
        parentId: 'wrapper',
        kind: 'llm',
        requestModel: 'alias',
        responseModel: 'm',
        startMs: at('10:00:00'),
        usage,
      },
      {
        spanId: 'embed',
        parentId: 'agent',
        kind: 'embedding',
        requestModel: 'e',
        startMs: at('10:00:01'),
        usage: { input: 7 },
      },
    ])
    const { traced, rows } = measured([billed('c1', '10:00:00')], [spans])
    expect([traced.calls, traced.tokens.input]).toEqual([2, 1007])
    expect(rows.map(({ model, traced }) => [model, traced?.calls])).toEqual([
      ['m', 1],
      ['e', 1],
    ])
  })

  it('say when several sorts of bill state costs of one model and day', () => {
    const lines = [
      bucket({ costUsd: 1 }),
      bucket({ shape: 'litellm', costUsd: 1 }),
      bucket({ shape: 'openai usage', calls: 1 }),
    ]
    expect(measured(lines, [traceWith(call('c1', '10:00:00'))]).doubtful).toEqual([
      { model: 'm', day: '2026-03-02', shapes: ['litellm', 'other'] },
    ])
  })
})

describe('calls without a common id', () => {
  it('are matched by the nearest time with equal tokens, each once', () => {
    const spans = [
      call('a', '10:00:00'),
      call('b', '10:00:10', { usage: { input: 500, output: 100 } }),
      call('c', '10:00:20'),
    ]
    const lines = [
      billed('x', '10:00:19', { costUsd: 1 }),
      billed('y', '10:00:20', { usage: { input: 500, output: 100 } }),
      billed('z', '10:00:21'),
      billed('w', '10:00:22'),
    ]
    const result = measured(lines, [traceWith(...spans)])
    expect(result.matching?.by).toEqual({ id: 0, 'time and tokens': 3, time: 0 })
    expect(sizes(result)['outside time']).toEqual([1, 0.0028])
  })

  it('are matched by time alone within two seconds where one side states no tokens', () => {
    const spans = [call('a', '10:00:00', { usage: undefined }), call('b', '10:30:00', { usage: undefined })]
    const lines = [billed('x', '10:00:03'), billed('y', '10:30:03.001')]
    const result = measured(lines, [traceWith(...spans)])
    expect(result.matching?.by).toEqual({ id: 0, 'time and tokens': 0, time: 1 })
    expect(sizes(result)['silent calls']).toEqual([2, 0.0028])
  })

  it('are not matched across models, nor farther than a minute', () => {
    const spans = [call('a', '10:00:00', { requestModel: 'n' }), call('b', '10:10:00'), call('c', '10:20:00')]
    const result = measured([billed('x', '10:00:00'), billed('y', '10:11:01.001')], [traceWith(...spans)])
    expect(result.matching?.by).toEqual({ id: 0, 'time and tokens': 0, time: 0 })
  })

  it('leave the call that another line names to that line', () => {
    const lines = [billed('x', '10:00:00'), billed('a', '10:00:01', { costUsd: 0.0038 })]
    const result = measured(lines, [traceWith(call('a', '10:00:00'), call('late', '10:30:00', { usage: undefined }))])
    expect(sizes(result)).toMatchObject({ 'other price': [1, 0.001], 'no traced call': [1, 0.0028] })
  })

  it('are not matched beyond what can be kept, which is said', () => {
    const result = measured([billed('a', '10:00:00')], [traceWith(call('a', '10:00:00'), call('b', '10:00:01'))], {
      mostCalls: 1,
    })
    expect([result.matching, result.notMatched]).toEqual([
      undefined,
      'more than 1 calls were traced: too many to match one by one',
    ])
  })
})

describe('model names', () => {
  const groups = (billed: string[], traced: string[]) =>
    groupModels(billed, traced).map((group) => [group.billed, group.traced, group.isInferred])

  it.each([
    ['deepseek/deepseek-chat-v3', 'deepseek/deepseek-chat'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['Claude Haiku 4.5', 'claude-haiku-4-5-20251001'],
    ['anthropic/claude-3.5-sonnet', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0'],
    ['meta-llama/llama-3.3-70b-instruct:free', 'llama-3.3-70b-instruct'],
  ])('%s and %s are taken for one, as inferred', (a, b) => {
    expect(groups([a], [b])).toEqual([[[a], [b], true]])
  })

  it.each([
    ['gpt-4o', 'gpt-4o-mini'],
    ['deepseek-chat-v3', 'deepseek-chat-v3.1'],
    ['gpt-4.1', 'gpt-4'],
  ])('%s and %s are two', (a, b) => {
    expect(groups([a], [b])).toEqual([
      [[a], [], false],
      [[], [b], false],
    ])
  })

  it('that are equal are no inference, and dated versions that both sides name stay apart', () => {
    expect(groups(['m'], ['m'])).toEqual([[['m'], ['m'], false]])
    const dated = ['gpt-4o-2024-05-13', 'gpt-4o-2024-08-06']
    expect(groups(dated, [...dated, 'gpt-4o'])).toEqual([
      [[dated[0]], [dated[0]], false],
      [[dated[1]], [dated[1]], false],
      [[], ['gpt-4o'], false],
    ])
  })
})

describe('pilot cost --reconcile', () => {
  const bill = 'time,id,model,cost,input_tokens,output_tokens\n'
  const traced = { kind: 'llm', model: 'gpt-4.1', provider: 'openai', end: '2026-03-02T10:00:02Z' }
  const usage = { input_tokens: 1000, output_tokens: 100 }

  it('without a bill, and without traces, is not measured and exits 0', async () => {
    const cwd = project({ 't.jsonl': jsonLines([span('t', '1', { ...traced, usage })]) })
    await pilot(cwd, ['ingest', '-q', 't.jsonl'])
    expect(await pilot(cwd, ['cost', '--reconcile', '-q'])).toEqual({
      code: 0,
      out: `Bill against traces, US dollars per UTC day and model
  - not measured. Nothing billed was ingested: pilot ingest --as billing <export> brings it.
`,
      err: '',
    })
    const other = project({ 'b.csv': `${bill}2026-03-02T10:00:00Z,a,gpt-4.1,1,,\n` })
    await pilot(other, ['ingest', '-q', '--as', 'billing', 'b.csv'])
    const { platforms } = await json(other, 'cost', '--reconcile')
    expect(platforms).toEqual([
      {
        platform: 'lantern',
        role: 'candidate',
        notMeasured: 'No traced span is a model call, or states tokens or a cost: pilot ingest <export> brings them.',
        reconciliation: null,
      },
    ])
  })

  it('names a platform that is not there, and does not go with --by', async () => {
    const cwd = project({ 'b.csv': `${bill}2026-03-02T10:00:00Z,a,gpt-4.1,1,,\n` })
    await pilot(cwd, ['ingest', '-q', '--as', 'billing', 'b.csv'])
    expect(await pilot(cwd, ['cost', '--reconcile', '--platform', 'x'])).toEqual({
      code: 2,
      out: '',
      err: 'error pilot.yaml names no platform x.\nIt names lantern.\n',
    })
    expect((await pilot(cwd, ['cost', '--reconcile', '--by', 'model'])).code).toBe(2)
  })

  it('matches by the id of the answer, and prints the whole of it', async () => {
    const attributes = { 'gen_ai.response.id': 'chatcmpl-1' }
    const cwd = project({
      't.jsonl': jsonLines([span('t', '1', { ...traced, usage, attributes })]),
      'b.csv': `${bill}2026-03-02T10:00:00Z,chatcmpl-1,gpt-4.1-2025-04-14,0.0038,1000,100\n2026-03-03T09:00:00Z,chatcmpl-2,gpt-4.1-2025-04-14,0.5,9,9\n`,
    })
    await pilot(cwd, ['ingest', '-q', 't.jsonl'])
    await pilot(cwd, ['ingest', '-q', '--as', 'billing', 'b.csv'])
    expect(
      (await pilot(cwd, ['cost', '--reconcile', '-q'])).out,
    ).toBe(`Bill against traces, US dollars per UTC day and model
day         model                billed  calls  traced calls  stated  computed  difference   share
──────────  ──────────────────  ───────  ─────  ────────────  ──────  ────────  ──────────  ──────
2026-03-02  gpt-4.1-2025-04-14  $0.0038      1             1       —   $0.0028     $0.0010  26.3 %
2026-03-03  gpt-4.1-2025-04-14  $0.5000      1             0       —         —     $0.5000   100 %
total                           $0.5038      2             1       —   $0.0028     $0.5010  99.4 %
  - billed from 2026-03-02T10:00:00.000Z to 2026-03-03T09:00:00.000Z; traced from
    2026-03-02T10:00:00.000Z to 2026-03-02T10:00:02.000Z
  - the difference is what was billed less the known cost: stated, and computed for the rest; —
    where that is unknown, not 0
  - taken for one model (inferred): gpt-4.1-2025-04-14 on the bill, gpt-4.1 in the traces

Why they differ
reason                                               calls  US dollars
───────────────────────────────────────────────────  ─────  ──────────
billed outside the time of the traces                    1     $0.5000
matched calls with the same tokens at another price      1     $0.0010
unexplained rest                                                 $0.00
billed less known, in all                                      $0.5010
  - matched one by one: 1 of 2 billed calls, 1 by id, 0 by time and tokens, 0 by time alone
  - tokens that both sides state: input 1,000 billed, 1,000 traced; output 100 billed, 100 traced
`)
  })

  it('prints no character of a hostile model name that drives a terminal', async () => {
    const cwd = project({
      't.jsonl': jsonLines([span('t', '1', { ...traced, usage })]),
      'b.csv': `${bill}2026-03-02T10:00:00Z,a,evil\u001b[2J,1,,\n`,
    })
    await pilot(cwd, ['ingest', '-q', 't.jsonl'])
    await pilot(cwd, ['ingest', '-q', '--as', 'billing', 'b.csv'])
    for (const argv of [
      ['cost', '--reconcile'],
      ['cost', '--reconcile', '--json'],
    ])
      expect((await pilot(cwd, argv)).out).not.toContain('\u001b')
  })
})

const samples = new URL('../../shared/samples/phoenix/', import.meta.url)

describe.skipIf(!existsSync(samples))('the real bill of OpenRouter against the real traces of Phoenix', () => {
  interface PhoenixSpan {
    name: string
    parent_id: string
    start_time: string
    end_time: string
    'context.span_id': string
    'context.trace_id': string
    'attributes.llm.model_name': string
    'attributes.output.value': string
  }

  /** The spans as native lines; with or without the vendor's answer, which holds the id. */
  function nativeLines(withAnswer: boolean): string {
    const lines = readFileSync(new URL('dataframe-llm.jsonl', samples), 'utf8').trim().split('\n')
    return jsonLines(
      lines.map((line) => {
        const row: PhoenixSpan = JSON.parse(line)
        return {
          trace_id: row['context.trace_id'],
          span_id: row['context.span_id'],
          parent_id: row.parent_id,
          name: row.name,
          kind: 'llm',
          start: row.start_time,
          end: row.end_time,
          model: row['attributes.llm.model_name'],
          ...(withAnswer && { output: row['attributes.output.value'] }),
        }
      }),
    )
  }

  // Counted from the CSV alone: 139 rows, $0.149515; of them 46 ($0.047274) before 11:44:56.206, when the first span starts, and
  // 76 ($0.081152) after 11:51:03.511, when the last one ends; the 17 between cost $0.021089.
  it.each([
    { withAnswer: true, by: { byId: 17, byTimeAndTokens: 0, byTime: 0 } },
    { withAnswer: false, by: { byId: 0, byTimeAndTokens: 0, byTime: 17 } },
  ])(
    'differs by 122 calls outside the traces’ time and 17 that state nothing (answers kept: $withAnswer)',
    async ({ withAnswer, by }) => {
      const cwd = project({ 'phoenix.jsonl': nativeLines(withAnswer) })
      await pilot(cwd, ['ingest', '-q', 'phoenix.jsonl'])
      await pilot(cwd, ['ingest', '-q', '--as', 'billing', new URL('openrouter-billing.csv', samples).pathname])
      const [{ reconciliation }] = (await json(cwd, 'cost', '--reconcile')).platforms
      const { billed, traced, reasons, restUsd, gapUsd, matching, mapped, differenceUsd } = reconciliation
      expect([billed.calls, traced.calls, traced.silentCalls]).toEqual([139, 17, 17])
      expect(gapUsd).toBeCloseTo(0.149515, 10)
      expect([differenceUsd, restUsd]).toEqual([null, 0])
      expect(reasons.map(({ kind, calls }: { kind: string; calls: number }) => [kind, calls])).toEqual([
        ['outside time', 122],
        ['silent calls', 17],
      ])
      expect(reasons[0].costUsd).toBeCloseTo(0.047274 + 0.081152, 10)
      expect(reasons[1].costUsd).toBeCloseTo(0.021089, 10)
      expect(matching).toEqual({ singleCalls: 139, ...by })
      expect(mapped).toEqual([
        {
          model: 'deepseek/deepseek-chat-v3',
          billed: ['deepseek/deepseek-chat-v3'],
          traced: ['deepseek/deepseek-chat'],
          inferred: true,
        },
      ])
    },
  )
})
