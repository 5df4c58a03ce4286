import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mappedFields } from '../src/formats/mapped/fields.js'
import { mappedFormat } from '../src/formats/mapped.js'
import { readTableRows } from '../src/jobs/read-table.js'
import { eachTrace } from '../src/store/each-trace.js'
import { readContents } from '../src/store/spans.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, stored } from './project.js'

const mapping = `inputs:
  traces:
    columns:
      { trace_id: run.id, span_id: step.id, parent_id: step.up, name: step.name, kind: step.type, start: began, duration_ms: took,
        model: llm.model, input_tokens: llm.in, output_tokens: llm.out, input: question, output: answer, status: state, user: who }
    values: { provider: openai }
`
const record = {
  run: { id: 'r1', host: 'h' },
  step: { id: 7, up: 6, name: 'draft', type: 'completion' },
  began: 1772445600,
  took: '1500',
  llm: { model: 'gpt-4.1', in: '812', out: 40 },
  question: 'Where is it?',
  answer: 'On Friday.',
  state: 'succeeded',
  who: 'u-1',
  extra: { shard: 3 },
}

/** The spans of the one platform, with their text. */
const spansOf = (cwd: string) =>
  stored(cwd, (db) =>
    [...eachTrace(db, 'lantern')].flatMap(({ traceId, spans }) => {
      const contents = readContents(db, 'lantern', traceId)
      return spans.map((span) => ({ ...span, content: contents.get(span.spanId)! }))
    }),
  )

describe('a home-grown log', () => {
  it.each([false, 0, 'False', 'None', 'NaN'])('whose column of errors says %s tells of no error', (error) => {
    const columns = { trace_id: 'id', start: 'at', error: 'failed' }
    const { spans } = mappedFormat({ columns, values: {} }).read({ id: 't1', at: 1772445600, failed: error }, {})
    expect([spans[0]!.status, spans[0]!.statusMessage]).toEqual(['unset', undefined])
  })

  it('whose fields stand in lists leaves no copy of them to outlive a privacy rule', async () => {
    const more = `inputs:
  traces:
    columns: { trace_id: id, start: at, input: messages.1.content, user: people.0 }
capture:
  privacy:
    - { field: input, do: omit }
    - { field: user, do: omit }
`
    const listed = {
      id: 't1',
      at: 1772445600,
      messages: [{ content: 'be kind' }, { role: 'user', content: 'violet-canary' }],
      people: ['jane-canary', 'joe'],
    }
    const cwd = project({ 'log.jsonl': jsonLines([listed]) }, more)
    await json(cwd, 'ingest', 'log.jsonl')
    expect(spansOf(cwd)[0]!.content.attributes).toEqual({
      messages: [{ content: 'be kind' }, { role: 'user' }],
      people: [null, 'joe'],
    })
  })

  it('is stored by the paths that pilot.yaml names, and keeps what they do not name', async () => {
    const cwd = project({ 'log.jsonl': jsonLines([record]) }, mapping)
    const { files } = await json(cwd, 'ingest', 'log.jsonl')
    expect([files[0].format, files[0].spans.added, files[0].problems]).toEqual(['mapped', 1, []])
    expect(spansOf(cwd)).toMatchObject([
      {
        traceId: 'r1',
        spanId: '7',
        parentId: '6',
        name: 'draft',
        kind: 'llm',
        startMs: 1772445600000,
        endMs: 1772445601500,
        status: 'ok',
        provider: 'openai',
        requestModel: 'gpt-4.1',
        usage: { input: 812, output: 40 },
        user: 'u-1',
        content: {
          input: 'Where is it?',
          output: 'On Friday.',
          attributes: { run: { host: 'h' }, extra: { shard: 3 } },
        },
      },
    ])
    expect(spansOf(cwd)[0]!.content.attributes).toEqual({ run: { host: 'h' }, extra: { shard: 3 } })
  })

  it('leaves no second copy of a field that a privacy rule omits', async () => {
    const rules = 'capture:\n  privacy:\n    - { field: input, do: omit }\n    - { field: user, do: hash }\n'
    const cwd = project({ 'log.jsonl': jsonLines([record]) }, `${mapping}${rules}`)
    await pilot(cwd, ['ingest', 'log.jsonl'])
    const text = JSON.stringify(spansOf(cwd))
    expect(text).not.toContain('Where is it?')
    expect(text).not.toContain('u-1')
    expect(text).toContain('On Friday.')
  })

  it('says of each record what cannot be read, with its line, and keeps the rest', async () => {
    const rows = [
      { ...record, began: 'yesterday' },
      { ...record, run: { id: 'r2' }, step: { ...record.step, type: 'mystery' }, state: 'purple' },
      { ...record, run: { id: 'r3' } },
    ]
    const cwd = project({ 'log.jsonl': jsonLines(rows) }, mapping)
    const { files } = await json(cwd, 'ingest', 'log.jsonl')
    expect([files[0].spans.added, files[0].problems]).toEqual([
      2,
      [
        { line: 1, message: 'start (began): expected a time; left out' },
        { line: 2, message: 'status: expected a word for ok or error, or an HTTP status' },
        { line: 2, message: 'kind: expected a kind of span; see pilot ingest --schema' },
      ],
    ])
  })

  it('is read from CSV, and from a list inside a document', async () => {
    const csv = 'run.id,began,step.name,llm.in\nr8,2026-03-02T10:00:00Z,draft,5\nr9,2026-03-02T10:01:00Z,draft,\n'
    const cwd = project(
      { 'log.csv': csv, 'log.json': JSON.stringify({ page: 1, entries: [record] }) },
      mapping.replace('    values:', '    list: entries\n    values:'),
    )
    const { files } = await json(cwd, 'ingest', 'log.csv', 'log.json')
    expect(files.map((file: { format: string; spans: object }) => [file.format, file.spans])).toEqual([
      ['mapped', { added: 2, updated: 0, unchanged: 0 }],
      ['mapped', { added: 1, updated: 0, unchanged: 0 }],
    ])
    expect(spansOf(cwd).map(({ traceId, spanId, usage }) => [traceId, spanId, usage?.input])).toEqual([
      ['r1', '7', 812],
      ['r8', 'r8', 5],
      ['r9', 'r9', undefined],
    ])
  })

  it('needs the paths of the trace and of the time, and no unknown field', async () => {
    const wrong = 'inputs:\n  traces:\n    columns: { trace_id: run.id, modell: llm.model }\n'
    const { code, err } = await pilot(project({}, wrong), ['ingest', 'x.jsonl'])
    expect(code).toBe(2)
    expect(err).toMatch(/inputs\.traces\.columns\.start/)
    expect(err).toMatch(/unknown key "modell"; did you mean "model"\?/)
  })

  it('is never taken for another format that a file is detected to be', async () => {
    const otlp = { resourceSpans: [], run: { id: 'r1' }, began: 1772445600 }
    const cwd = project({ 'log.jsonl': jsonLines([otlp, record]) }, mapping)
    const { files } = await json(cwd, 'ingest', 'log.jsonl')
    expect([files[0].format, files[0].spans.added, files[0].skipped]).toEqual([
      'otlp',
      1,
      { 'requests without spans': 1 },
    ])
  })

  it('asked for by --from without a mapping is an error that names where to write one', async () => {
    const { code, err } = await pilot(project({}), ['ingest', '--from', 'mapped', 'x.jsonl'])
    expect([code, err]).toEqual([
      2,
      'error pilot.yaml maps no fields of a log.\nAdd inputs.traces.columns; see pilot.yaml.example.\n',
    ])
  })

  it('survives prototype keys in records and paths', () => {
    const format = mappedFormat({ columns: { trace_id: '__proto__.id', start: 'constructor.began' }, values: {} })
    const hostile = JSON.parse('{"__proto__":{"id":"t"},"constructor":{"began":1772445600},"x":{"__proto__":{"y":1}}}')
    const { spans } = format.read(hostile, {})
    expect([spans[0]?.traceId, ({} as { id?: string }).id]).toEqual(['t', undefined])
    expect(Object.keys(mappedFields)).toContain('trace_id')
  })
})

describe('pilot ingest --preview', () => {
  it('shows what the first records would be stored as, and writes nothing', async () => {
    const rows = [record, { ...record, run: { id: 'r2' } }, { ...record, run: { id: 'r3' } }]
    const cwd = project({ 'log.jsonl': jsonLines(rows) }, mapping)
    const { code, out, err } = await pilot(cwd, ['ingest', '--preview', '2', 'log.jsonl'])
    expect([code, err]).toEqual([0, 'Nothing was stored. Next: pilot ingest without --preview\n'])
    expect(out.split('\n').slice(0, 8)).toEqual([
      'log.jsonl: mapped, 2 records read, nothing stored',
      '',
      'draft',
      '  trace              r1',
      '  span               7',
      '  parent             6',
      '  kind               llm',
      '  start              2026-03-02T10:00:00.000Z',
    ])
    expect(out).toContain('r2')
    expect(out).not.toContain('r3')
    for (const path of ['.pilot', 'pilot.lock']) expect([path, existsSync(join(cwd, path))]).toEqual([path, false])
  })

  it('applies the privacy rules, and prints JSON', async () => {
    const rules = 'capture:\n  privacy:\n    - { field: output, do: redact }\n'
    const cwd = project({ 'log.jsonl': jsonLines([record]) }, `${mapping}${rules}`)
    const { schemaVersion, files } = await json(cwd, 'ingest', '--preview', '1', 'log.jsonl')
    expect([schemaVersion, files[0].spans[0].content.output, files[0].spans[0].usage]).toEqual([
      1,
      '[redacted:output]',
      { input: 812, output: 40 },
    ])
  })

  it('of records that nobody knows names their keys and where to map them', async () => {
    const cwd = project({ 'log.jsonl': jsonLines([{ when: 1, 'sk-ABCDEF1234567890': 2 }]) })
    const { code, err } = await pilot(cwd, ['ingest', '--preview', '3', 'log.jsonl'])
    expect([code, err]).toEqual([
      3,
      'error No format has the keys when, (not a plain name) of the first record of log.jsonl.\nMap them in pilot.yaml under inputs.traces.columns; pilot ingest --formats lists what needs no mapping.\n',
    ])
  })

  it('of a file without a record that can be read is an error that says why', async () => {
    const cwd = project({ 'cut.jsonl': '{"a":\n', 'none.json': '[]' })
    const hint = 'pilot ingest --formats lists what can be read, and how to get it.\n'
    expect(await pilot(cwd, ['ingest', '--preview', '1', 'cut.jsonl'])).toEqual({
      code: 3,
      out: '',
      err: `error cut.jsonl holds no record that can be read: the text ends inside a value (byte 0).\n${hint}`,
    })
    expect(await pilot(cwd, ['ingest', '--preview', '1', 'none.json'])).toEqual({
      code: 3,
      out: '',
      err: `error none.json holds no record that can be read: it has none.\n${hint}`,
    })
  })

  it.each(['0', '-1', '1.5', 'x', '1001'])('of %s records is a wrong command line', async (count) => {
    expect((await pilot(project({}), ['ingest', '--preview', count, 'log.jsonl'])).code).toBe(2)
  })

  it('without a file, and of a missing one, says so', async () => {
    expect(await pilot(project({}), ['ingest', '--preview', '5'])).toMatchObject({ code: 2 })
    expect(await pilot(project({}), ['ingest', '--preview', '5', 'nope.jsonl'])).toMatchObject({ code: 3 })
  })
})

it('a table with long rows is held a few rows at a time', async () => {
  const row = (id: number) => `t${id},2026-03-02T10:00:00Z,${'x'.repeat(300_000)}\n`
  const table = ['id,at,text\n', ...Array.from({ length: 12 }, (_, id) => row(id))].map((text) => Buffer.from(text))
  const columns = { trace_id: 'id', start: 'at', input: 'text' }
  const pieces: number[] = []
  for await (const { rows } of readTableRows(chunksOf(table), {
    format: undefined,
    keys: {},
    mapping: { columns, values: {} },
    privacy: [],
    saltPath: join(temporaryFolder(), 'salt'),
  }))
    pieces.push(rows.length)
  // A MiB is four of them; then nothing is left, and nothing was held back.
  expect(pieces).toEqual([4, 4, 4, 0, 0])
})

async function* chunksOf(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}

it('a table whose columns nobody knows is refused by their names, not line by line', async () => {
  const cwd = project({
    'usage.log': 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,4808,10\n2023-11-16 18:17:04,3180,8\n',
    'preamble.log': `one, two\nthree, four\n${JSON.stringify({ trace_id: 't1', span_id: 'a', name: 'answer', start: 1772445600000 })}\n`,
  })
  const { files } = await json(cwd, 'ingest', 'usage.log', 'preamble.log')
  expect([files[0].problems, files[0].error.message]).toEqual([
    [],
    'usage.log holds no span: 2 records of no known trace format. The first unknown record has the keys TIMESTAMP, ContextTokens, GeneratedTokens.',
  ])
  expect([files[1].spans.added, files[1].problems.length]).toEqual([1, 2])
  expect((await pilot(cwd, ['ingest', 'usage.log'])).err).not.toContain('Next:')
})
