import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { leavesOf, pathOf } from '../src/cli/audience.js'
import { createProgram } from '../src/cli/main.js'
import { groupsForProduct } from '../src/core/audience/groups.js'
import { namesShown } from '../src/core/audience/names.js'
import { only } from '../src/core/audience/sight.js'
import { foldPhrase, foldText } from '../src/core/fold-text.js'
import { msOfWallClock } from '../src/core/zone.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'

/** Commands that print no evidence: they set up, write or read what a person types. */
const withoutEvidence = [
  ...['init', 'lock', 'demo', 'ingest', 'receive', 'dataset freeze'],
  ...['log effort', 'log task', 'log usage', 'log remove'],
]

let count = 0
/** A word that stands nowhere else. */
const canary = () => `CANARY${++count}x`

/** Runs of which every text, id and name is a canary; `n` of them. */
function canaryRuns(n: number): object[] {
  const spelling = canary()
  return Array.from({ length: n }, (_, place) => {
    const [trace, root] = [canary(), canary()]
    const whole = {
      ...{ user: canary(), tenant: tenantOf(place, spelling), session: canary(), request: canary(), release: canary() },
      ...{ environment: canary(), workflow: canary(), service: canary() },
    }
    return [
      {
        ...span(trace, root),
        ...{ ...whole, end: '2026-03-02T10:00:02Z', input: canary(), output: canary(), tags: [canary()] },
        attributes: { [canary()]: canary(), tenant_id: canary() },
        feedback: [{ kind: 'thumbs', value: -1, comment: canary(), name: canary() }],
        scores: [{ name: canary(), value: 0.5, label: canary(), comment: canary() }],
      },
      {
        ...span(trace, canary(), {
          parent_id: root,
          name: canary(),
          kind: 'llm',
          end: '2026-03-02T10:00:01Z',
          model: canary(),
        }),
        ...{ error: canary(), settings: { [canary()]: canary() }, input: canary(), output: canary() },
        prompt: { name: canary(), version: canary(), template: canary(), variables: { [canary()]: canary() } },
        usage: { input_tokens: 10, output_tokens: 5 },
      },
      {
        ...span(trace, canary(), {
          parent_id: root,
          name: canary(),
          kind: 'llm',
          end: '2026-03-02T10:00:01Z',
          model: 'gpt-4.1',
        }),
        ...{ input: canary(), output: canary(), usage: { input_tokens: 10, output_tokens: 5 } },
        prompt: { name: 'answer', version: count % 2 === 0 ? '7' : '8', template: `${canary()}\n${canary()}` },
      },
      {
        ...span(trace, canary(), { parent_id: root, name: canary(), kind: 'tool', end: '2026-03-02T10:00:01Z' }),
        tool: { name: canary(), arguments: { [canary()]: canary() }, result: canary() },
      },
      {
        ...span(trace, canary(), { name: canary(), kind: 'retriever', parent_id: canary() }),
        documents: [{ id: canary(), content: canary(), score: 0.5 }],
      },
    ]
  }).flat()
}

/** Two spellings of one tenant, then others. */
function tenantOf(place: number, spelling: string): string {
  return place === 0 ? spelling : place === 1 ? spelling.toLowerCase() : canary()
}

const config = `evals:
  suites:
    - { id: answers, checks: [{ check: contains, value: nothing-has-this }] }
`

/** A project in which everything of every kind of record is a canary. */
async function canaryProject(): Promise<string> {
  const csv = (head: string, ...rows: string[]) => `${[head, ...rows].join('\n')}\n`
  const runs = canaryRuns(6)
  const traces = [...new Set(runs.map((row) => (row as { trace_id: string }).trace_id))]
  const cwd = project(
    {
      'runs.jsonl': jsonLines(runs),
      'requests.csv': csv(
        'id,time,origin,tenant,user,trace_id,release',
        ...traces.map((id) => `${canary()},2026-03-02T10:00:00Z,production,${canary()},${canary()},${id},${canary()}`),
        `${canary()},2026-03-02T11:00:00Z,production,${canary()},${canary()},,`,
      ),
      'feedback.csv': csv(
        'id,time,kind,value,comment,user,trace_id',
        ...traces.map((id) => `${canary()},2026-03-02T10:01:00Z,thumbs,down,${canary()},${canary()},${id}`),
      ),
      'deployments.csv': csv(
        'time,kind,name,version,environment,action,by,reviewed_by,evidence',
        `2026-03-02T09:00:00Z,prompt,answer,7,production,deploy,${canary()},${canary()},${canary()}`,
      ),
      'attempts.csv': csv(
        'arm,minutes,diagnosed,engineer,incident',
        `lantern,5,yes,${canary()},${canary()}`,
        `${canary()},5,yes,${canary()},${canary()}`,
      ),
      'labels.csv': csv(
        'item,name,value,by,note',
        ...['a', 'b'].map(() => `${canary()},${canary()},${canary()},${canary()},${canary()}`),
      ),
      'bill.csv': csv('id,time,model,cost', `${canary()},2026-03-02T10:00:00Z,${canary()},0.5`),
      'log.csv': csv(
        'kind,time,platform,engineer,hours,activity,note',
        `effort,2026-03-02,lantern,e1,2,instrument,${canary()}`,
      ),
    },
    config,
  )
  const take = async (...words: string[]) => {
    const ran = await pilot(cwd, ['ingest', '-q', ...words])
    expect(ran.code, ran.err).toBe(0)
  }
  await take('runs.jsonl')
  for (const as of ['requests', 'feedback', 'deployments', 'attempts', 'labels', 'log'])
    await take('--as', as, `${as}.csv`)
  await take('--as', 'billing', 'bill.csv')
  for (const version of ['7', '8'])
    await pilot(cwd, ['eval', 'run', 'answers', '--platform', 'lantern', '--prompt', `answer@${version}`])
  return cwd
}

/** Every line that a command takes for product, by its path; `<id>` is a trace of the store. */
const lines: Readonly<Record<string, readonly string[]>> = {
  status: [''],
  data: [''],
  traces: ['', '--feedback down', '--status error --sort latency'],
  trace: ['<id>', 'nothing-like-this'],
  ask: ['', '1', '2', '3', '4', '5', '6', '7', '<id>', '1 --trace <id>'],
  map: ['', '--suggest', '--mermaid'],
  coverage: [''],
  capture: [''],
  cost: ['', '--by tenant', '--reconcile', '--platform-fee'],
  latency: ['', '--by step'],
  releases: ['', '7', 'answer@8', 'answer@7', 'nothing-like-this'],
  'eval list': [''],
  'eval show': ['', '--cases', '--markdown -', '--github', 'nothing-like-this', '--check nothing'],
  'eval compare': [
    'answer@7 answer@8 --force --margin 5%',
    'answers-1 answers-2 --independent --margin 5%',
    'answers-1 answers-2 --independent --markdown -',
    '--file labels.csv',
  ],
  'label report': ['', '--file labels.csv', '--aliases', '--name nothing'],
  'judge list': [''],
  'prompts list': ['', 'answer', 'nothing'],
  'prompts diff': ['answer@7 answer@8', 'answer@7 answer@99'],
  'prompts blame': ['<id>', 'nothing'],
  'prompts tests': [''],
  'drill report': ['', '--file attempts.csv'],
  scorecard: ['', '--markdown', '--html', '--explain'],
  review: [''],
}

const leaves = leavesOf(createProgram(emptyIo(), () => async () => undefined))

function emptyIo() {
  const stream = { write: () => true }
  return { stdin: Readable.from([]), stdout: stream, stderr: stream, env: {}, cwd: '/', nowMs: () => 0 }
}

describe('--audience product', () => {
  it('is on every command that prints evidence, and refused by those that cannot but show texts', async () => {
    const folder = project({ 'runs.jsonl': jsonLines(canaryRuns(1)) })
    for (const command of leaves) {
      const path = pathOf(command)
      const option = command.options.find(({ long }) => long === '--audience')
      if (withoutEvidence.includes(path)) {
        expect(option, path).toBeUndefined()
        continue
      }
      expect(option, `${path} has no form for product, and is on no list`).toBeDefined()
      if (lines[path] !== undefined) continue
      expect(option?.hidden, path).toBe(true)
      const needed = command.options.filter(({ mandatory, long }) => mandatory && long !== '--audience')
      const words = [...path.split(' '), ...needed.flatMap(({ long }) => [long!, 'x'])]
      const args = command.registeredArguments.filter(({ required }) => required).map(() => 'x')
      const { code, err } = await pilot(folder, [...words, ...args, '--audience', 'product'])
      expect({ code, err }, path).toEqual({
        code: 2,
        err: expect.stringMatching(/has no form for product\.\npilot [a-z ]+ --audience product has what/),
      })
    }
  })

  it('shows no text, id or name of anybody, whatever the command and its form', { timeout: 120_000 }, async () => {
    const cwd = await canaryProject()
    const { traces } = await json(cwd, 'traces')
    const id: string = traces[0].traceId
    expect(traces).toHaveLength(6)
    for (const [path, calls] of Object.entries(lines))
      for (const call of calls)
        for (const form of [[], ['--json']]) {
          const typed = call.replace('<id>', id).split(' ').filter(Boolean)
          const argv = [...path.split(' '), ...typed, ...form, '--audience', 'product']
          const { out, err, code } = await pilot(cwd, argv)
          expect(code, `${argv.join(' ')}\n${err}`).not.toBe(70)
          expect(`${out}${err}`.match(/CANARY\d+x/gi), `${argv.join(' ')}\n${out}${err}`).toBeNull()
        }
  })

  it('hides what engineering sees of the same store', { timeout: 60_000 }, async () => {
    const cwd = await canaryProject()
    const seen = [
      'traces',
      'capture',
      'map',
      'eval show --cases',
      'label report',
      'data',
      'prompts list',
      'cost',
      'releases',
    ]
    for (const words of seen) expect((await pilot(cwd, words.split(' '))).out, words).toMatch(/CANARY\d+x/i)
  })

  it('shows runs as examples with their hour, and the shape of one without a word of it', async () => {
    const cwd = project({
      'runs.jsonl': jsonLines([
        { ...span('t1', 'a', { user: 'jane' }), start: '2026-03-02T10:59:59Z', end: '2026-03-02T11:00:01Z' },
        { ...span('t1', 'b', { name: 'odd' }), parent_id: 'a', kind: 'llm', status: 'error' },
      ]),
    })
    await pilot(cwd, ['ingest', '-q', 'runs.jsonl'])
    const { examples } = await json(cwd, 'traces', '--audience', 'product')
    expect(examples).toMatchObject([
      { example: 'example 1', hourMs: Date.UTC(2026, 2, 2, 10), status: 'error', steps: 2 },
    ])
    const { steps } = await json(cwd, 'trace', 't1', '--audience', 'product')
    // pilot.yaml declares a workflow of the name answer; one run alone has the other step.
    expect(steps).toMatchObject([
      { depth: 0, step: 'answer', kind: 'other', status: 'unset' },
      { depth: 1, step: 'other step 1', kind: 'llm', status: 'error' },
    ])
  })

  it.each(['user', 'tenant', 'session', 'request', 'text', 'around'])('does not find runs by --%s', async (option) => {
    const { code, err } = await pilot(project({}), ['traces', `--${option}`, 'x', '--audience', 'product'])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`--${option} finds the runs of somebody`) })
  })

  it('is for those alone whom a command has a form for', async () => {
    const { code, err } = await pilot(project({}), ['latency', '--audience', 'security'])
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('pilot latency has no form for security.\npilot scorecard --audience security'),
    })
  })
})

describe('words for product', () => {
  const answers = (n: number) =>
    Array.from({ length: n }, (_, place) => ({
      ...span(`t${place}`, 's', { end: '2026-03-02T10:00:02Z', tenant: place < 5 ? 'acme' : 'globex', cost_usd: 1 }),
      ...{ kind: 'llm', model: 'gpt-4.1', prompt: { name: 'answer' }, output: 'x' },
    }))

  it('leave no example open, and say once that a tenant is one', async () => {
    const cwd = project({ 'runs.jsonl': jsonLines(answers(10)) })
    await pilot(cwd, ['ingest', '-q', 'runs.jsonl'])
    const asked = await pilot(cwd, ['ask', '1', '--audience', 'product'])
    expect(asked.out).toContain('  - prompt.version missing on 10 of 10 runs\n')
    const { out } = await pilot(cwd, ['cost', '--by', 'tenant', '--audience', 'product'])
    expect(out).toMatch(/^tenant 1 +5 +5 /m)
    expect(out).not.toContain('tenant tenant')
  })

  it('name the window of releases as it is written', async () => {
    expect((await pilot(project({}), ['releases', '--help'])).out).toContain('how long before and after (default: 24h)')
  })
})

describe('groups for product', () => {
  const group = (key: string, n: number) => ({
    ...{ key, errors: { x: 0, n }, tokens: { input: n, output: 0 } },
    ...{ latencyMs: { values: Array<number>(n).fill(1), unknown: 0 }, costUsd: { values: [], unknown: n } },
  })
  const names = namesShown(new Set(['draft']))
  const seen = (dimension: string, ...groups: ReturnType<typeof group>[]) =>
    groupsForProduct(dimension, groups, names).map(({ key, errors }) => [key, errors.n])

  it('number tenants by their runs, and put those of four and fewer together', () => {
    expect(seen('tenant', group('a', 5), group('b', 9), group('c', 4), group('d', 1))).toEqual([
      ['tenant 1', 9],
      ['tenant 2', 5],
      ['groups of fewer than 5 runs', 5],
    ])
  })

  it('call a tenant the same where completed tasks are counted, whatever it costs', async () => {
    // b has more runs, a costs more; c has as many runs as a, and comes after it by name.
    const runsOf = (tenant: string, n: number, usd: number) =>
      Array.from({ length: n }, (_, at) =>
        span(`${tenant}${at}`, 'r', { tenant, cost_usd: usd, end: '2026-03-02T10:00:01Z' }),
      )
    const rows = [...runsOf('c', 5, 2), ...runsOf('a', 5, 9), ...runsOf('b', 7, 1), ...runsOf('d', 4, 50)]
    const cwd = project({ 'runs.jsonl': jsonLines(rows) })
    await pilot(cwd, ['ingest', '-q', 'runs.jsonl'])
    const { by, perCompletedTask } = (await json(cwd, 'cost', '--by', 'tenant', '--audience', 'product')).platforms[0]
    const sums = by.tenant.map(({ key, sum }: { key: string; sum: number }) => [key, sum])
    const totals = perCompletedTask.by.tenant.map((each: { key: string; totalUsd: number }) => [
      each.key,
      each.totalUsd,
    ])
    expect(totals).toEqual([
      ['tenant 1', 7],
      ['tenant 2', 45],
      ['tenant 3', 10],
    ])
    expect(sums).toEqual(expect.arrayContaining(totals))
  })

  it('leave out what has too few runs even together', () => {
    expect(seen('user', group('a', 5), group('c', 4))).toEqual([['user 1', 5]])
    expect(seen('tenant')).toEqual([])
  })

  it('show declared names, and the others as one', () => {
    expect(seen('step', group('draft', 1), group('jane', 3), group('joe', 2))).toEqual([
      ['draft', 1],
      ['others', 5],
    ])
  })
})

describe('what is seen of an object', () => {
  it('is what is named, and never a text as it is', () => {
    interface Told {
      n: number
      kind: 'a' | 'b'
      note?: string
    }
    const see = only<Told>({ n: 'shown', kind: 'shown', note: 'hidden' })
    expect(see({ n: 1, kind: 'a', note: 'x', more: 'y' } as Told)).toEqual({ n: 1, kind: 'a' })
    // @ts-expect-error a text is not shown as it is
    only<Told>({ n: 'shown', kind: 'shown', note: 'shown' })
    // @ts-expect-error every field is named
    only<Told>({ n: 'shown', kind: 'shown' })
  })
})

describe('a ticket', () => {
  const run = (id: string, user: string, time: string, output: string) => ({
    ...span(id, 'a', { user, request: `req-${id}`, session: `s-${id}` }),
    start: `2026-03-02T${time}Z`,
    output,
  })
  const tickets = (more = '') =>
    project(
      {
        'runs.jsonl': jsonLines([
          run('t1', 'Jane@Example.com', '13:02:00', 'The “Straße”\n  costs\u00a05 €: it’s fine'),
          run('t2', 'jane@example.com', '14:52:00', 'Write to jane@example.com now'),
          run('t3', 'joe', '13:05:00', 'nothing of the sort'),
        ]),
        'requests.csv': 'id,time,origin,trace_id\napp-9,2026-03-02T13:05:00Z,production,t3\n',
      },
      more,
    )
  const found = async (cwd: string, ...words: string[]) => {
    const { traces } = await json(cwd, 'traces', ...words)
    return traces.map(({ traceId }: { traceId: string }) => traceId)
  }
  const take = async (more?: string) => {
    const cwd = tickets(more)
    await pilot(cwd, ['ingest', '-q', 'runs.jsonl'])
    await pilot(cwd, ['ingest', '-q', '--as', 'requests', 'requests.csv'])
    return cwd
  }

  it('finds a run by its user in any case, by its request, its session, and its time in a zone', async () => {
    const cwd = await take()
    expect(await found(cwd, '--user', ' JANE@example.com ')).toEqual(['t2', 't1'])
    expect(await found(cwd, '--request', 'req-t2')).toEqual(['t2'])
    expect(await found(cwd, '--request', 'app-9')).toEqual(['t3'])
    expect(await found(cwd, '--session', 's-t1')).toEqual(['t1'])
    // Berlin is one hour ahead in March: 14:05 there is 13:05 UTC.
    expect(await found(cwd, '--around', '2026-03-02 14:05', '--zone', 'Europe/Berlin')).toEqual(['t3', 't1'])
    expect(await found(cwd, '--around', '2026-03-02T14:05+01:00', '--within', '2m')).toEqual(['t3'])
    // Now is 2026-03-03 12:00 UTC; three minutes is exactly as far as t1 is.
    expect(await found(cwd, '--around', 'yesterday at 13:05', '--within', '3m')).toEqual(['t3', 't1'])
  })

  it('finds a phrase however it is spaced, quoted, cased or composed', async () => {
    const cwd = await take()
    for (const phrase of [
      'the "straße" costs 5 €',
      "IT'S FINE",
      '“it’s fine”',
      'STRASSE'.replace('SS', 'ß'),
      'Costs 5',
    ])
      expect(await found(cwd, '--text', phrase), phrase).toEqual(['t1'])
    expect(await found(cwd, '--text', '100%')).toEqual([])
    expect(foldText('Cafe\u0301  A')).toBe(foldText('caf\u00e9 a'))
    expect(foldPhrase('"quoted"')).toBe('quoted')
  })

  it('finds a phrase in a list of any length, and one of any length', async () => {
    const long = `so ${'much '.repeat(20_000)}said`
    const outputs = [['needle', ...new Array(300_000).fill(1)], long]
    const cwd = project({ 'runs.jsonl': jsonLines(outputs.map((output, at) => ({ ...span(`t${at}`, 'a'), output }))) })
    await pilot(cwd, ['ingest', '-q', 'runs.jsonl'])
    expect(await found(cwd, '--text', 'needle')).toEqual(['t0'])
    expect(await found(cwd, '--text', long)).toEqual(['t1'])
    expect(await found(cwd, '--text', `${long} later`)).toEqual([])
  })

  it('finds a user whose id is hashed, and a phrase of which something was redacted', async () => {
    const cwd = await take('capture: { privacy: [{ field: user.id, do: hash }, { detect: [email], do: redact }] }\n')
    expect(await found(cwd, '--user', 'jane@example.com')).toEqual(['t2'])
    const [{ users }] = (await json(cwd, 'traces', '--user', 'joe')).traces
    expect(users).toEqual([expect.stringMatching(/^hash:/)])
    expect(await found(cwd, '--user', users[0])).toEqual(['t3'])
    expect(await found(cwd, '--text', 'write to  jane@example.com')).toEqual(['t2'])
    const { code, err } = await pilot(cwd, ['traces', '--text', 'jane@example.com'])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('leaves nothing of it in the store') })
  })

  it('says which single condition leaves no run, and the command that widens it', async () => {
    const cwd = await take()
    const { out, err } = await pilot(cwd, ['traces', '--user', 'jane@example.com', '--around', '2026-03-02 15:30'])
    expect(out).toContain("2 runs meet everything but --around '2026-03-02 15:30'")
    expect(out).toContain('the nearest of them began 2026-03-02 14:52 UTC')
    expect(err).toContain("Next: pilot traces --user jane@example.com --around '2026-03-02 15:30' --within 1h")
    const nobody = await pilot(cwd, ['traces', '--user', 'nobody', '--text', 'fine'])
    expect(nobody.out).toContain('1 run meets everything but --user nobody')
  })

  it.each([
    [['--around', 'half past two'], '--around "half past two" is no time that pilot can read.'],
    [['--around', '2026-02-30 10:00'], '--around "2026-02-30 10:00" is no time'],
    [['--around', '2026-03-02', '--zone', 'Berlin'], '--zone "Berlin" is no time zone.'],
    [['--within', '5m'], '--within says how far from --around.'],
  ])('refuses %j', async (words, said) => {
    const { code, err } = await pilot(project({}), ['traces', ...words])
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(said) })
  })

  it('is answered by the question, the answer and the feedback; support sees no prompt, tool or error in words', async () => {
    const call = { name: 'chat', kind: 'llm', parent_id: 'a', prompt: { name: 'p', version: '1', template: 'SECRET1' } }
    const cwd = project({
      'runs.jsonl': jsonLines([
        { ...span('t1', 'a', { user: 'u1' }), input: 'my question', output: 'my answer' },
        { ...span('t1', 'b', call), error: 'SECRET2', model: 'SECRET3', input: 'SECRET4', settings: { x: 'SECRET5' } },
        {
          ...span('t1', 'c', { kind: 'tool', parent_id: 'a', name: 'look' }),
          tool: { name: 'l', arguments: { q: 'SECRET6' } },
        },
      ]),
      'feedback.csv': 'trace_id,kind,value,comment\nt1,thumbs,down,too late\n',
    })
    await pilot(cwd, ['ingest', '-q', 'runs.jsonl'])
    await pilot(cwd, ['ingest', '-q', '--as', 'feedback', 'feedback.csv'])
    for (const form of [[], ['--full'], ['--json']]) {
      const { out } = await pilot(cwd, ['trace', 't1', '--audience', 'support', ...form])
      for (const seen of ['my question', 'my answer', 'too late', 'u1', 'look', 'error']) expect(out).toContain(seen)
      expect(out).not.toMatch(/SECRET/)
    }
    expect((await pilot(cwd, ['traces', '--audience', 'support', '--json'])).out).not.toMatch(/SECRET/)
  })
})

describe('a run for support that planned, failed and fell back', () => {
  it('has its course, and nothing that a model or an error said', async () => {
    const call = (id: string, second: number, more: object) => ({
      ...span('t1', id, { parent_id: 'a', name: 'chat', kind: 'llm', start: `2026-03-02T10:00:0${second}Z`, ...more }),
      end: `2026-03-02T10:00:0${second + 1}Z`,
    })
    const asked = [{ name: 'look' }, { id: 'c1', name: 'SECRET3' }]
    const cwd = project({
      'runs.jsonl': jsonLines([
        { ...span('t1', 'a'), end: '2026-03-02T10:00:09Z', input: 'my question', output: 'my answer' },
        call('b', 1, { model: 'SECRET1', status: 'error', error: 'SECRET2' }),
        call('c', 3, {
          model: 'other',
          messages: [
            { role: 'user', content: 'q' },
            { role: 'assistant', tool_calls: asked },
          ],
        }),
        call('d', 5, { kind: 'tool', name: 'look', tool: { name: 'look', result: 'SECRET4' } }),
        call('e', 7, { model: 'other', output: 'my answer' }),
      ]),
    })
    await pilot(cwd, ['ingest', '-q', 'runs.jsonl'])
    const { out } = await pilot(cwd, ['trace', 't1', '--audience', 'support'])
    expect(out).toContain(`How it went
  1 failed     chat (attempt 1 of 2): in words that engineering sees
  2 fell back  chat (after 1, inferred, attempt 2 of 2): calls look, a tool that is not named (no r…
  3 acted      look (for 2): ok; its arguments are not stored
  4 answered   chat
`)
    // The tree names each step too.
    expect(out).toContain('✗ attempt 1 of 2')
    for (const form of [[], ['--full'], ['--json']])
      expect((await pilot(cwd, ['trace', 't1', '--audience', 'support', ...form])).out).not.toMatch(/SECRET/)
  })
})

describe('a wall clock', () => {
  it('is read in its zone, before and after the clocks change', () => {
    expect(msOfWallClock(Date.UTC(2026, 2, 28, 12), 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 28, 11))
    expect(msOfWallClock(Date.UTC(2026, 2, 29, 12), 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 10))
    expect(msOfWallClock(Date.UTC(2026, 2, 2, 1), 'America/New_York')).toBe(Date.UTC(2026, 2, 2, 6))
    expect(msOfWallClock(Date.UTC(2026, 2, 2, 1), 'UTC')).toBe(Date.UTC(2026, 2, 2, 1))
  })

  // Berlin goes from +2 to +1 at 01:00 UTC and back at 01:00, New York from −4 to −5 at 06:00 UTC and back at 07:00; Lord Howe by half an hour.
  it.each([
    ['Europe/Berlin', '2026-10-25T02:30Z', '2026-10-25T01:30Z'],
    ['Europe/Berlin', '2026-10-25T01:59Z', '2026-10-24T23:59Z'],
    ['Europe/Berlin', '2026-10-25T03:00Z', '2026-10-25T02:00Z'],
    ['Europe/Berlin', '2026-03-29T02:30Z', '2026-03-29T01:30Z'],
    ['America/New_York', '2026-11-01T01:30Z', '2026-11-01T06:30Z'],
    ['America/New_York', '2026-11-01T00:59Z', '2026-11-01T04:59Z'],
    ['America/New_York', '2026-11-01T02:00Z', '2026-11-01T07:00Z'],
    ['America/New_York', '2026-03-08T02:30Z', '2026-03-08T07:30Z'],
    ['America/New_York', '2026-03-08T01:59Z', '2026-03-08T06:59Z'],
    ['Australia/Lord_Howe', '2026-04-05T01:45Z', '2026-04-04T15:15Z'],
    ['Asia/Kathmandu', '2026-03-02T12:00Z', '2026-03-02T06:15Z'],
  ])(
    'takes of an hour that comes twice in %s the later, and of one that is left out the next: %s',
    (zone, shown, at) => {
      expect(msOfWallClock(Date.parse(shown), zone)).toBe(Date.parse(at))
    },
  )
})
