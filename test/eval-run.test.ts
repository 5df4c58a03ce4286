import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { eachAtOnce } from '../src/jobs/eval/each-at-once.js'
import { readRunOutputs, readRuns } from '../src/store/evals.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'
import { cases, outcomesOf, resultsOf, suiteOf } from './suites.js'

const node = JSON.stringify(process.execPath)

/** A run of the workflow, with what went in and out, and what tells it from others. */
function answered(trace: string, input: string, output: string, more: object = {}) {
  return span(trace, `${trace}-r`, { input, output, ...more })
}

/** A project with these cases and the recorded runs of one platform. */
async function recorded(rows: object[], spans: object[]) {
  const folder = project({ ...cases(...rows), 'spans.jsonl': jsonLines(spans) }, suiteOf('{ check: equals }'))
  expect((await pilot(folder, ['ingest', 'spans.jsonl', '--platform', 'lantern'])).code).toBe(0)
  return folder
}

describe('outputs that were recorded', () => {
  it('stand in the dataset, and are counted', async () => {
    const folder = project(
      cases(
        { id: 'a', input: 'x', expected: '1', output: '1' },
        { id: 'b', input: 'y', expected: '2', output: '3' },
        { id: 'c', input: 'z', expected: '4' },
      ),
      suiteOf('{ check: equals }'),
    )
    const { runs } = await json(folder, 'eval', 'run')
    expect(runs[0].checks[0]).toMatchObject({ pass: 1, fail: 1, error: 0, unscored: 1, n: 2, rate: 0.5 })
    expect(outcomesOf(folder)).toEqual({ 'a equals': 'pass', 'b equals': 'fail', 'c equals': 'unscored' })
    expect(resultsOf(folder)['c equals']).toBe('unscored: no output of it is recorded')
  })

  it('are found by the trace of a case before its request before its input, of equals the later one', async () => {
    const folder = await recorded(
      [
        { id: 'made', input: 'same', expected: 'by trace', origin: 'trace:lantern/t1' },
        { id: 'twin', input: 'other', expected: 'by trace', origin: 'trace:lantern/t1' },
        { id: 'q2', input: 'same', expected: 'by request' },
        { id: 'plain', input: 'same', expected: 'by input, later' },
      ],
      [
        answered('t1', 'trace only', 'by trace'),
        answered('t2', 'request only', 'by request', { request: 'q2' }),
        answered('t3', 'same', 'by input, later', { start: '2026-03-02T12:00:00Z' }),
        answered('t4', 'same', 'by input, earlier', { start: '2026-03-02T11:00:00Z' }),
        answered('t5', 'same', 'outside of the pilot', { start: '2026-05-02T11:00:00Z' }),
      ],
    )
    expect((await pilot(folder, ['eval', 'run'])).code).toBe(0)
    expect(outcomesOf(folder)).toEqual({
      'made equals': 'pass',
      'twin equals': 'pass',
      'q2 equals': 'pass',
      'plain equals': 'pass',
    })
  })

  const versions = [
    answered('t1', 'same', 'old', { prompt: { name: 'reply', version: '1' }, release: 'r1' }),
    answered('t2', 'same', 'new', { prompt: { name: 'reply', version: '2' }, release: 'r2' }),
  ].map((version, index) => ({ ...version, kind: 'llm', start: Date.UTC(2026, 2, 2, index) }))

  it.each([
    [['--prompt', 'reply@1'], 'pass'],
    [['--prompt', 'reply@2'], 'fail'],
    [['--prompt', 'reply'], 'fail'],
    [['--release', 'r1'], 'pass'],
    [['--platform', 'lantern', '--release', 'r1'], 'pass'],
    [['--prompt', 'reply@3'], 'unscored'],
    [['--release', 'r3'], 'unscored'],
    [['--platform', 'other'], 'unscored'],
  ])('of %j go before those in the dataset: %s', async (argv, outcome) => {
    const folder = await recorded([{ id: 'a', input: 'same', expected: 'old', output: 'of the dataset' }], versions)
    const { code } = await pilot(folder, ['eval', 'run', ...argv])
    // A gate that judged nothing has not passed.
    expect([code, outcomesOf(folder)]).toEqual([outcome === 'unscored' ? 1 : 0, { 'a equals': outcome }])
    if (outcome === 'unscored')
      expect(resultsOf(folder)['a equals']).toBe(`unscored: no output of it is recorded for ${argv[1]}`)
  })

  it('name the version that a run was of', async () => {
    const folder = await recorded([{ id: 'a', input: 'same', expected: 'old' }], versions)
    await pilot(folder, ['eval', 'run', '--prompt', 'reply@1'])
    await pilot(folder, ['eval', 'run', '--release', 'r2'])
    expect(
      stored(folder, readRuns).map(({ id, target, prompt, release }) => ({ id, target, prompt, release })),
    ).toEqual([
      { id: 'answers-1', target: 'recorded reply@1', prompt: 'reply@1', release: undefined },
      { id: 'answers-2', target: 'recorded r2', prompt: 'reply@2', release: 'r2' },
    ])
  })

  it('are the cases themselves where a suite has no dataset, by their request, else their trace', async () => {
    const folder = project(
      {
        'spans.jsonl': jsonLines([
          answered('t1', 'x', 'an answer', { request: 'q1' }),
          answered('t2', 'y', ' '),
          answered('t3', 'z', 'an answer', { name: 'another workflow' }),
        ]),
      },
      suiteOf('{ check: not-empty }', 'repeats: 1'),
    )
    await pilot(folder, ['ingest', 'spans.jsonl', '--platform', 'lantern'])
    expect((await pilot(folder, ['eval', 'run'])).code).toBe(0)
    const [request, trace] = Object.entries(outcomesOf(folder)).sort(([, a], [, b]) => b.localeCompare(a))
    expect([request, trace?.[1]]).toEqual([['q1 not-empty', 'pass'], 'fail'])
  })

  it('with repeats are averaged in each case', async () => {
    const folder = project(cases({ id: 'a', input: 'x', expected: '1', output: '1' }), suiteOf('{ check: equals }'))
    const { runs } = await json(folder, 'eval', 'run', '--repeat', '3')
    expect(runs[0]).toMatchObject({ repeats: 3, outputs: 3 })
    expect(runs[0].checks[0]).toMatchObject({ pass: 3, n: 3, rate: 1 })
    expect(Object.keys(outcomesOf(folder))).toEqual(['a equals', 'a#2 equals', 'a#3 equals'])
  })
})

describe('a run', () => {
  const four = cases(
    { id: 'a', input: '1', expected: '1', output: '1', tags: ['easy'] },
    { id: 'b', input: '2', expected: '2', output: '2', tags: ['easy', 'odd'] },
    { id: 'c', input: '3', expected: '3', output: '4' },
    { id: 'd', input: '5', expected: '6', output: 'six' },
  )
  const checks = '{ check: equals }, { check: matches, pattern: "^[0-9]+$", id: digits, gate: false }'
  const twoSuites = `${suiteOf('{ check: equals }')}    - { id: more, dataset: cases.jsonl, checks: [{ check: not-empty }] }\n`

  it('as --json has the shape that readers rely on', async () => {
    const folder = project(four, suiteOf(checks))
    expect(await json(folder, 'eval', 'run')).toEqual({
      schemaVersion: 1,
      runs: [
        {
          id: 'answers-1',
          suite: 'answers',
          startedMs: Date.UTC(2026, 2, 3, 12),
          deployments: [],
          finishedMs: Date.UTC(2026, 2, 3, 12),
          target: 'recorded',
          targetHash: expect.stringMatching(/^[0-9a-f]{16}$/),
          casesHash: expect.stringMatching(/^[0-9a-f]+$/),
          cases: 4,
          repeats: 1,
          checks: [
            {
              id: 'equals',
              pass: 2,
              fail: 2,
              error: 0,
              unscored: 0,
              n: 4,
              rate: 0.5,
              // Wilson, 95 %, of 2 of 4: (0.5 + z²/8 ± z·sqrt(1/16 + z²/64)) / (1 + z²/4), z² = 3.8414588
              low: expect.closeTo(0.15004, 4),
              high: expect.closeTo(0.84996, 4),
              worst: 0.5,
              best: 0.5,
              score: null,
              passAtK: [],
              passHatK: [],
              slices: [
                expect.objectContaining({ tag: 'easy', n: 2, rate: 1 }),
                expect.objectContaining({ tag: 'odd', n: 1, rate: 1 }),
              ],
              notPassed: [
                { case: 'c', repeat: 1, outcome: 'fail', reason: expect.any(String) },
                { case: 'd', repeat: 1, outcome: 'fail', reason: expect.any(String) },
              ],
              gates: true,
              whyNot: null,
            },
            expect.objectContaining({ id: 'digits', pass: 3, fail: 1, gates: false, whyNot: 'it only reports' }),
          ],
          prompt: null,
          release: null,
          importedFrom: null,
          notes: [],
          outputs: 4,
        },
      ],
    })
  })

  it('of the same is the same, byte for byte, but for its times and ids', async () => {
    const folder = project(four, suiteOf(checks))
    const printed: string[] = []
    for (const hour of [1, 2])
      printed.push((await pilot(folder, ['eval', 'run', '--json'], { nowMs: Date.UTC(2026, 2, 3, hour) })).out)
    const masked = printed.map((text) => text.replaceAll(/"answers-\d+|("(started|finished)Ms": )\d+/g, '$1…'))
    expect(printed[0]).not.toBe(printed[1])
    expect(masked[0]).toBe(masked[1])
    expect(resultsOf(folder, 'answers-1')).toEqual(resultsOf(folder, 'answers-2'))
  })

  it('keeps errors in the denominator, and passes no gate that judged nothing', async () => {
    const folder = project(
      { ...four, 'check.mjs': 'process.exit(7)' },
      suiteOf(`{ check: equals }, { check: command, run: [${node}, check.mjs] }`),
    )
    const { code, out } = await pilot(folder, ['eval', 'run', '--json'])
    const command = JSON.parse(out).runs[0].checks.find(({ id }: { id: string }) => id === 'command')
    expect(command).toMatchObject({ pass: 0, error: 4, n: 4, rate: 0, worst: 0, best: 1 })
    expect(code).toBe(1)
  })

  it('goes through every suite, and says what comes next', async () => {
    const { code, out, err } = await pilot(project(four, twoSuites), ['eval', 'run'])
    expect(code).toBe(0)
    expect(out.match(/^\S+: recorded$/gm)).toEqual(['answers-1: recorded', 'more-1: recorded'])
    expect(err.split('\n').at(-2)).toBe('Next: pilot eval show, then pilot eval compare A B')
  })

  it('of one suite leaves the others alone', async () => {
    const folder = project(four, twoSuites)
    await pilot(folder, ['eval', 'run', 'more'])
    expect(stored(folder, readRuns).map(({ id }) => id)).toEqual(['more-1'])
  })
})

describe('a run that cannot begin', () => {
  it.each([
    [['eval', 'run', 'answer'], 'error pilot.yaml has no suite answer.\nDid you mean answers?\n'],
    [['eval', 'run', 'zebra'], 'error pilot.yaml has no suite zebra.\nIt has answers.\n'],
  ])('%j names what there is', async (argv, err) => {
    const folder = project(cases({ id: 'a', input: 'x', output: 'y' }), suiteOf('{ check: not-empty }'))
    expect(await pilot(folder, argv)).toEqual({ code: 2, out: '', err })
  })

  it('has no suite at all', async () => {
    expect(await pilot(project({}), ['eval', 'run'])).toEqual({
      code: 2,
      out: '',
      err: 'error pilot.yaml has no suite.\nWrite one under evals.suites; pilot.yaml.example shows how. Or take in results: --import.\n',
    })
  })

  it.each([
    ['empty', '', 'error cases.jsonl is empty.\nExport it again.\n'],
    [
      'of rows that are none',
      '{}\n{}\n',
      'error cases.jsonl holds no case: no inputs: expected a column inputs, input, vars …\nNo columns seen. Usual ones: id, input, expected, tags.\n',
    ],
  ])('has a dataset that is %s: exit 3, and no run is left behind', async (_, text, err) => {
    const folder = project({ 'cases.jsonl': text }, suiteOf('{ check: not-empty }'))
    expect(await pilot(folder, ['eval', 'run'])).toEqual({ code: 3, out: '', err })
    expect(stored(folder, readRuns)).toEqual([])
  })

  it('has a dataset that is not there', async () => {
    const { code, err } = await pilot(project({}, suiteOf('{ check: not-empty }')), ['eval', 'run'])
    expect([code, err.split('\n')[0]]).toEqual([3, 'error Cannot read cases.jsonl: there is no such file.'])
  })

  it('has neither a dataset nor a recorded run', async () => {
    const folder = project({}, suiteOf('{ check: not-empty }', 'repeats: 1'))
    expect(await pilot(folder, ['eval', 'run'])).toEqual({
      code: 3,
      out: '',
      err: 'error The suite answers has no case: no run of the workflow is stored.\npilot data shows what is stored; a dataset names cases of its own.\n',
    })
  })
})

it('rows that are no cases are told with their line, and the rest is run', async () => {
  const [first, twice] = [
    { id: 'a', input: 'x', output: 'y' },
    { id: 'a', input: 'z' },
  ].map((row) => JSON.stringify(row))
  const folder = project({ 'cases.jsonl': `${first}\n{"id": "b"\n${twice}\n` }, suiteOf('{ check: not-empty }'))
  const { code, err } = await pilot(folder, ['eval', 'run', '--quiet'])
  expect(code).toBe(0)
  expect(err).toMatch(/^problem cases\.jsonl:2: .+\nproblem cases\.jsonl:3: the id a stands in line 1 too\n$/)
  expect(outcomesOf(folder)).toEqual({ 'a not-empty': 'pass' })
})

describe('several at once', () => {
  it('end at the first that throws: no other begins, and those under way have ended before', async () => {
    const log: string[] = []
    const work = async (item: number, signal: AbortSignal) => {
      log.push(`begin ${item}`)
      await new Promise((resolve) => setTimeout(resolve, item === 2 ? 5 : 30))
      if (item === 2) throw new Error('the disk is full')
      log.push(`end ${item} ${signal.aborted ? 'told' : 'not told'}`)
    }
    await expect(eachAtOnce([1, 2, 3, 4, 5], 3, work)).rejects.toThrow('the disk is full')
    expect(log).toEqual(['begin 1', 'begin 2', 'begin 3', 'end 1 told', 'end 3 told'])
  })

  it.each([
    [0, 4],
    [1, 4],
    [7, 1],
    [7, 64],
  ])('are each done once: %i of them, %i at once', async (n, limit) => {
    const done: number[] = []
    await eachAtOnce(
      Array.from({ length: n }, (_, item) => item),
      limit,
      async (item) => {
        done.push(item)
      },
    )
    expect(done).toEqual(Array.from({ length: n }, (_, item) => item))
  })
})

describe('privacy', () => {
  const card = '4111 1111 1111 1111'
  const key = `sk-proj-${'aB3dE6gH9j'.repeat(4)}`
  const mail = 'jane.doe@example.com'

  it('holds for what is stored of outputs and reasons, while checks see the output itself', async () => {
    const program = `process.stdin.resume()
process.stdin.on('end', () => console.log(JSON.stringify({ pass: false, reason: 'wrote to ${mail} with ${key}' })))`
    const folder = project(
      {
        ...cases({
          id: 'a',
          input: 'x',
          expected: `pay ${card}`,
          output: `pay ${card}`,
          documents: [{ id: 'd', content: `${mail} ${key}` }],
          tools: [{ name: 'mail', arguments: { to: mail, body: key } }],
        }),
        'check.mjs': program,
      },
      `capture:\n  privacy: [{ detect: [email], do: redact }]\n${suiteOf(
        `{ check: equals }, { check: no-leak }, { check: command, run: [${node}, check.mjs] }`,
      )}`,
    )
    const { out, err } = await pilot(folder, ['eval', 'run', '--json'])
    expect(resultsOf(folder)).toMatchObject({
      'a equals': expect.stringMatching(/^pass: /),
      'a no-leak': 'fail: found: credit-card 1',
      'a command': 'fail: wrote to [redacted:email] with [redacted:api-key]',
    })
    const [, , output] = stored(folder, (db) => readRunOutputs(db, 'answers-1'))[0]!
    expect(output).toEqual({
      value: 'pay [redacted:credit-card]',
      documents: [{ id: 'd', content: '[redacted:email] [redacted:api-key]' }],
      tools: [{ name: 'mail', arguments: { to: '[redacted:email]', body: '[redacted:api-key]' } }],
    })
    const files = ['pilot.db', 'pilot.db-wal'].map((name) => join(folder, '.pilot', name)).filter(existsSync)
    for (const text of [...files.map((file) => readFileSync(file, 'latin1')), out, err])
      for (const secret of [card, key, mail]) expect(text.includes(secret)).toBe(false)
  })

  it('holds for what an application says when it fails', async () => {
    const program = `console.error('cannot charge ${card} \\u001b[31mred'); process.exit(3)`
    const folder = project(
      { ...cases({ id: 'a', input: 'x' }), 'app.mjs': program },
      suiteOf('{ check: not-empty }', 'dataset: cases.jsonl', `target: { command: [${node}, app.mjs] }`),
    )
    const { code, out } = await pilot(folder, ['eval', 'run'])
    expect(code).toBe(1)
    expect(resultsOf(folder)['a not-empty']).toContain('error: no output: exit 3: cannot charge [redacted:credit-card]')
    expect(out).not.toMatch(/\u001b\[31m|4111/)
  })
})
