import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plantFaults } from '../src/jobs/demo/plan.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'

/** One run: a root, and under it a call with a prompt, a second later. */
interface RunParts {
  id: string
  at: string
  /** `answer@7`, `answer` without a version. */
  prompt?: string
  system?: string
  template?: string
  variables?: object
  environment?: string
  release?: string
  model?: string
  temperature?: number
  status?: string
  input?: string
  tool?: string
  usd?: number
}

function linesOf(run: RunParts): object[] {
  const {
    id,
    at,
    prompt = '',
    system,
    template,
    variables,
    environment,
    release,
    status = 'ok',
    tool,
    usd = 0.01,
  } = run
  const [name, version] = prompt.split('@')
  const start = new Date(`${at}Z`)
  const end = new Date(start.getTime() + 2000).toISOString()
  const question = { role: 'user', content: run.input ?? `question of ${id}` }
  return [
    span(id, 'root', { start, end, status, environment, release, input: question.content }),
    span(id, 'call', {
      ...{ parent_id: 'root', name: 'draft', kind: 'llm', start, end, model: run.model ?? 'gpt-4.1', cost_usd: usd },
      ...(name && { prompt: { name, version, template, variables } }),
      settings: { temperature: run.temperature ?? 0.2 },
      messages: [
        ...(system === undefined ? [] : [{ role: 'system', content: system }]),
        question,
        { role: 'assistant', content: 'yes' },
      ],
    }),
    ...(tool === undefined
      ? []
      : [span(id, 'tool', { parent_id: 'root', name: tool, kind: 'tool', start, end, tool: { name: tool } })]),
  ]
}

/** A pilot with these runs, deployments (`time,name,version,environment,action,reviewed_by,by,evidence,content_hash`) and thumbs. */
async function store(runs: readonly RunParts[], deployments: readonly string[] = [], thumbs: readonly object[] = []) {
  const cwd = project({ 'runs.jsonl': jsonLines(runs.flatMap(linesOf)) })
  await take(cwd, 'runs.jsonl')
  if (deployments.length > 0) await deploy(cwd, deployments)
  if (thumbs.length > 0) {
    writeFileSync(join(cwd, 'thumbs.jsonl'), jsonLines(thumbs))
    await take(cwd, '--as', 'feedback', 'thumbs.jsonl')
  }
  return cwd
}

async function deploy(cwd: string, rows: readonly string[]): Promise<void> {
  const head = 'time,name,version,environment,action,reviewed_by,by,evidence,content_hash'
  writeFileSync(
    join(cwd, 'live.csv'),
    [head, ...rows].map((row, at) => (at === 0 ? `kind,${row}` : `prompt,${row}`)).join('\n'),
  )
  await take(cwd, '--as', 'deployments', 'live.csv')
}

async function take(cwd: string, ...words: string[]): Promise<void> {
  const ran = await pilot(cwd, ['ingest', ...words])
  expect(ran.code, ran.err).toBe(0)
}

/** Versions of the one prompt, by label. */
async function listed(cwd: string, ...more: string[]) {
  const { platforms } = await json(cwd, 'prompts', 'list', ...more)
  const [prompt] = platforms[0].prompts
  return {
    ...prompt,
    byLabel: Object.fromEntries(prompt.versions.map((each: { version: string }) => [each.version, each])),
  }
}

/** Test id → its result. */
async function tested(cwd: string, ...more: string[]) {
  const { platforms } = await json(cwd, 'prompts', 'tests', ...more)
  return Object.fromEntries(platforms[0].tests.map((each: { test: string }) => [each.test, each]))
}

const at = (day: number, time = '10:00') => `2026-03-${String(day).padStart(2, '0')}T${time}`
const ms = (time: string) => Date.parse(`${time}Z`)

describe('pilot prompts list', () => {
  it('of a store without traces is not measured', async () => {
    const cwd = project({ 'requests.csv': 'id,time\nr1,2026-03-02T10:00Z\n' })
    await take(cwd, '--as', 'requests', 'requests.csv')
    expect(await pilot(cwd, ['prompts', 'list'])).toEqual({
      code: 0,
      out: 'Prompt versions\n  - not measured: no run of the workflow\n',
      err: 'Next: pilot prompts tests\n',
    })
  })

  it('before the first ingest exits 3 and says what makes the store', async () => {
    const cwd = project({})
    const { code, err } = await pilot(cwd, ['prompts'])
    expect([code, err]).toEqual([3, expect.stringContaining('pilot ingest <export.jsonl> makes it.')])
  })

  it('puts versions in the order in which they were first seen, with what each run tells', async () => {
    const cwd = await store(
      [
        { id: 'a1', at: at(3), prompt: 'answer@10', usd: 0.01 },
        { id: 'a2', at: at(4), prompt: 'answer@10', usd: 0.03, status: 'error' },
        { id: 'b1', at: at(5), prompt: 'answer@9', usd: 0.05 },
        { id: 'c1', at: at(6), prompt: 'answer' },
        { id: 'd1', at: at(7) },
      ],
      [
        `${at(3, '09:00')}Z,answer,10,production,deploy,lead,dev1,PR-5,`,
        `${at(4, '09:00')}Z,answer,11,production,,,,,`,
      ],
      [
        { trace_id: 'a1', time: at(3, '11:00'), kind: 'thumbs', value: 'down' },
        { trace_id: 'a2', time: at(4, '11:00'), kind: 'thumbs', value: 'up' },
      ],
    )
    const { name, runs, versions, unversioned, neverSeen, byLabel } = await listed(cwd)
    expect({ name, runs, labels: versions.map((each: { version: string }) => each.version), unversioned }).toEqual({
      ...{ name: 'answer', runs: 4, labels: ['10', '9'] },
      unversioned: { runs: 1, examples: ['c1'] },
    })
    expect(byLabel['10']).toMatchObject({
      ...{ firstMs: ms(at(3)), lastMs: ms(at(4)), runs: 2, share: 0.5, costPerRun: 0.02 },
      ...{ errors: { x: 1, n: 2, rate: 0.5 }, thumbsDown: { x: 1, n: 2, rate: 0.5 } },
      deployments: [{ version: '10', by: 'dev1', reviewedBy: 'lead', evidence: 'PR-5' }],
    })
    expect(byLabel['10'].latencyMs.percentiles[0]).toMatchObject({ p: 0.5, value: 2000 })
    expect(byLabel['9'].thumbsDown).toEqual({ x: 0, n: 0, rate: null, interval: null })
    expect(neverSeen).toMatchObject([{ version: '11' }])
    const { platforms } = await json(cwd, 'prompts')
    expect(platforms[0]).toMatchObject({ platform: 'lantern', runs: 5, unnamed: { runs: 1, examples: ['d1'] } })
  })

  it.each([[[]], [['--json']]])('shows product people neither ids of runs nor who deployed %j', async (more) => {
    const runs = ['Be kind.', 'Be brief.'].map((template, n) => {
      return { id: `trace-${n}`, at: at(3 + n), prompt: 'answer@7', template }
    })
    const bare = [
      { id: 'trace-3', at: at(6), prompt: 'answer' },
      { id: 'trace-4', at: at(7) },
    ]
    const cwd = await store(
      [...runs, ...bare],
      [`${at(3)}Z,answer,7,,,lead,dev1,PR-5,`, `${at(4)}Z,answer,8,,,lead,dev1,,`],
    )
    const { out } = await pilot(cwd, ['prompts', '--audience', 'product', ...more])
    expect(out).not.toMatch(/trace-|lead|dev1|PR-5/)
    expect(out).toMatch(/DRIFT: 2 different texts|"state": "drift"/)
  })

  it('counts a thumb once that is joined by its trace and by its request', async () => {
    const runs = linesOf({ id: 'a1', at: at(3), prompt: 'answer@7' }).map((row) => ({ ...row, request: 'r1' }))
    const thumb = { trace_id: 'a1', request_id: 'r1', time: at(3, '11:00'), kind: 'thumbs', value: 'down' }
    const cwd = project({ 'runs.jsonl': jsonLines(runs), 'thumbs.jsonl': jsonLines([thumb]) })
    await take(cwd, 'runs.jsonl')
    await take(cwd, '--as', 'feedback', 'thumbs.jsonl')
    expect((await listed(cwd)).byLabel['7'].thumbsDown).toMatchObject({ x: 1, n: 1 })
  })

  it('shows how the outputs of a version fared in the last whole run of a suite', async () => {
    const cwd = await store([{ id: 'a1', at: at(3), prompt: 'answer@7' }])
    const suite = 'evals: { suites: [{ id: answers, dataset: c.jsonl, checks: [{ check: equals }] }] }\n'
    writeFileSync(join(cwd, 'pilot.yaml'), suite, { flag: 'a' })
    for (const good of [1, 3]) {
      const cases = [0, 1, 2, 3].map((n) => {
        return {
          id: `c${n}`,
          input: `q${n}`,
          expected: 'yes',
          output: n < good ? 'yes' : 'no',
          prompt_version: 'answer@7',
        }
      })
      writeFileSync(join(cwd, 'c.jsonl'), jsonLines(cases))
      await pilot(cwd, ['eval', 'run'])
    }
    expect((await listed(cwd)).byLabel['7'].evals).toMatchObject([
      { suite: 'answers', run: 'answers-2', passed: 3, n: 4 },
    ])
  })

  it.each([
    [['prompts', 'list', 'anser'], 'No run and no deployment is of a prompt "anser".', 'Did you mean answer?'],
    [['prompts', 'list', '--platform', 'x'], 'pilot.yaml names no platform x.', 'It names lantern.'],
    [['prompts', 'diff', 'answer@7', 'answr@7'], 'No run is of a prompt version "answr@7".', 'Did you mean answer@7?'],
    [['prompts', 'blame', 'a12'], 'No trace begins with a12.', 'pilot traces lists what is stored.'],
    [['prompts', 'tests', '--within', 'soon'], '--within soon: expected a duration', '--within 15m'],
  ])('of what nobody knows names the nearest: %j', async (words, says, hint) => {
    const { code, err } = await pilot(await store([{ id: 'a1', at: at(3), prompt: 'answer@7' }]), words)
    expect(code).toBe(2)
    expect(err).toContain(says)
    expect(err).toContain(hint)
  })
})

describe('drift', () => {
  const drifts = async (runs: readonly Partial<RunParts>[]) => {
    const parts = runs.map((run, n) => ({ id: `a${n}`, at: at(3 + n), prompt: 'answer@7', ...run }))
    return (await listed(await store(parts))).byLabel['7'].drift
  }

  it('is found where one label has two templates, with the runs of each', async () => {
    expect(await drifts([{ template: 'Be kind.' }, { template: 'Be brief.' }, { template: 'Be kind.' }])).toMatchObject(
      {
        ...{ state: 'drift', sort: 'template', compared: 3, without: 0 },
        texts: [
          { runs: 2, examples: ['a0', 'a2'], firstMs: ms(at(3)) },
          { runs: 1, examples: ['a1'], firstMs: ms(at(4)) },
        ],
      },
    )
  })

  it('is none where the template is the same, whatever was filled in', async () => {
    const runs = ['ann', 'bob'].map((who) => ({ template: 'Help {who}.', system: `Help ${who}.`, variables: { who } }))
    expect(await drifts(runs)).toMatchObject({ state: 'same text', sort: 'template', compared: 2 })
  })

  it('goes by the system message where no template is recorded, and says so', async () => {
    const runs = ['Be kind.', 'Be kind.', 'Be brief.', 'Be brief.'].map((system) => ({ system }))
    expect(await drifts(runs)).toMatchObject({ state: 'drift', sort: 'system message', compared: 4 })
  })

  it('is not claimed of system messages that differ from run to run', async () => {
    expect(await drifts([{ system: 'Help ann.' }, { system: 'Help bob.' }])).toMatchObject({
      state: 'varies',
      compared: 2,
    })
  })

  it('is not measured without any text', async () => {
    expect(await drifts([{}])).toMatchObject({ state: 'not measured', sort: null, compared: 0, without: 1 })
  })

  it('is found in deployments of one label with two contents', async () => {
    const cwd = await store(
      [{ id: 'a1', at: at(3), prompt: 'answer@7' }],
      [`${at(2)}Z,answer,7,,,,,,aaa`, `${at(4)}Z,answer,7,,,,,,bbb`],
    )
    expect((await listed(cwd)).byLabel['7'].deployedHashes).toEqual(['aaa', 'bbb'])
    expect((await pilot(cwd, ['prompts'])).out).toContain('7: DRIFT: deployed with 2 different contents: aaa, bbb')
  })

  it('is not two labels with one text, which is said', async () => {
    const cwd = await store([
      { id: 'a1', at: at(3), prompt: 'answer@7', template: 'Be kind.' },
      { id: 'a2', at: at(4), prompt: 'answer@8', template: 'Be kind.' },
    ])
    expect((await listed(cwd)).byLabel['8'].sameTextAs).toEqual(['7'])
  })
})

describe('pilot prompts diff', () => {
  const two: RunParts[] = [
    {
      id: 'a1',
      at: at(3),
      prompt: 'answer@7',
      template: 'Be kind.\nAnswer.\nBe brief.',
      variables: { who: 'x' },
      tool: 'look',
    },
    {
      ...{
        id: 'b1',
        at: at(4),
        prompt: 'answer@8',
        template: 'Be kind.\nCite.\u001b[31m\nBe brief.',
        variables: { when: 'x' },
      },
      ...{ model: 'gpt-5', temperature: 0.9 },
    },
  ]

  it('shows the lines, variables, settings, models and tools that differ, and nothing that drives a terminal', async () => {
    const { code, out } = await pilot(await store(two), ['prompts', 'diff', 'answer@7', 'answer@8'])
    expect(code).toBe(0)
    expect(out).toContain('@@ -1,3 +1,3 @@\n Be kind.\n-Answer.\n+Cite.\\u{1b}[31m\n Be brief.\n')
    expect(out).toMatch(/temperature +0\.2 +0\.9 +differs/)
    expect(out).toMatch(/gpt-4\.1 +1 +—\ngpt-5 +— +1/)
    expect(out).toMatch(/look +1 +—/)
    expect(out).toMatch(/when +— +1\nwho +1 +—/)
  })

  it.each([[[]], [['--json']]])('shows product people no text %j', async (more) => {
    const words = ['prompts', 'diff', 'answer@7', 'answer@8', '--audience', 'product', ...more]
    const { out } = await pilot(await store(two), words)
    expect(out).not.toMatch(/kind|Cite/)
    expect(out).toMatch(/1 lines out, 1 in|"linesOut": 1/)
  })

  it('compares no template with a system message', async () => {
    const runs = [two[0]!, { id: 'b1', at: at(4), prompt: 'answer@8', system: 'Be kind.' }]
    const { text } = await json(await store(runs), 'prompts', 'diff', 'answer@7', 'answer@8')
    expect(text).toEqual({ why: 'answer@7 has a template, answer@8 a system message', linesOut: null, linesIn: null })
  })
})

describe('pilot prompts blame', () => {
  it('names version, text, release and the deployment that was live', async () => {
    const run = {
      id: 'a1',
      at: at(5),
      prompt: 'answer@8',
      template: 'Be kind.',
      release: 'abc1234',
      environment: 'production',
    }
    const cwd = await store(
      [run],
      [
        `${at(3)}Z,answer,7,production,,,,,`,
        `${at(4)}Z,answer,8,production,,lead,dev1,PR-9,`,
        `${at(4, '11:00')}Z,answer,8,staging,,,dev2,,`,
        `${at(6)}Z,answer,8,production,,,dev3,,`,
      ],
    )
    const blame = await json(cwd, 'prompts', 'blame', 'a1')
    expect(blame).toMatchObject({
      ...{
        schemaVersion: 1,
        traceId: 'a1',
        name: 'answer',
        version: '8',
        release: 'abc1234',
        environment: 'production',
      },
      // printf 'Be kind.' | sha256sum
      text: { sort: 'template', hash: '5499befb38db' },
      deployment: { by: 'dev1', reviewedBy: 'lead', evidence: 'PR-9', timeMs: ms(at(4)) },
      missing: [],
      liveThen: null,
    })
  })

  it('says where another version was live', async () => {
    const run = { id: 'a1', at: at(5), prompt: 'answer@7' }
    const cwd = await store([run], [`${at(3)}Z,answer,7,,,,,,`, `${at(4)}Z,answer,8,,,,,,`])
    const { out } = await pilot(cwd, ['prompts', 'blame', 'a1'])
    expect(out).toContain(
      '  - deployed: 2026-03-03 10:00; by the deployments 8 was live then, since 2026-03-04 10:00\n',
    )
  })

  it('names each attribute that is missing', async () => {
    const { missing } = await json(await store([{ id: 'a1', at: at(5) }]), 'prompts', 'blame', 'a1')
    expect(missing.map((each: { attribute: string }) => each.attribute)).toEqual([
      ...['prompt.name', 'prompt.version', 'template', 'release', 'environment'],
    ])
  })
})

describe('the test version-visible', () => {
  const deployed = [`${at(4, '10:00')}Z,answer,8,production,,,,,`]
  const run = (id: string, time: string, version: string) => ({ id, at: at(4, time), prompt: `answer@${version}` })
  const visible = async (runs: RunParts[], ...more: string[]) =>
    (await tested(await store(runs, deployed), ...more))['version-visible']

  it('passes where the version is seen at exactly the time allowed, and lists the stragglers', async () => {
    const runs = [
      ...[run('a', '09:59', '7'), run('b', '10:10', '7'), run('c', '10:15', '8')],
      ...[run('d', '10:16', '7'), run('e', '10:17', '8')],
    ]
    expect(await visible(runs)).toMatchObject({
      status: 'passed',
      items: [
        {
          ...{ prompt: 'answer@8', status: 'passed', atMs: ms(at(4)), afterMs: 15 * 60_000 },
          ...{ shown: 1, stragglers: 1, examples: ['d'] },
        },
      ],
    })
  })

  it('passes where the first run after the time allowed shows it: nothing ran before', async () => {
    expect(await visible([run('a', '12:00', '8'), run('b', '13:00', '7')])).toMatchObject({
      ...{ status: 'passed', items: [{ reason: 'seen in the first run after that; other versions ran on' }] },
    })
    expect((await visible([run('a', '12:00', '8')])).items[0].reason).toBe('seen in the first run after that')
  })

  it('fails where another version ran on before it was seen, and --within decides', async () => {
    const runs = [run('a', '10:20', '7'), run('b', '10:30', '8')]
    expect(await visible(runs)).toMatchObject({ status: 'failed', items: [{ examples: ['a'] }] })
    expect(await visible(runs, '--within', '20m')).toMatchObject({ status: 'passed' })
  })

  it('fails where it was never seen, and is not measured where nothing ran or nothing names a version', async () => {
    expect(await visible([run('a', '10:20', '7')])).toMatchObject({ status: 'failed' })
    expect(await visible([run('a', '09:00', '7')])).toMatchObject({
      ...{ status: 'not measured', reason: 'no run of the prompt came after it' },
    })
    expect(await visible([{ id: 'a', at: at(4, '11:00'), prompt: 'answer' }])).toMatchObject({
      ...{ status: 'not measured', reason: 'no run after it names a version' },
    })
  })

  it('looks no further than the next change, and only where the version went live', async () => {
    const rows = [
      `${at(4, '10:00')}Z,answer,8,staging,,,,,`,
      `${at(4, '11:00')}Z,answer,8,production,,,,,`,
      `${at(4, '12:00')}Z,answer,9,production,,,,,`,
    ]
    const runs = [run('a', '10:30', '7'), run('b', '11:30', '8'), run('c', '12:30', '9')]
    const { items } = (await tested(await store(runs, rows)))['version-visible']
    expect(items.map((each: { status: string }) => each.status)).toEqual(['not measured', 'passed', 'passed'])
  })
})

describe('the test rollback-reflected', () => {
  const back = [`${at(3)}Z,answer,8,,,,,,`, `${at(4)}Z,answer,7,,rollback,,,,`]
  const run = (id: string, time: string, version: string) => ({ id, at: at(4, time), prompt: `answer@${version}` })
  const reflected = async (runs: RunParts[]) => (await tested(await store(runs, back)))['rollback-reflected']

  it('passes where each run from the time allowed on shows the old version', async () => {
    const runs = [run('a', '10:15', '8'), run('b', '10:16', '7'), { id: 'c', at: at(4, '11:00'), prompt: 'answer' }]
    expect(await reflected(runs)).toMatchObject({
      status: 'passed',
      items: [{ prompt: 'answer@7', shown: 1, stragglers: 0 }],
    })
  })

  it('fails where one run does not, and makes the command exit 1', async () => {
    const runs = [run('a', '10:16', '7'), run('b', '10:17', '8')]
    expect(await reflected(runs)).toMatchObject({
      status: 'failed',
      items: [{ shown: 1, stragglers: 1, examples: ['b'] }],
    })
    expect((await pilot(await store(runs, back), ['prompts', 'tests'])).code).toBe(1)
  })

  it('is not measured without a run after it, or without a rollback', async () => {
    expect(await reflected([run('a', '09:00', '8')])).toMatchObject({ status: 'not measured' })
    const none = await tested(await store([run('a', '10:00', '8')]))
    expect(none['rollback-reflected']).toEqual({
      ...{
        test: 'rollback-reflected',
        status: 'not measured',
        reason: 'No rollback of a prompt is stored.',
        items: [],
      },
    })
  })
})

describe('the test versions-compared', () => {
  const compared = async (runs: RunParts[]) => (await tested(await store(runs)))['versions-compared']

  it('passes on equal inputs of two versions, and fails without', async () => {
    const run = (id: string, version: string, input: string) => ({ id, at: at(4), prompt: `answer@${version}`, input })
    expect(await compared([run('a', '7', 'Where?'), run('b', '8', 'Where?'), run('c', '8', 'When?')])).toMatchObject({
      ...{ status: 'passed', items: [{ prompt: 'answer', reason: 'equal inputs of runs of 7 and 8: 1' }] },
    })
    expect(await compared([run('a', '7', 'Where?'), run('b', '8', 'When?')])).toMatchObject({ status: 'failed' })
    expect(await compared([run('a', '7', 'Where?')])).toMatchObject({ status: 'not measured' })
  })

  it('passes on eval runs of two versions over the same cases', async () => {
    const cwd = await store([{ id: 'a1', at: at(3), prompt: 'answer@8' }])
    await evalRuns(cwd, 'answer@7', 'answer@8')
    expect((await tested(cwd))['versions-compared'].items).toEqual([
      {
        ...{ prompt: 'answer', status: 'passed', reason: 'eval runs of answer@7 and answer@8 over the same cases' },
        examples: ['answers-1', 'answers-2'],
      },
    ])
  })
})

/** Runs a suite on the same cases for each version, on the second day of the pilot at noon. */
async function evalRuns(cwd: string, ...prompts: string[]): Promise<void> {
  const suite = 'evals: { suites: [{ id: answers, dataset: c.jsonl, checks: [{ check: equals }] }] }\n'
  writeFileSync(join(cwd, 'pilot.yaml'), suite, { flag: 'a' })
  for (const prompt of prompts) {
    writeFileSync(
      join(cwd, 'c.jsonl'),
      jsonLines([{ id: 'c', input: 'q', expected: 'yes', output: 'yes', prompt_version: prompt }]),
    )
    expect((await pilot(cwd, ['eval', 'run'])).code).toBe(0)
  }
}

describe('the test reviewed-before-production', () => {
  it('asks of each version that went to production for a review, and an eval run begun before', async () => {
    const cwd = await store(
      [{ id: 'a1', at: at(3), prompt: 'answer@8' }],
      [
        `${at(3, '11:00')}Z,answer,6,production,,lead,,,`, // before the eval runs at noon
        `${at(4)}Z,answer,7,production,,,,PR-7,`,
        `${at(5)}Z,answer,8,production,,,,,`,
        `${at(6)}Z,answer,7,production,rollback,,,,`,
        `${at(7)}Z,answer,9,staging,,,,,`,
        `${at(8)}Z,answer,9,production,,,,forced: in a hurry,`,
      ],
    )
    await evalRuns(cwd, 'answer@6', 'answer@7', 'answer@8')
    const { status, items } = (await tested(cwd))['reviewed-before-production']
    expect(status).toBe('failed')
    expect(items.map(({ prompt, status, reason }: Record<string, string>) => [prompt, status, reason])).toEqual([
      ['answer@6', 'failed', 'no whole eval run before it'],
      ['answer@7', 'passed', 'reviewed, and an eval run before it'],
      ['answer@8', 'failed', 'no review is recorded'],
      ['answer@9', 'failed', 'no review is recorded; no whole eval run before it'],
    ])
  })
})

describe('on the demo', () => {
  let cwd: string
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'pilot-prompts-'))
    await pilot(cwd, ['demo', '.'])
  })
  afterAll(() => rmSync(cwd, { recursive: true }))

  // A request that is traced twice has two runs.
  const planted = plantFaults('extend').filter(({ origin, hasTrace }) => origin === 'production' && hasTrace)
  const runs = (of: typeof planted) => of.length + of.filter(({ isDuplicated }) => isDuplicated).length
  const versioned = planted.filter(({ hasPromptVersion }) => hasPromptVersion)

  it('each version has the runs that were planted, and those without one are counted', async () => {
    const { runs: all, unversioned, byLabel } = await listed(cwd)
    expect([all, byLabel['7'].runs, byLabel['8'].runs, unversioned.runs]).toEqual([
      runs(planted),
      runs(versioned.filter(({ promptVersion }) => promptVersion === '7')),
      runs(versioned.filter(({ promptVersion }) => promptVersion === '8')),
      runs(planted.filter(({ hasPromptVersion }) => !hasPromptVersion)),
    ])
  })

  it('the failed calls are those that fell back', async () => {
    const { byLabel } = await listed(cwd)
    expect(byLabel['7'].callErrors.x + byLabel['8'].callErrors.x).toBe(
      runs(planted.filter(({ isFallback }) => isFallback)),
    )
  })

  it('a run without a version is blamed on the attribute that is missing', async () => {
    const { unversioned } = await listed(cwd)
    const { name, missing } = await json(cwd, 'prompts', 'blame', unversioned.examples[0])
    expect([name, missing[0].attribute]).toEqual(['support-answer', 'prompt.version'])
  })
})

describe('the criterion prompt-rollback', () => {
  it('counts the runs after a rollback, as its test does', async () => {
    const run = (id: string, time: string, version: string) => ({ id, at: at(4, time), prompt: `answer@${version}` })
    const runs = [run('a', '10:16', '7'), run('b', '10:17', '7'), run('c', '10:18', '8'), run('d', '10:15', '8')]
    const cwd = await store(runs, [`${at(3)}Z,answer,8,,,,,,`, `${at(4)}Z,answer,7,,rollback,,,,`])
    writeFileSync(join(cwd, 'pilot.yaml'), "  - { id: prompt-rollback, target: '100 %' }\n", { flag: 'a' })
    const { out } = await pilot(cwd, ['scorecard', '--explain', 'prompt-rollback'])
    expect(out.replaceAll(/\n +/g, ' ')).toContain('66.7 % (n 3')
    expect(out).toContain('another version, for example: c')
  })
})
