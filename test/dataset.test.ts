import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { PilotError } from '../src/core/errors.js'
import type { Case } from '../src/core/eval/case.js'
import { normalInputs } from '../src/core/eval/normal-inputs.js'
import { allotSample, sampleByStratum } from '../src/core/eval/stratify.js'
import { readTraceOutput } from '../src/core/eval/trace-output.js'
import { createPolicy } from '../src/core/privacy/policy.js'
import { readRun } from '../src/core/run.js'
import { seededRandom } from '../src/core/seeded-random.js'
import type { Json, SpanContent } from '../src/core/span.js'
import { readStructure } from '../src/core/structure.js'
import { caseRow } from '../src/formats/case-row.js'
import { readCase } from '../src/formats/cases.js'
import { casesHash } from '../src/jobs/eval/dataset-lock.js'
import { loadCases } from '../src/jobs/eval/load-cases.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { traceOf } from './trace-of.js'

const read = (row: Record<string, Json>) => readCase(row, {}, () => 'made')
const bare = { tags: [], labels: {} }

describe('a row of a dataset', () => {
  it('is a case by the usual names, whatever its tool calls them', () => {
    expect(
      read({
        case_id: 7,
        question: 'Where is it?',
        ground_truth: 'On its way.',
        answer: 'Lost.',
        retrieved_contexts: ['faq 1', { id: 'd2', text: 'faq 2', score: '0.5' }],
        tools_called: ['search', { name: 'lookup', arguments: '{"id":1}', result: 'none', error: true }],
        tags: 'a, b,,a',
        conversation_id: 9,
        labels: { good: 'yes', note: null },
        latency_ms: '120',
        cost: 0,
        prompt_tokens: 12,
        completion_tokens: 3,
        model_name: 'gpt-4.1',
        prompt: 'answer@3',
      }),
    ).toEqual({
      id: '7',
      inputs: 'Where is it?',
      reference: 'On its way.',
      tags: ['a', 'b'],
      cluster: '9',
      labels: { good: 'yes' },
      output: {
        value: 'Lost.',
        documents: [{ content: 'faq 1' }, { id: 'd2', content: 'faq 2', score: 0.5 }],
        tools: [{ name: 'search' }, { name: 'lookup', arguments: { id: 1 }, result: 'none', isError: true }],
        latencyMs: 120,
        costUsd: 0,
        inputTokens: 12,
        outputTokens: 3,
        model: 'gpt-4.1',
        prompt: 'answer@3',
      },
    })
  })

  it('has its answer as the reference where nothing else is', () => {
    expect(read({ id: 'a', prompt: 'Q', answer: 'A' })).toEqual({ id: 'a', inputs: 'Q', reference: 'A', ...bare })
  })

  it('has the columns that are nothing else as inputs, and never what would give the answer away', () => {
    expect(
      read({ text: 'hallo', lang: 'de', document: 'a\nlong one', expected: 'x', answer: 'y', target: 'z' }),
    ).toEqual({
      id: 'made',
      inputs: { text: 'hallo', lang: 'de', document: 'a\nlong one' },
      reference: 'x',
      ...bare,
      output: { value: 'y' },
    })
  })

  it('knows the trace of its output', () => {
    expect(read({ id: 'a', input: 'Q', output: '42', origin: 'trace:lantern/t/1' })).toMatchObject({
      output: { value: '42', trace: { platform: 'lantern', traceId: 't/1' } },
    })
  })

  it('says nothing of an output by the tools that a model was offered', () => {
    expect(
      read({ id: 'a', messages: [], tools: [{ type: 'function', function: { name: 'f', parameters: {} } }] }),
    ).toEqual({ id: 'a', inputs: [], ...bare })
    expect(read({ id: 'a', input: 'Q', tools: [] })).toMatchObject({ output: { tools: [] } })
  })

  it.each([
    [{ expected: 'x' }, 'no inputs: expected a column inputs, input, vars …'],
    [{ input: '', text: 'x' }, 'no inputs: expected a column inputs, input, vars …'],
    [{ id: ['a'], input: 'x' }, 'the id is neither text nor a number'],
    [{ input: 'x', tags: { a: 1 } }, 'the tags are neither a list of texts nor texts with commas between them'],
    [{ input: 'x', labels: 'good' }, 'the labels are no object of names and values'],
    [{ input: 'x', labels: { a: [] } }, 'a label is neither text nor a number'],
    [{ input: 'x', latency_ms: 'fast' }, 'latency_ms is no number from 0 on'],
    [{ input: 'x', cost_usd: -1 }, 'cost_usd is no number from 0 on'],
    [{ input: 'x', context: [{ score: 1 }] }, 'the documents are neither texts nor objects with id or content'],
    [{ input: 'x', tools: [{ arguments: 1 }] }, 'the tools are neither names nor objects with a name'],
  ])('is refused with its reason: %j', (row, reason) => {
    expect(read(row as Record<string, Json>)).toBe(reason)
  })

  it('comes back as it was written', () => {
    const whole: Case = {
      id: 'a',
      inputs: { question: 'Q', n: 1 },
      reference: ['x'],
      tags: ['t, with a comma'],
      cluster: 'c',
      origin: 'trace:lantern/t1',
      labels: { good: 'yes' },
      output: {
        value: { answer: '42' },
        documents: [],
        tools: [{ name: 'f', arguments: { a: 1 }, result: 'r', isError: true }, { name: 'g' }],
        latencyMs: 0,
        costUsd: 0.1,
        inputTokens: 1,
        outputTokens: 2,
        model: 'm',
        prompt: 'p@1',
        trace: { platform: 'lantern', traceId: 't1' },
      },
    }
    expect(readCase(caseRow(whole), {}, () => 'made')).toEqual(whole)
    expect(caseRow({ id: 'b', inputs: 'Q', ...bare })).toEqual({ id: 'b', inputs: 'Q' })
  })
})

const load = (cwd: string, path: string) => loadCases(path, { stdin: Readable.from([]), cwd })

/** What a dataset cannot be loaded for. */
async function refusal(name: string, text: string): Promise<object> {
  const thrown: unknown = await load(temporaryFolder({ [name]: text }), name).catch((error) => error)
  if (!(thrown instanceof PilotError)) throw thrown
  return { message: thrown.message.split('\n')[0], exitCode: thrown.exitCode }
}

const threeCases = [
  { id: 'a', inputs: 'x', reference: 1, ...bare },
  { id: 'b', inputs: { q: 'y' }, ...bare },
]

describe('a dataset', () => {
  it.each([
    ['a.jsonl', '{"id":"a","input":"x","expected":1}\n\n{"id":"b","input":{"q":"y"}}'],
    ['a.json', '[\n  {"id":"a","input":"x","expected":1},\n  {"id":"b","input":{"q":"y"}}\n]'],
    ['b.json', '{"name":"all","cases":[{"id":"a","input":"x","expected":1},{"id":"b","input":{"q":"y"}}]}'],
    ['c.json', '{"examples":[{"id":"a","input":"x","expected":1},{"id":"b","input":{"q":"y"}}]}'],
    ['a.yaml', '- { id: a, input: x, expected: 1 }\n- id: b\n  input:\n    q: y\n'],
    ['a.yml', 'tags: [one]\ncases:\n  - { id: a, input: x, expected: 1 }\n  - { id: b, input: { q: y } }\n'],
  ])('is the same in each form: %s', async (name, text) => {
    const { cases, problems, frozen } = await load(temporaryFolder({ [name]: text }), name)
    expect({ cases, problems, frozen }).toEqual({ cases: threeCases, problems: [], frozen: false })
  })

  it('may be packed, and is then told by what is in it', async () => {
    const yaml = gzipSync('- { id: a, input: x, expected: 1 }\n- { id: b, input: { q: y } }\n')
    expect((await load(temporaryFolder({ 'a.yaml.gz': yaml }), 'a.yaml.gz')).cases).toEqual(threeCases)
  })

  it('has JSON in the cells of a CSV that hold a list or an object; numbers stay text', async () => {
    const csv = 'id,input,expected,output\n1,"{""q"":""y""}",007,"[1]"\n2,[INST] hi,,\n'
    expect((await load(temporaryFolder({ 'a.csv': csv }), 'a.csv')).cases).toEqual([
      { id: '1', inputs: { q: 'y' }, reference: '007', ...bare, output: { value: [1] } },
      { id: '2', inputs: '[INST] hi', ...bare },
    ])
  })

  it('goes on after lines that are no cases, and names each', async () => {
    const lines = ['{"id":1,"input":"x"}', '{"id":"1","input":"y"}', 'nope', '{"id":2}', '{"id":3,"input":"z"}']
    const { cases, problems } = await load(temporaryFolder({ 'a.jsonl': lines.join('\n') }), 'a.jsonl')
    expect(cases.map(({ id }) => id)).toEqual(['1', '3'])
    expect(problems).toEqual([
      { line: 2, message: 'the id 1 stands in line 1 too' },
      { line: 3, message: 'not JSON: expected value, found something else (byte 0 of the line)' },
      { line: 4, message: 'no inputs: expected a column inputs, input, vars …' },
    ])
  })

  it('names the line of a case in YAML, and its place in a document that is one line', async () => {
    const yaml = await load(temporaryFolder({ 'a.yaml': 'cases:\n  - input: x\n  - 3\n  - id: b\n' }), 'a.yaml')
    expect(yaml.problems).toEqual([
      { line: 3, message: 'expected an object with columns' },
      { line: 4, message: 'no inputs: expected a column inputs, input, vars …' },
    ])
    const one = await load(temporaryFolder({ 'a.json': '{"cases":[{"input":"x"},{"id":"b"}]}' }), 'a.json')
    expect(one.problems).toEqual([{ line: 1, message: 'item 2: no inputs: expected a column inputs, input, vars …' }])
  })

  it('tells equal cases without an id apart, the same each time', async () => {
    const cwd = temporaryFolder({ 'a.jsonl': '{"input":"x"}\n{"input":"x"}\n' })
    const ids = (await load(cwd, 'a.jsonl')).cases.map(({ id }) => id)
    // As the place of a row in its file is made: how many were equal before, and the row.
    const expected = ['0 {"input":"x"}', '1 {"input":"x"}'].map((text) =>
      createHash('sha256').update(text).digest('hex').slice(0, 12),
    )
    expect(ids).toEqual(expected)
  })

  it('keeps an integer of YAML to the last digit, and `__proto__` of JSON as data', async () => {
    const yaml = await load(temporaryFolder({ 'a.yaml': '- { input: x, expected: 12345678901234567890 }' }), 'a.yaml')
    expect(yaml.cases[0]?.reference).toBe('12345678901234567890')
    const lines = await load(temporaryFolder({ 'a.jsonl': '{"id":"a","input":{"__proto__":{"x":1}}}' }), 'a.jsonl')
    expect(JSON.stringify(lines.cases[0]?.inputs)).toBe('{"__proto__":{"x":1}}')
  })

  it.each([
    ['a bomb of aliases', `a: &a [x]\nb: [${'*a, '.repeat(11)}]`, 'a.yaml:2:45: more than 10 aliases'],
    ['`__proto__`', '- input: x\n  __proto__: y', 'a.yaml:2:3: a key that would change what objects are'],
    ['a key that stands there twice', '- input: x\n  input: y', 'a.yaml:2:3: this key stands here twice'],
    ['a number that is none', '- input: .nan', 'a.yaml:1:10: a number that JSON does not have'],
    ['more than 1 MiB', `- input: ${'x'.repeat(1024 * 1024)}`, 'a.yaml:1:1: larger than 1 MiB.'],
  ])('in YAML is refused for %s, with its place', async (_, text, message) => {
    expect(await refusal('a.yaml', text)).toEqual({ message, exitCode: 2 })
  })

  it('in YAML is refused for what is nested too deep', async () => {
    const deep = await refusal('a.yaml', '['.repeat(20_000))
    expect(deep).toEqual({
      message: expect.stringMatching(/^a\.yaml:1:\d+: nested deeper than 100 levels$/),
      exitCode: 2,
    })
  })

  it('without a case is refused with the columns seen', async () => {
    const cwd = temporaryFolder({ 'a.csv': 'id,expected,\u001b[2J\n1,x,\n' })
    expect(await pilot(cwd, ['dataset', 'check', 'a.csv'])).toEqual({
      code: 3,
      out: '',
      err: 'error a.csv holds no case: no inputs: expected a column inputs, input, vars …\nColumns seen: id, expected, \\u{1b}[2J. Usual ones: id, input, expected, tags.\n',
    })
    expect(await refusal('a.jsonl', '\n')).toEqual({ message: 'a.jsonl holds no case: it has no rows.', exitCode: 3 })
    expect(await refusal('a.jsonl', '')).toEqual({ message: 'a.jsonl is empty.', exitCode: 3 })
  })

  it('has a hash of ids, inputs and references, in whatever order cases and keys stand', () => {
    const [first, second] = [
      { id: 'b', inputs: { z: 1, a: 2 }, reference: 'r', ...bare },
      { id: 'a', inputs: 'x', ...bare },
    ]
    const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
    const expected = hash(`[["a","${hash('["x",null]')}"],["b","${hash('[{"a":2,"z":1},"r"]')}"]]`)
    expect(casesHash([first, second])).toBe(expected)
    expect(
      casesHash([
        { ...second, tags: ['t'] },
        { ...first, inputs: { a: 2, z: 1 } },
      ]),
    ).toBe(expected)
    expect(casesHash([first])).not.toBe(expected)
  })
})

describe('pilot dataset freeze', () => {
  const lines = (...rows: object[]) => jsonLines(rows)
  const row = (id: string, input: string) => ({ id, input })
  const before = lines(...['a', 'b', 'c', 'd', 'e', 'f'].map((id) => row(id, id)))
  const after = lines(...['a', 'b', 'c'].map((id) => row(id, `${id}!`)), row('d', 'd'), row('g', 'g'))

  it('makes evals refuse what differs, until it is frozen again', async () => {
    const cwd = temporaryFolder({ 'd.jsonl': before })
    expect(await pilot(cwd, ['dataset', 'freeze', 'd.jsonl'])).toMatchObject({ code: 0, err: '' })
    expect(statSync(join(cwd, 'd.jsonl.lock')).mode & 0o777).toBe(0o600)
    expect((await load(cwd, 'd.jsonl')).frozen).toBe(true)

    writeFileSync(join(cwd, 'd.jsonl'), after)
    const thrown = await load(cwd, 'd.jsonl').catch((error) => error)
    const { message, hint, exitCode } = thrown as PilotError
    expect({ message, hint, exitCode }).toEqual({
      message: 'd.jsonl differs from what was frozen on 2026-03-03: 3 cases changed, 1 added, 2 removed.',
      hint: 'pilot dataset freeze d.jsonl',
      exitCode: 2,
    })
    expect((await pilot(cwd, ['dataset', 'check', 'd.jsonl'])).code).toBe(1)

    const nowMs = Date.UTC(2026, 2, 9)
    const { out } = await pilot(cwd, ['dataset', 'freeze', 'd.jsonl'], { nowMs })
    expect(out).toMatch(
      /^Wrote d\.jsonl\.lock: 5 cases, [0-9a-f]{16}, 2026-03-09\.\nSince 2026-03-03: 3 cases changed, 1 added, 2 removed\.\n$/,
    )
    expect((await load(cwd, 'd.jsonl')).frozen).toBe(true)
  })

  it('leaves a lock that says the same as it is, though tags and order changed', async () => {
    const cwd = temporaryFolder({ 'd.jsonl': lines(row('a', 'x'), row('b', 'y')) })
    await pilot(cwd, ['dataset', 'freeze', 'd.jsonl'])
    const lock = readFileSync(join(cwd, 'd.jsonl.lock'), 'utf8')
    writeFileSync(join(cwd, 'd.jsonl'), lines(row('b', 'y'), { ...row('a', 'x'), tags: ['t'] }))
    const again = await pilot(cwd, ['dataset', 'freeze', 'd.jsonl'], { nowMs: Date.UTC(2026, 2, 9) })
    expect(again.out).toMatch(/^d\.jsonl is as it was frozen on 2026-03-03: 2 cases, [0-9a-f]{16}\.\n$/)
    expect(readFileSync(join(cwd, 'd.jsonl.lock'), 'utf8')).toBe(lock)
  })

  it('does not take what is no lock for one', async () => {
    const cwd = temporaryFolder({ 'd.jsonl': lines(row('a', 'x')), 'd.jsonl.lock': '{"hash":1}' })
    expect(await pilot(cwd, ['dataset', 'check', 'd.jsonl'])).toEqual({
      code: 2,
      out: '',
      err: 'error d.jsonl.lock is no lock of a dataset.\nTake it from a copy, or remove it and freeze again: pilot dataset freeze d.jsonl\n',
    })
    expect((await pilot(cwd, ['dataset', 'freeze', '-'], { stdin: '{"input":1}' })).code).toBe(2)
  })
})

/** Chance that of n cases the exact test of lost against gained gives p < 0.05, over every pair of counts. */
function powerByHand(n: number, lost: number, gained: number): number {
  const logs = Array.from({ length: n + 1 }, (_, k) => (k === 0 ? 0 : Math.log(k)))
  const factorial = logs.map((_, k) => logs.slice(0, k + 1).reduce((sum, log) => sum + log, 0))
  const p = (few: number, all: number) => {
    let sum = 0
    for (let k = 0; k <= few; k += 1)
      sum += Math.exp(factorial[all]! - factorial[k]! - factorial[all - k]! - all * Math.LN2)
    return Math.min(1, 2 * sum)
  }
  let chance = 0
  for (let l = 0; l <= n; l += 1)
    for (let g = 0; l + g <= n; g += 1)
      if (l !== g && p(Math.min(l, g), l + g) < 0.05)
        chance += Math.exp(
          factorial[n]! -
            factorial[l]! -
            factorial[g]! -
            factorial[n - l - g]! +
            l * Math.log(lost) +
            g * Math.log(gained) +
            (n - l - g) * Math.log(1 - lost - gained),
        )
  return chance
}

describe('pilot dataset check', () => {
  const many = (count: number) =>
    jsonLines(Array.from({ length: count }, (_, index) => ({ id: index, input: `question ${index}` })))

  it.each([
    [29, 'Fewer than 30 cases: only a very large change is seen. With 29'],
    [30, 'With 30'],
    [100, 'With 100'],
    [101, 'More than 100 cases: enough for large changes. With 101'],
  ])('says what %i cases can show', async (count, start) => {
    const cwd = temporaryFolder({ 'd.jsonl': many(count) })
    const { out } = await pilot(cwd, ['dataset', 'check', 'd.jsonl'])
    const chance = Math.round(powerByHand(count, 0.15, 0.05) * 100)
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      `- ${start} cases a drop from flips of 15 % and 5 % is seen with a chance of ${chance} %; 168 cases would give 80 %.`,
    )
  })

  it('counts on the fewest cases that give 80 %', () => {
    expect(powerByHand(168, 0.15, 0.05)).toBeGreaterThanOrEqual(0.8)
    expect(powerByHand(167, 0.15, 0.05)).toBeLessThan(0.8)
  })

  it('shows tags, clusters, what is asked twice, and lines that are no cases', async () => {
    const cwd = temporaryFolder({
      'd.jsonl': jsonLines([
        { id: 'a', input: 'Where is my  order 7?', tags: ['x', 'y'], cluster: 'c', expected: 'here', output: 'there' },
        { id: 'b', input: ' where is my order 7?', tags: ['x'], cluster: 'c', origin: 'synthetic' },
        { id: 'c', input: 'Where is my order 8?', origin: 'trace:lantern/t1' },
        { id: 'd' },
      ]),
    })
    const { code, out, err } = await pilot(cwd, ['dataset', 'check', 'd.jsonl'])
    expect(err).toBe(
      'problem d.jsonl:4: no inputs: expected a column inputs, input, vars …\nNext: pilot dataset freeze d.jsonl\n',
    )
    expect(code).toBe(1)
    expect(out.replace(/hash [0-9a-f]{16}/, 'hash H')).toBe(`d.jsonl: 3 cases
tag  cases
───  ─────
x        2
y        1
  - hash H; not frozen
  - with a reference: 1 of 3; with a recorded output: 1 of 3
  - from: not stated 1, synthetic 1, traces 1
  - clusters: 1 among 2 of 3 cases, the largest of 2; cases of one are not independent
  - asked twice: 1 of 3 (b as a)
  - problems: 1
  - Fewer than 30 cases: only a very large change is seen. With 3 cases a drop from flips of 15 %
    and 5 % is seen with a chance of 0 %; 168 cases would give 80 %.
`)
  })

  it('reads standard input, and prints one document with --json', async () => {
    const ran = await pilot(temporaryFolder(), ['dataset', 'check', '-', '--json'], { stdin: '{"id":"a","input":"x"}' })
    expect(JSON.parse(ran.out)).toMatchObject({ schemaVersion: 1, cases: 1, frozen: null, problems: [] })
  })
})

describe('a sample', () => {
  const sizes = new Map([
    ['b', 10],
    ['a', 100],
    ['c', 1],
  ])

  it('takes one of each stratum, and the rest in proportion', () => {
    // 17 beyond one each, of 108: a 99 · 17/108 = 15.58, b 9 · 17/108 = 1.42, c 0: 15, 1, and the one left over to a.
    expect(allotSample(sizes, 20).map(({ name, taken }) => [name, taken])).toEqual([
      ['a', 17],
      ['b', 2],
      ['c', 1],
    ])
  })

  it.each([
    [3, [1, 1, 1]],
    [2, [1, 1, 0]],
    [1, [1, 0, 0]],
    [111, [100, 10, 1]],
    [500, [100, 10, 1]],
  ])('of %i takes %j', (n, taken) => {
    expect(allotSample(sizes, n).map((stratum) => stratum.taken)).toEqual(taken)
  })

  it('of nothing is nothing', () => {
    expect(allotSample(new Map(), 5)).toEqual([])
  })

  it('is the same for the same seed, another for another, and keeps the order', () => {
    const items = Array.from({ length: 100 }, (_, index) => index)
    const take = (seed: number) =>
      sampleByStratum(items, { n: 10, stratumOf: () => '', random: seededRandom(seed) }).sample
    expect(take(1)).toEqual(take(1))
    expect(take(2)).not.toEqual(take(1))
    expect(new Set(take(1)).size).toBe(10)
    expect(take(1)).toEqual([...take(1)].sort((a, b) => a - b))
  })
})

it('inputs are the same but for letters and spaces; digits count', () => {
  expect(normalInputs({ q: ' Where\n IS it?', n: [1, 'A'] })).toEqual({ q: 'where is it?', n: [1, 'a'] })
  expect(normalInputs('order 7')).not.toBe(normalInputs('order 8'))
})

it('a policy goes over the texts and keys of any value', async () => {
  const policy = await createPolicy([{ detect: ['email'], do: 'redact' }], (value) => value)
  expect(policy.applyJson({ 'jo@acme.com': [1, 'ask jo@acme.com'] })).toEqual({
    '[redacted:email]': [1, 'ask [redacted:email]'],
  })
  expect(policy.applyJson(null)).toBeNull()
})

type Parts = Parameters<typeof traceOf>[0]

function outputOf(parts: Parts, contents: Record<string, SpanContent>) {
  const trace = traceOf(parts)
  const structure = readStructure(trace)
  const run = readRun(trace, structure, structure.root!, () => undefined)
  return readTraceOutput(run, new Map(Object.entries(contents)))
}

const root = { spanId: 'r', kind: 'workflow' } as const
const below = { parentId: 'r' } as const
const trace = { platform: 'a', traceId: 't1' }

describe('a recorded run', () => {
  it('of which nothing is told has an output of which all is unknown', () => {
    expect(outputOf([root], {})).toEqual({ inputs: undefined, output: { trace } })
  })

  it('came out as its root says, else its last message, else the last model call that answered', () => {
    const parts: Parts = [
      root,
      { spanId: 'c1', kind: 'llm', ...below, requestModel: 'm1', promptName: 'p', promptVersion: '3' },
      { spanId: 'c2', kind: 'llm', ...below, requestModel: 'm2', responseModel: 'm2-x' },
      { spanId: 'c3', kind: 'llm', ...below, requestModel: 'm3', status: 'error' },
    ]
    const calls = {
      c1: { output: 'first' },
      c2: {
        outputMessages: [
          { role: 'assistant', content: 'second' },
          { role: 'assistant', toolCalls: [] },
        ],
      },
      c3: { output: 'third' },
    }
    expect(outputOf(parts, calls).output).toMatchObject({ value: 'second', model: 'm2', prompt: 'p@3' })
    const said = { outputMessages: [{ role: 'assistant', content: 'said' }] }
    expect(outputOf(parts, { ...calls, r: said }).output.value).toBe('said')
    expect(outputOf(parts, { ...calls, r: { ...said, output: null } }).output.value).toBe('said')
    expect(outputOf(parts, { ...calls, r: { ...said, output: { a: 1 } } }).output.value).toEqual({ a: 1 })
  })

  it('was given what its root says, else the last message of the user', () => {
    const messages = (...texts: string[]) => ({
      inputMessages: texts.map((content) => ({ role: 'user', content })).concat({ role: 'tool', content: 'found' }),
    })
    const parts: Parts = [root, { spanId: 'c1', kind: 'llm', ...below }, { spanId: 'c2', kind: 'llm', ...below }]
    const calls = { c1: messages('hi', 'Where is it?'), c2: messages('rewritten') }
    expect(outputOf(parts, calls).inputs).toBe('Where is it?')
    expect(outputOf(parts, { ...calls, r: messages('asked') }).inputs).toBe('asked')
    expect(outputOf(parts, { ...calls, r: { ...messages('asked'), input: { q: 1 } } }).inputs).toEqual({ q: 1 })
  })

  it('has the documents of retrievals that did not fail, each once; unknown where none says', () => {
    const parts: Parts = [
      root,
      { spanId: 'a', kind: 'retriever', ...below },
      { spanId: 'b', kind: 'retriever', ...below, status: 'error' },
      { spanId: 'c', kind: 'reranker', ...below },
    ]
    const found = { a: { documents: [{ id: '1' }, { id: '2' }] }, b: { documents: [{ id: '9' }] } }
    expect(outputOf(parts, { ...found, c: { documents: [{ id: '2' }] } }).output.documents).toEqual([
      { id: '1' },
      { id: '2' },
    ])
    expect(outputOf(parts, { a: { documents: [] } }).output.documents).toEqual([])
    expect(outputOf(parts, { b: found.b }).output).not.toHaveProperty('documents')
    expect(outputOf([root], { r: found.a }).output).not.toHaveProperty('documents')
  })

  it('used the tools of its spans, in order of start', () => {
    const parts: Parts = [
      root,
      { spanId: 'a', name: 'execute_tool search', kind: 'tool', ...below },
      { spanId: 'b', kind: 'tool', ...below, status: 'error' },
    ]
    expect(
      outputOf(parts, { a: { toolResult: [] }, b: { toolName: 'lookup', toolArguments: { id: 7 } } }).output.tools,
    ).toEqual([
      { name: 'search', result: [] },
      { name: 'lookup', arguments: { id: 7 }, isError: true },
    ])
  })

  it('used the tools that its messages name, where no span is one', () => {
    const parts: Parts = [root, { spanId: 'c1', kind: 'llm', ...below }, { spanId: 'c2', kind: 'llm', ...below }]
    const asks = { outputMessages: [{ role: 'assistant', toolCalls: [{ id: '1', name: 'f', arguments: { a: 1 } }] }] }
    const answers = {
      inputMessages: [...asks.outputMessages, { role: 'tool', toolCallId: '1', content: 'found' }],
      outputMessages: [{ role: 'assistant', content: 'done' }],
    }
    const called = [{ name: 'f', arguments: { a: 1 }, result: 'found' }]
    expect(outputOf(parts, { c1: asks, c2: answers }).output.tools).toEqual(called)
    const plain = { outputMessages: answers.outputMessages }
    expect(outputOf(parts, { c1: plain, c2: plain }).output.tools).toEqual([])
    // One call does not show its answer: nobody knows whether it asked for a tool.
    expect(outputOf(parts, { c1: plain, c2: { output: 'done' } }).output).not.toHaveProperty('tools')
  })

  it('is told by the row about its whole trace, where its root says nothing', () => {
    expect(outputOf([root], { t1: { input: 'Q', output: 'A' } })).toEqual({
      inputs: 'Q',
      output: { value: 'A', trace },
    })
  })
})

describe('pilot dataset from-traces', () => {
  const runs = jsonLines([
    span('a1', '1', {
      input: 'Where is it?',
      output: 'Here.',
      tenant: 'acme',
      session: 's1',
      tags: ['beta'],
      request: 'q1',
      end: '2026-03-02T10:00:01Z',
    }),
    span('a1', '2', { parent_id: '1', kind: 'retriever', documents: [{ id: 'd1', content: 'faq', score: 0.5 }] }),
    span('a1', '3', { parent_id: '1', kind: 'tool', tool: { name: 'lookup', arguments: { id: 7 }, result: 'sent' } }),
    span('a2', '1', { input: ' where IS it?', output: 'There.', tenant: 'acme' }),
    span('a3', '1', {
      input: 'Mail jo@acme.com',
      output: 'To jo@acme.com',
      tenant: 'globex',
      error: 'timeout',
      status: 'error',
    }),
    span('a4', '1', { tenant: 'globex' }),
    span('a5', '1', { input: 'Bye', output: 'Bye.', tenant: 'globex', request: 'q5' }),
  ])
  const labels = 'item,name,value,by\nq1,good,yes,e1\na1,good,yes,e2\nq1,tone,warm,e1\na1,tone,cold,e2\n'

  async function stored(more = ''): Promise<string> {
    const cwd = project({ 'traces.jsonl': runs, 'labels.csv': labels }, more)
    await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])
    await pilot(cwd, ['ingest', '-q', '--as', 'labels', 'labels.csv'])
    return cwd
  }

  it('writes one case for each input, with all that was recorded, for its owner alone', async () => {
    const cwd = await stored()
    const { code, out, err } = await pilot(cwd, ['dataset', 'from-traces', '--out', 'd.jsonl'])
    expect({ code, err }).toEqual({ code: 0, err: 'Next: pilot dataset check d.jsonl\n' })
    expect(out).toBe(`3 cases in d.jsonl
  - rule: production runs of the workflow in the window, one per input: all 3
  - runs: 5; with an input that an earlier one had: 1; without an input: 1
  - cases with labels: 1
  - labels left out, since people disagree: 1
  - no request log: nobody knows which runs are production (pilot ingest --as requests)
`)
    expect(statSync(join(cwd, 'd.jsonl')).mode & 0o777).toBe(0o600)
    const [first, ...others] = readFileSync(join(cwd, 'd.jsonl'), 'utf8').trimEnd().split('\n')
    expect(JSON.parse(first!)).toEqual({
      id: 'a1',
      inputs: 'Where is it?',
      tags: ['beta'],
      cluster: 's1',
      origin: 'trace:lantern/a1',
      labels: { good: 'yes' },
      output: 'Here.',
      documents: [{ id: 'd1', content: 'faq', score: 0.5 }],
      tools: [{ name: 'lookup', arguments: { id: 7 }, result: 'sent' }],
      latency_ms: 1000,
    })
    expect(others.map((line) => JSON.parse(line).id)).toEqual(['a3', 'a5'])
    expect((await load(cwd, 'd.jsonl')).problems).toEqual([])
  })

  it('narrows to what failed, to a tenant, to a time', async () => {
    const cwd = await stored()
    const ids = async (...argv: string[]) =>
      ((await json(cwd, 'dataset', 'from-traces', ...argv)).rows as { id: string }[]).map(({ id }) => id)
    expect(await ids('--failed')).toEqual(['a3'])
    expect(await ids('--tenant', 'acme')).toEqual(['a1'])
    expect(await ids('--until', '2026-03-02T10:00:01')).toEqual(['a1', 'a3', 'a5'])
    expect(await pilot(cwd, ['dataset', 'from-traces', '--since', '2026-03-03'])).toEqual({
      code: 2,
      out: '',
      err: 'error No run of the workflow in the window meets this.\npilot traces lists what is stored.\n',
    })
    expect((await pilot(cwd, ['dataset', 'from-traces', '--platform', 'other'])).code).toBe(2)
    expect((await pilot(cwd, ['dataset', 'from-traces', '--by', 'tenant'])).code).toBe(2)
  })

  it('samples over tenants, and says how', async () => {
    const cwd = await stored()
    const made = await json(cwd, 'dataset', 'from-traces', '--sample', '2', '--by', 'tenant', '--seed', '3')
    expect(made.strata).toEqual([
      { name: 'acme', size: 1, taken: 1 },
      { name: 'globex', size: 2, taken: 1 },
    ])
    expect(made.rule).toBe(
      'production runs of the workflow in the window, one per input: 2 of 3 at random, seed 3, by tenant: one of each if n allows, the rest in proportion',
    )
  })

  it('leaves out what is no production, unless it is asked for', async () => {
    const cwd = await stored()
    const log = 'id,time,origin\nq1,2026-03-02T10:00:00Z,replay\nq5,2026-03-02T10:00:00Z,production\n'
    writeFileSync(join(cwd, 'requests.csv'), log)
    await pilot(cwd, ['ingest', '-q', '--as', 'requests', 'requests.csv'])
    const made = await json(cwd, 'dataset', 'from-traces')
    expect(made.rows.map(({ id }: { id: string }) => id)).toEqual(['a5'])
    expect(made.refused).toEqual({ replay: 1, 'not logged': 3 })
    const more = await json(cwd, 'dataset', 'from-traces', '--include', 'replay')
    expect(more.rows.map(({ id }: { id: string }) => id)).toEqual(['a1', 'a5'])
  })

  it('applies privacy rules that are newer than the data', async () => {
    const cwd = await stored()
    const path = join(cwd, 'pilot.yaml')
    const rules = (text: string) => writeFileSync(path, `${readFileSync(path, 'utf8').split('capture:')[0]}${text}`)
    rules('capture:\n  privacy:\n    - { detect: [email], do: redact }\n    - { field: session, do: hash }\n')
    const made = await json(cwd, 'dataset', 'from-traces')
    expect(made.rows[1]).toMatchObject({ inputs: 'Mail [redacted:email]', output: 'To [redacted:email]' })
    expect(made.rows[0].cluster).toMatch(/^hash:[0-9a-f]{16}$/)
    expect(made.redacted).toBe(2)
    rules('capture:\n  privacy:\n    - { field: input, do: omit }\n')
    expect((await pilot(cwd, ['dataset', 'from-traces'])).code).toBe(2)
  })

  it('keeps the token of what was hashed when it came', async () => {
    const cwd = await stored('capture:\n  privacy:\n    - { field: session, do: hash }\n')
    const made = await json(cwd, 'dataset', 'from-traces')
    const [trace] = (await json(cwd, 'trace', 'a1')).spans
    expect(made.rows[0].cluster).toBe(trace.session)
    expect(made.redacted).toBe(0)
  })

  it('prints the cases where no file is named, with nothing in them that drives a terminal', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines([span('a1', '1', { input: 'x\u009b2J\u202e', output: 'y' })]) })
    await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])
    for (const argv of [[], ['--out', '-']]) {
      const { out, err } = await pilot(cwd, ['dataset', 'from-traces', ...argv])
      expect(out).toBe('{"id":"a1","inputs":"x\\u009b2J\\u202e","origin":"trace:lantern/a1","output":"y"}\n')
      expect(err).toContain('1 case\n  - rule: ')
    }
  })
})
