import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../src/config/load.js'
import { templates } from '../src/config/templates/index.js'
import { yamlScalar } from '../src/config/yaml-scalar.js'
import { proposeWorkflow } from '../src/core/propose.js'
import type { Attributes, Span } from '../src/core/span.js'
import { type InitOptions, runInit } from '../src/jobs/init.js'
import type { InitWorld } from '../src/jobs/init-questions.js'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'pilot-init-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

function world(stdin: InitWorld['stdin'] = new PassThrough()): InitWorld {
  return { cwd, env: { USER: 'jane' }, stdin, prompts: new PassThrough(), nowMs: () => Date.UTC(2026, 2, 2, 23, 59) }
}

const init = (options: InitOptions) => runInit(options, world())
const written = () => readFileSync(join(cwd, 'pilot.yaml'), 'utf8')
const config = () => loadConfig({ cwd, env: {} }).config

describe('pilot init --yes', () => {
  it.each(templates.map(({ name }) => name))('--template %s writes a pilot.yaml that loads', async (template) => {
    const result = await init({ yes: true, template })
    expect(result).toEqual({
      written: ['pilot.yaml', '.pilot/schema.json', '.gitignore'],
      template,
      observed: undefined,
    })
    const { pilot, workflow, criteria } = config()
    expect(pilot).toMatchObject({
      owner: 'jane',
      start: '2026-03-02',
      end: '2026-03-29',
      candidates: [{ id: 'promptlayer' }],
    })
    expect(workflow.map?.some(({ kind }) => kind === 'llm')).toBe(true)
    expect(criteria.find(({ id }) => id === 'trace-coverage')).toEqual({
      id: 'trace-coverage',
      target: { comparison: '>=', value: 0.95 },
      must: true,
    })
    expect(criteria.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'debug-time',
        'prompt-version-mapped',
        'cost-per-run',
        'cost-by-model',
        'cost-by-tenant',
        'evals-connected',
        'overhead',
      ]),
    )
  })

  it('starts with the line that editors read, and has a comment beside every unit', async () => {
    await init({ yes: true })
    expect(written().split('\n').slice(0, 12)).toEqual([
      '# yaml-language-server: $schema=.pilot/schema.json',
      '# A pilot, from the template support-agent, whose names are examples. Days are UTC. Every key with its unit: pilot.yaml.example.',
      'version: 1',
      '',
      'pilot:',
      '  name: support-answer',
      '  owner: jane  # who answers for the decision',
      '  start: 2026-03-02  # first day of the window, UTC',
      '  end: 2026-03-29  # last day of the window, UTC, included',
      '  candidates:  # the tools under pilot, by the id that --platform names',
      '    - { id: promptlayer }',
      '  # baseline: current-logs  # what the team has today, measured beside them',
    ])
    expect(written()).toContain('  - { id: debug-time, target: "< 10 min", must: true }  # Time to diagnose (median)\n')
  })

  it('keeps .pilot/ to its owner', async () => {
    await init({ yes: true })
    expect(statSync(join(cwd, '.pilot')).mode & 0o777).toBe(0o700)
    expect(statSync(join(cwd, '.pilot', 'schema.json')).mode & 0o777).toBe(0o600)
  })

  it('names the candidate after --platform', async () => {
    await init({ yes: true, platform: 'langfuse' })
    expect(config().pilot.candidates).toEqual([{ id: 'langfuse' }])
  })

  it('with an impossible --platform says where, and writes nothing', async () => {
    await expect(init({ yes: true, platform: 'a b' })).rejects.toThrow(
      'pilot.yaml:11:13: pilot.candidates.0.id: expected letters',
    )
    expect(existsSync(join(cwd, 'pilot.yaml'))).toBe(false)
  })

  it('leaves a pilot.yaml alone that is there, but for --force', async () => {
    writeFileSync(join(cwd, 'pilot.yaml'), 'mine')
    await expect(init({ yes: true })).rejects.toMatchObject({
      message: 'pilot.yaml exists already.',
      hint: 'pilot init --force replaces it.',
      exitCode: 2,
    })
    expect(written()).toBe('mine')
    await init({ yes: true, force: true })
    expect(config().version).toBe(1)
  })

  it.each([
    ['', '.pilot/\n'],
    ['dist', 'dist\n.pilot/\n'],
    ['dist\n', 'dist\n.pilot/\n'],
    ['dist\n/.pilot\n', 'dist\n/.pilot\n'],
    ['.pilot/\r\ndist\r\n', '.pilot/\r\ndist\r\n'],
  ])('turns the .gitignore %j into %j', async (before, after) => {
    writeFileSync(join(cwd, '.gitignore'), before)
    await init({ yes: true })
    expect(readFileSync(join(cwd, '.gitignore'), 'utf8')).toBe(after)
  })

  it('names the templates when there is none of that name', async () => {
    await expect(init({ yes: true, template: 'support' })).rejects.toMatchObject({
      message: 'No template has this name.',
      hint: 'Templates: support-agent, sales-email, extraction, coding-assistant, rag.',
    })
  })
})

describe('pilot init', () => {
  it('asks nothing where nobody can answer, and says how to go on', async () => {
    await expect(init({})).rejects.toMatchObject({
      message: 'Standard input is no terminal, so nothing can be asked.',
      hint: 'pilot init --yes --template <support-agent|sales-email|extraction|coding-assistant|rag>',
      exitCode: 2,
    })
  })

  it('takes Enter for what it proposes, and an answer for what is typed', async () => {
    const place = world(terminal())
    const done = runInit({}, place)
    await answer(place, [
      ['Which workflow', '\u001b[B\r'],
      ['visibility tool', 'lang fuse\r'],
      ['letters, digits', '\u007f\u007f\u007f\u007f\u007ffuse\r'],
      ['Who answers', 'ann\r'],
      ['First day', '\r'],
      ['Last day', '2026-03-15\r'],
      ['Requests with a trace (a must)', '>= 99 %\r'],
      ...Array.from({ length: 11 }, (): [string, string] => [': target?', '\r']),
    ])
    await done
    const { pilot, workflow, criteria } = config()
    expect(pilot).toMatchObject({
      owner: 'ann',
      start: '2026-03-02',
      end: '2026-03-15',
      candidates: [{ id: 'langfuse' }],
    })
    expect(workflow.name).toBe('sales-email')
    expect(criteria.map(({ id, target }) => [id, target.value]).slice(0, 2)).toEqual([
      ['trace-coverage', 0.99],
      ['debug-time', 10],
    ])
  })

  it('that is cancelled exits 130 and writes nothing', async () => {
    const place = world(terminal())
    const done = expect(runInit({ template: 'rag' }, place)).rejects.toMatchObject({
      message: 'Cancelled; nothing was written.',
      exitCode: 130,
    })
    await answer(place, [['visibility tool', '\u0003']])
    await done
    expect(existsSync(join(cwd, 'pilot.yaml'))).toBe(false)
  })
})

describe('pilot init --from', () => {
  it('writes what the export shows, each line with its evidence', async () => {
    const spans = [...run('t1', 1), ...run('t2', 3), ...run('t3', 0), span('t4', 'x', undefined, { name: 'health' })]
    const result = await init({ yes: true, from: { label: 'export.jsonl', spans: stream(spans) } })
    expect(result.observed).toMatchObject({ from: 'export.jsonl', proposal: { matched: 3, traces: 4 } })
    expect(written()).toContain(`  match:  # 3 of 4 traces
    root: answer  # name of the root span
    service: bot
    environment: production
`)
    expect(written()).toContain(`  map:  # one good trace: times is how often a step occurs in it
    - { step: draft, kind: llm, under: answer, times: 1, prompt: reply, models: [gpt-4.1] }  # 3 of 3 traces
    - { step: search, kind: retriever, under: answer, times: 0..3 }  # 2 of 3 traces
`)
    expect(written()).toContain(`    tenant: [metadata.customer.id]  # 3 of 3 traces
    # user: found by convention in 3 of 3 traces
    # session: not seen in any trace
    request: [x-request-id]  # 2 of 3 traces
    # release: not seen in any trace
`)
    expect(config().pilot).toMatchObject({ name: 'answer', start: '2026-02-01', end: '2026-02-28' })
    expect(config().capture.keys).toEqual({ tenant: ['metadata.customer.id'], request: ['x-request-id'] })
  })

  it('of an export without a root is refused', async () => {
    const spans = stream([span('t1', 'a', 'gone')])
    await expect(init({ yes: true, from: { label: 'export.jsonl', spans } })).rejects.toMatchObject({
      message: 'export.jsonl holds no trace with a root span, so nothing can be proposed from it.',
      exitCode: 3,
    })
  })

  it('reads no more than 20,000 spans', async () => {
    let read = 0
    async function* endless() {
      for (;;) {
        read += 1
        yield span(`t${read}`, 'a')
      }
    }
    await init({ yes: true, from: { label: 'big.jsonl', spans: endless() } })
    expect(read).toBe(20_000)
  })

  it('writes hostile names so that they read back the same, and show nothing but letters', async () => {
    const name = 'a: {b} # "c"\n\u001b[31m\u202e\u0085 \'d\''
    await init({ yes: true, from: { label: 'x', spans: stream([span('t1', 'a', undefined, { name })]) } })
    expect(config().workflow.match).toEqual({ root: name })
    expect(written()).not.toMatch(/[\u001b\u202e\u0085]/)
  })
})

describe('a proposal', () => {
  it('leaves out plumbing, and steps in fewer than one of ten traces', () => {
    const spans = Array.from({ length: 20 }, (_, i) => [
      span(`t${i}`, 'root', undefined, { name: 'answer' }),
      span(`t${i}`, 'http', 'root', { kind: 'other', name: 'POST' }),
      span(`t${i}`, 'tool', 'root', { kind: 'tool', name: i < 2 ? 'seldom' : `only-${i}` }),
    ]).flat()
    expect(proposeWorkflow(spans)?.map).toEqual([
      {
        step: 'seldom',
        kind: 'tool',
        under: 'answer',
        times: { min: 0, max: 1 },
        traces: 2,
        prompt: undefined,
        models: [],
      },
    ])
  })

  it('finds keys inside JSON texts, and is not led astray by hostile ones', () => {
    const metadata = '{"__proto__": {"tenant_id": "a"}, "tenantId": "b", "deep": {"a": {"b": {"tenant": "c"}}}}'
    const spans = [span('t1', 'a', undefined, { content: { attributes: { metadata, broken: '{"tenant' } } })]
    expect(proposeWorkflow(spans)?.keys[0]).toEqual({
      field: 'tenant',
      paths: [
        { path: 'metadata.__proto__.tenant_id', traces: 1 },
        { path: 'metadata.tenantId', traces: 1 },
      ],
      byConvention: 0,
    })
  })

  it('is of the traces with LLM work, however many others there are', () => {
    const probes = Array.from({ length: 9 }, (_, i) => span(`p${i}`, 'a', undefined, { name: 'GET', kind: 'other' }))
    const work = [
      span('t1', 'root', undefined, { name: 'POST', kind: 'other' }),
      span('t1', 'llm', 'root', { kind: 'llm' }),
    ]
    expect(proposeWorkflow([...probes, ...work])).toMatchObject({ match: { root: 'POST' }, matched: 1, traces: 10 })
  })

  it('is undefined without spans', () => {
    expect(proposeWorkflow([])).toBeUndefined()
  })
})

describe('a YAML scalar', () => {
  it.each([
    'plain',
    'two words',
    'yes',
    'null',
    '',
    ' x',
    '-',
    '1',
    '>= 95 %',
    'a: b',
    'a #b',
    "it's",
    '"',
    '\\',
    '\u0000\u007f\u2028\ufeff',
    '\ud800',
    'ünï',
    '[a, b]',
    '*a',
    '2026-03-02',
  ])('%j reads back as the same text', (text) => {
    expect(parse(`[${yamlScalar(text)}]`)).toEqual([text])
    expect(parse(`a: ${yamlScalar(text)}`)).toEqual({ a: text })
  })
})

function span(traceId: string, spanId: string, parentId?: string, rest: Partial<Span> = {}): Span {
  return {
    traceId,
    spanId,
    ...(parentId && { parentId }),
    name: 'answer',
    kind: 'chain',
    status: 'unset',
    content: {},
    ...rest,
  }
}

/** One run with `searches` retrievals; all but the first have a request id. */
function run(traceId: string, searches: number): Span[] {
  const metadata = { customer: { id: 'acme' } }
  const request: Attributes = traceId === 't1' ? {} : { 'x-request-id': 'r1' }
  const root = {
    service: 'bot',
    environment: 'production',
    user: 'u1',
    startMs: Date.UTC(2026, 1, 1, 8),
    content: { attributes: { metadata, ...request } },
  }
  return [
    ...Array.from({ length: searches }, (_, i) =>
      span(traceId, `s${i}`, 'root', { name: 'search', kind: 'retriever' }),
    ),
    span(traceId, 'llm', 'root', { name: 'draft', kind: 'llm', requestModel: 'gpt-4.1', promptName: 'reply' }),
    span(traceId, 'root', undefined, root),
  ]
}

async function* stream(spans: Span[]): AsyncGenerator<Span> {
  yield* spans
}

function terminal() {
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
}

/** Types each answer once its question stands on the screen. */
async function answer({ stdin, prompts }: InitWorld, dialogue: [question: string, keys: string][]): Promise<void> {
  if (!(stdin instanceof PassThrough) || !(prompts instanceof PassThrough))
    throw new Error('not a terminal of this test')
  let screen = ''
  prompts.on('data', (drawn: Buffer) => {
    screen += drawn.toString()
  })
  for (const [question, keys] of dialogue) {
    while (!screen.includes(question)) await wait(5)
    screen = ''
    stdin.write(keys)
  }
}
