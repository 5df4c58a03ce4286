import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { isChanged } from '../src/core/probes/changed.js'
import type { SpanContent } from '../src/core/span.js'
import type { TraceSpan } from '../src/core/trace.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project } from './project.js'

const candidates = '[{ id: lantern }, { id: relay }]'

/** A run of two spans: the root has 4 fields (output, request, environment, latency), the call 8. */
function run(i: number, call: object | undefined, ids: { trace?: string; suffix?: string; environment?: string } = {}) {
  const { trace = `t${i}`, suffix = '', environment = 'production' } = ids
  const start = `2026-03-02T10:0${i}:00Z`
  const end = `2026-03-02T10:0${i}:01Z`
  const root = { trace_id: trace, span_id: `r${suffix}`, name: 'answer', start, end, environment, request: `q${i}` }
  return [
    { ...root, output: 'done' },
    ...(call === undefined
      ? []
      : [
          {
            trace_id: trace,
            span_id: `m${suffix}`,
            parent_id: `r${suffix}`,
            name: 'chat',
            kind: 'llm',
            start,
            end,
            ...call,
          },
        ]),
  ]
}

const call = (i: number) => ({
  ...{
    model: 'gpt',
    usage: { input_tokens: 10, output_tokens: 5 },
    cost_usd: 0.01,
    prompt: { name: 'p', version: '1' },
  },
  ...{ input: `ask ${i}`, output: `answer ${i}`, scores: [{ name: 'good', value: 1 }] },
})

const sent = jsonLines([0, 1, 2, 3].flatMap((i) => run(i, call(i))))
const { scores: _, ...unjudged } = call(3)
const worse = { ...unjudged, cost_usd: 0.02, prompt: { name: 'p' }, output: 'another answer' }
/** Without the call of t1, without t2, and with less of t3. */
const out = jsonLines([...run(0, call(0)), ...run(1, undefined), ...run(3, worse)])

async function ready(files: Record<string, string | Buffer> = {}): Promise<string> {
  const cwd = project(
    { 'sent.jsonl': sent, 'out.jsonl': out, ...files },
    '  - { id: export-fidelity, target: ">= 95 %" }\n',
    candidates,
  )
  await pilot(cwd, ['ingest', '-q', '--platform', 'relay', 'sent.jsonl'])
  return cwd
}

const probe = (cwd: string, ...argv: string[]) => json(cwd, 'probe', 'export', '--platform', 'lantern', ...argv)
const field = (list: { field: string }[], name: string) => list.find((each) => each.field === name)

describe('pilot probe export', () => {
  it('finds lost traces, spans, fields, scores and changed values', async () => {
    const cwd = await ready()
    const found = await probe(cwd, 'out.jsonl', '--against', 'relay')
    expect(found).toMatchObject({
      platform: 'lantern',
      traces: 3,
      spans: 5,
      unread: 0,
      again: { added: 0, updated: 0 },
    })
    expect(found.sent).toMatchObject({
      ...{ platform: 'relay', isSameFile: false, pairedBy: { traceId: 3, request: 0 } },
      ...{
        traces: { x: 3, n: 4 },
        spans: { x: 5, n: 8 },
        scores: { x: 1, n: 4 },
        feedback: { x: 0, n: 0, share: null },
      },
      // 4 × (4 + 8) fields were sent; three roots came out, two calls, one of them without its version.
      kept: { x: 27, n: 48 },
    })
    expect(field(found.sent.fields, 'prompt.version')).toMatchObject({ x: 1, n: 2, examples: ['t3'] })
    expect(field(found.sent.fields, 'tokens')).toMatchObject({ x: 2, n: 2, examples: [] })
    expect(field(found.sent.changed, 'cost')).toMatchObject({ x: 1, n: 2, examples: ['t3'] })
    expect(field(found.sent.changed, 'output')).toMatchObject({ x: 1, n: 5, examples: ['t3'] })
    expect(field(found.sent.changed, 'tokens')).toMatchObject({ x: 0, n: 2 })
  })

  it('is kept, touches the store no further, and is what the scorecard goes by', async () => {
    const cwd = await ready()
    const before = await json(cwd, 'data')
    await probe(cwd, 'out.jsonl', '--against', 'relay')
    expect(await json(cwd, 'data')).toEqual(before)
    expect(readdirSync(join(cwd, '.pilot')).filter((name) => name.startsWith('export-'))).toEqual([])
    const shown = await pilot(cwd, ['probe', 'export', '--platform', 'lantern'])
    expect(shown.out).toContain("Export of lantern: 3 traces, 5 spans, against the store's traces of relay")
    expect(shown.out).toMatch(/prompt\.version +2 +1 +50\.0 % \(n 2, .*\) +t3\n/)
    const { out: explained } = await pilot(cwd, ['scorecard', '--explain', 'export-fidelity'])
    expect(explained.replaceAll(/\s+/g, ' ')).toContain('3 of 4 traces and 5 of 8 spans came out')
    expect(explained).toContain('27 of 48 fields on spans that relay has')
    expect(explained).toContain('cost: another value on 1 of 2 spans')
  })

  it('pairs by request id, kind and order where the export has ids of its own', async () => {
    const own = jsonLines([0, 1, 2, 3].flatMap((i) => run(i, call(i), { trace: `other-${i}`, suffix: '-own' })))
    const cwd = await ready({ 'own.jsonl': own })
    const { sent } = await probe(cwd, 'own.jsonl', '--against', 'relay')
    expect(sent).toMatchObject({ pairedBy: { traceId: 0, request: 4 }, traces: { x: 4, n: 4 }, kept: { x: 48, n: 48 } })
    expect(sent.changed.filter(({ x }: { x: number }) => x > 0)).toEqual([])
  })

  it('asks only for traces of the time that the export spans', async () => {
    const cwd = await ready({ 'part.jsonl': jsonLines([1, 2].flatMap((i) => run(i, call(i)))) })
    expect((await probe(cwd, 'part.jsonl', '--against', 'relay')).sent.traces).toMatchObject({ x: 2, n: 2 })
  })

  it('counts production requests that have their trace in it', async () => {
    const requests = jsonLines([0, 1, 2, 3].map((i) => ({ id: `q${i}`, time: `2026-03-02T10:0${i}:00Z` })))
    const cwd = await ready({ 'requests.jsonl': requests })
    expect((await probe(cwd, 'out.jsonl')).requests).toBe(null)
    await pilot(cwd, ['ingest', '-q', '--as', 'requests', 'requests.jsonl'])
    expect((await probe(cwd, 'out.jsonl')).requests).toMatchObject({ x: 3, n: 4 })
  })

  it('lists traces of other environments than the one asked for', async () => {
    const mixed = jsonLines([...run(0, call(0)), ...run(1, call(1), { environment: 'staging' })])
    const cwd = await ready({ 'mixed.jsonl': mixed })
    expect((await probe(cwd, 'mixed.jsonl')).stray).toBe(null)
    const argv = ['mixed.jsonl', '--environment', 'production', '--against', 'relay']
    expect((await probe(cwd, ...argv)).stray).toEqual([{ environment: 'staging', traces: 1 }])
    const { out } = await pilot(cwd, ['probe', 'export', '--platform', 'lantern'])
    expect(out).toContain('Environments beside production\n  - staging: 1 traces, for example t1')
  })

  it('says when it was compared with itself, which measures nothing', async () => {
    const cwd = await ready()
    await pilot(cwd, ['ingest', '-q', '--platform', 'lantern', 'out.jsonl'])
    expect((await probe(cwd, 'out.jsonl')).sent).toMatchObject({ isSameFile: true, kept: { x: 27, n: 27 } })
    const { out } = await pilot(cwd, ['scorecard', '--explain', 'export-fidelity'])
    expect(out).toContain('not measured. The export was compared with itself')
    // Another file of the same platform is no longer the same one.
    await pilot(cwd, ['ingest', '-q', '--platform', 'lantern', 'sent.jsonl'])
    expect((await probe(cwd, 'out.jsonl', '--against', 'relay')).sent.isSameFile).toBe(false)
  })

  it('reads packed files and standard input, which cannot be read twice', async () => {
    const cwd = await ready({ 'out.jsonl.gz': gzipSync(out) })
    expect((await probe(cwd, 'out.jsonl.gz', '--against', 'relay')).again).toEqual({ added: 0, updated: 0 })
    const ran = await pilot(cwd, ['probe', 'export', '-', '--platform', 'lantern', '--against', 'relay', '--json'], {
      stdin: out,
    })
    expect(JSON.parse(ran.out)).toMatchObject({ again: null, sent: { kept: { x: 27, n: 48 } } })
  })

  it('of other traffic altogether is not measured, nor is one of a platform that nothing is known of', async () => {
    const cwd = await ready({
      'other.jsonl': jsonLines(run(2, call(2), { trace: 'x' }).map(({ ...span }) => ({ ...span, request: 'y' }))),
    })
    expect((await probe(cwd, 'other.jsonl', '--against', 'relay')).sent).toMatchObject({ traces: { x: 0, n: 1 } })
    const { out } = await pilot(cwd, ['scorecard', '--explain', 'export-fidelity'])
    expect(out).toContain('not measured. No trace of relay was found in the export.')
    expect((await probe(cwd, 'out.jsonl')).sent).toMatchObject({ traces: { x: 0, n: 0, share: null } })
  })

  it.each([
    [['out.jsonl', '--against', 'rellay'], 2, 'pilot.yaml names no platform rellay.', 'Did you mean relay?'],
    [['empty.jsonl'], 3, 'empty.jsonl is empty.', ''],
    [['nope.jsonl'], 3, 'Cannot read', ''],
    [[], 0, 'Next: pilot probe export FILE --against PLATFORM', ''],
    [['out.jsonl', '--from', 'nothing'], 2, '--from names no known format.', ''],
  ])('%j exits %i: %s', async (argv, code, message, hint) => {
    const cwd = await ready({ 'empty.jsonl': '' })
    const ran = await pilot(cwd, ['probe', 'export', '--platform', 'lantern', ...argv])
    expect(ran.code).toBe(code)
    expect(ran.err).toContain(message)
    expect(ran.err).toContain(hint)
    expect(readdirSync(join(cwd, '.pilot')).filter((name) => name.startsWith('export-'))).toEqual([])
  })

  it('takes a dataset beside the traces for what it is', async () => {
    const items = jsonLines([{ id: 'i1', datasetItemId: 'd1', datasetRunId: 'u1', traceId: 't0' }])
    const cwd = await ready({ 'items.jsonl': items })
    expect((await probe(cwd, 'out.jsonl', 'items.jsonl')).held.datasetRows).toBe(1)
  })
})

describe('a value', () => {
  const full = (span: Partial<TraceSpan>, content: SpanContent = {}) => ({
    span: { traceId: 't', spanId: 's', name: 'n', kind: 'llm', status: 'unset', fields: 0, ...span } as TraceSpan,
    content,
  })

  it.each<[Parameters<typeof isChanged>[0], Partial<TraceSpan>, Partial<TraceSpan>, boolean | undefined]>([
    ['cost', { costUsd: 1 }, { costUsd: 1.01 }, false],
    ['cost', { costUsd: 1 }, { costUsd: 1.02 }, true],
    ['cost', { costUsd: 0 }, { costUsd: 0 }, false],
    ['cost', { costUsd: 1 }, {}, undefined],
    ['times', { startMs: 1000.25 }, { startMs: 1001.25 }, false],
    ['times', { startMs: 1000 }, { startMs: 1001.5 }, true],
    ['times', { startMs: 1000, endMs: 2000 }, { startMs: 1000 }, false],
    ['tokens', { usage: { input: 5, output: 3 } }, { usage: { input: 5, output: 4 } }, true],
    ['tokens', { usage: { input: 5 } }, { usage: { output: 4 } }, undefined],
    ['model', { requestModel: 'a' }, { requestModel: 'b' }, true],
    ['status', { status: 'ok' }, { status: 'unset' }, false],
    ['status', { status: 'error' }, { status: 'unset' }, true],
  ])('%s of %j and %j', (field, a, b, expected) => {
    expect(isChanged(field, full(a), full(b))).toBe(expected)
  })

  it.each<[SpanContent, SpanContent, boolean | undefined]>([
    [{ output: { a: 1, b: [2] } }, { output: '{"b": [2], "a": 1}' }, false],
    [{ output: 'yes' }, { output: 'Yes' }, true],
    [{ output: 'yes' }, { outputMessages: [{ role: 'assistant', content: 'yes' }] }, undefined],
    [{ output: '' }, { output: 'yes' }, undefined],
    [
      { output: 'raw', outputMessages: [{ role: 'assistant', content: 'yes' }] },
      { output: 'cooked', outputMessages: [{ role: 'assistant', content: 'yes' }] },
      false,
    ],
  ])('output %j and %j', (a, b, expected) => {
    expect(isChanged('output', full({}, a), full({}, b))).toBe(expected)
  })
})
