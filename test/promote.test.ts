import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readLive } from '../src/core/live.js'
import { readDeployments } from '../src/store/deployments.js'
import { readRuns, saveRun } from '../src/store/evals.js'
import { openStore } from '../src/store/open.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, stored } from './project.js'

const noon = (day: number) => Date.UTC(2026, 2, day, 12)

const suite = (id = 'answers', checks = '{ check: equals }') =>
  `    - { id: ${id}, dataset: cases.jsonl, checks: [${checks}] }\n`

const config = (suites = suite(), more = '') => `evals:\n${more}  suites:\n${suites}`

/** Runs a suite, or all, on the outputs of a prompt version. */
async function run(
  cwd: string,
  prompt: string,
  { n = 200, fails = 0, code = 0, hasReference = true, of = [] as string[] } = {},
): Promise<void> {
  const cases = Array.from({ length: n }, (_, at) => ({
    id: `c${at}`,
    input: `question ${at}`,
    ...(hasReference && { expected: 'yes' }),
    output: at < fails ? 'no' : 'yes',
    prompt_version: prompt,
  }))
  writeFileSync(`${cwd}/cases.jsonl`, jsonLines(cases))
  const ran = await pilot(cwd, ['eval', 'run', ...of])
  expect(ran.code, ran.err).toBe(code)
}

/** Takes in what went live on a day: `answer 7 staging`. */
async function live(cwd: string, ...rows: string[]): Promise<void> {
  const lines = rows.map((line, at) => {
    const [name, version, environment, action = 'deploy'] = line.split(' ')
    return `2026-03-0${at + 1},prompt,${name},${version},${environment},${action}`
  })
  writeFileSync(`${cwd}/live.csv`, ['time,kind,name,version,environment,action', ...lines].join('\n'))
  const ran = await pilot(cwd, ['ingest', '--as', 'deployments', 'live.csv'])
  expect(ran.code, ran.err).toBe(0)
}

const promote = (cwd: string, prompt: string, to: string, more: string[] = [], day = 20) =>
  pilot(cwd, ['prompts', 'promote', prompt, '--to', to, ...more], { nowMs: noon(day) })

const deploymentsIn = (cwd: string) => stored(cwd, readDeployments)

/** What a refusal to staging lists, without the layout. */
async function missing(cwd: string, prompt = 'answer@8', to = 'staging') {
  const before = existsSync(`${cwd}/.pilot`) ? deploymentsIn(cwd) : undefined
  const { code, out } = await promote(cwd, prompt, to, ['--json'])
  expect(code).toBe(1)
  expect(existsSync(`${cwd}/.pilot`) ? deploymentsIn(cwd) : undefined).toEqual(before)
  return (JSON.parse(out).missing as { what: string; next: string }[]).map(({ what, next }) => `${what}: ${next}`)
}

describe('pilot prompts promote into the first environment', () => {
  it('needs nothing, and makes the store', async () => {
    const cwd = project({})
    expect(await promote(cwd, 'answer@8', 'dev', ['--by', 'lead'])).toEqual({
      code: 0,
      out: 'answer@8 to dev: granted\n  - recorded: deploy, 2026-03-20 12:00 UTC, by lead\n',
      err: 'Next: pilot prompts promote answer@8 --to staging\n',
    })
    expect(deploymentsIn(cwd)).toEqual([
      {
        ...{ kind: 'prompt', name: 'answer', version: '8', timeMs: noon(20), environment: 'dev', action: 'deploy' },
        by: 'lead',
      },
    ])
    const { sources, total } = await json(cwd, 'data')
    expect(sources).toMatchObject([{ path: 'pilot prompts promote', kind: 'deployments', deployments: 1, records: 1 }])
    expect(total.deployments).toBe(1)
  })

  it('a second time changes nothing', async () => {
    const cwd = project({})
    await promote(cwd, 'answer@8', 'dev', [], 20)
    const again = await promote(cwd, 'answer@8', 'dev', ['--force', 'to be sure'], 21)
    expect([again.code, again.out]).toEqual([
      0,
      'answer@8 to dev: live already\n  - live there: answer@8, since 2026-03-20\n',
    ])
    expect(deploymentsIn(cwd)).toHaveLength(1)
  })

  it('records a rollback for what was live there before, and no deployment of another prompt counts', async () => {
    const cwd = project({})
    await promote(cwd, 'answer@7', 'dev', [], 20)
    await promote(cwd, 'answer@8', 'dev', [], 21)
    await promote(cwd, 'other@7', 'dev', [], 22)
    expect((await promote(cwd, 'answer@7', 'dev', [], 23)).out).toBe(
      'answer@7 to dev: granted\n  - live there: answer@8, since 2026-03-21\n  - recorded: rollback, 2026-03-23 12:00 UTC\n',
    )
    expect(deploymentsIn(cwd).map(({ name, version, action }) => `${name} ${version} ${action}`)).toEqual([
      'answer 7 deploy',
      'answer 8 deploy',
      'other 7 deploy',
      'answer 7 rollback',
    ])
  })

  it('with --dry-run writes nothing, not even a store', async () => {
    const cwd = project({})
    expect(await promote(cwd, 'answer@8', 'dev', ['--dry-run'])).toEqual({
      code: 0,
      out: 'answer@8 to dev: granted\n  - would be recorded: deploy, 2026-03-20 12:00 UTC\n',
      err: '',
    })
    expect(existsSync(`${cwd}/.pilot`)).toBe(false)
  })

  it('does not record the reason of a --force that was not needed, and says so', async () => {
    const cwd = project({})
    const { code, err } = await promote(cwd, 'answer@8', 'dev', ['--force', 'hurry'])
    expect([code, err.split('\n')[0]]).toEqual([
      0,
      'Nothing is missing; --force was not needed, and its reason is not recorded.',
    ])
    expect(deploymentsIn(cwd)[0]).not.toHaveProperty('evidence')
  })
})

describe('pilot prompts promote into a later environment', () => {
  it('is refused where nothing is stored, names all that is missing, and makes no store', async () => {
    const cwd = project({}, config())
    expect(await promote(cwd, 'answer@8', 'staging')).toEqual({
      code: 1,
      out: `answer@8 to staging: refused
  - missing: answer@8 is not live in dev: pilot prompts promote answer@8 --to dev
  - missing: answers has no whole run of answer@8 by its checks of today: pilot eval run answers
    --prompt answer@8
`,
      err: 'Nothing was written. Get what is missing, or say why not: --force "reason"\n',
    })
    expect(existsSync(`${cwd}/.pilot`)).toBe(false)
  })

  it('is refused where pilot.yaml has no suite: no evidence was asked for', async () => {
    const cwd = project({})
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual(['pilot.yaml has no suite: write one under evals.suites, then pilot eval run'])
  })

  it('asks for the environment before, not for any other', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8')
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd, 'answer@8', 'production')).toEqual([
      'answer@8 is not live in staging: pilot prompts promote answer@8 --to staging',
    ])
  })

  it.each([
    ['another version is live there now', ['answer 8 dev', 'answer 9 dev']],
    ['it was removed', ['answer 8 dev', 'answer abc dev remove']],
    ['only another prompt has that version', ['other 8 dev']],
    ['nobody says in which environment', ['answer 8 ']],
  ])('asks for the environment before where %s', async (_, rows) => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8')
    await live(cwd, ...rows)
    expect(await missing(cwd)).toEqual(['answer@8 is not live in dev: pilot prompts promote answer@8 --to dev'])
  })

  it('does not count what goes live later than now', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8')
    await promote(cwd, 'answer@8', 'dev', [], 21)
    expect((await promote(cwd, 'answer@8', 'staging', [], 20)).code).toBe(1)
    expect((await promote(cwd, 'answer@8', 'staging', [], 21)).code).toBe(0)
  })

  it('asks for a run of the very version', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@7')
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual([
      'answers has no whole run of answer@8 by its checks of today: pilot eval run answers --prompt answer@8',
    ])
  })

  it('asks for a run that is whole', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8')
    await live(cwd, 'answer 8 dev')
    const db = openStore(`${cwd}/.pilot/pilot.db`, 'write')
    const { finishedMs: _, ...cut } = readRuns(db)[0]!
    saveRun(db, cut)
    db.close()
    expect(await missing(cwd)).toEqual([
      'answers has no whole run of answer@8 by its checks of today: pilot eval run answers --prompt answer@8',
    ])
  })

  it('asks for each suite, or for those that pilot.yaml requires', async () => {
    const two = suite('answers') + suite('tone')
    const cwd = project({}, config(two))
    await run(cwd, 'answer@8', { of: ['answers'] })
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual([
      'tone has no whole run of answer@8 by its checks of today: pilot eval run tone --prompt answer@8',
    ])
    const text = readFileSync(`${cwd}/pilot.yaml`, 'utf8')
    writeFileSync(`${cwd}/pilot.yaml`, text.replace('  suites:', '  promotion: { suites: [answers] }\n  suites:'))
    expect((await promote(cwd, 'answer@8', 'staging')).code).toBe(0)
  })

  it('asks for a run in which no gating check ended in errors only', async () => {
    const broken = '{ check: equals }, { check: command, run: [./nobody] }'
    const cwd = project({}, config(suite('answers', broken)))
    await run(cwd, 'answer@8', { n: 2, code: 1 })
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual([
      'command of answers-1 ended in errors only: pilot eval run answers --prompt answer@8 --retry-errors',
    ])
  })

  it('takes errors of a check that only reports', async () => {
    const broken = '{ check: equals }, { check: command, run: [./nobody], gate: false }'
    const cwd = project({}, config(suite('answers', broken)))
    await run(cwd, 'answer@8', { n: 2 })
    await live(cwd, 'answer 8 dev')
    expect((await promote(cwd, 'answer@8', 'staging')).code).toBe(0)
  })

  it('takes no run for evidence that judged nothing', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8', { n: 2, hasReference: false, code: 1 })
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual(['no gating check of answers-1 judged anything: pilot eval show answers-1'])
  })

  it('takes no suite for evidence whose checks all only report', async () => {
    const cwd = project({}, config(suite('answers', '{ check: equals, gate: false }')))
    await run(cwd, 'answer@8', { n: 2 })
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual([
      'every check of answers-1 only reports, which is no evidence: let a check of answers gate in pilot.yaml, then pilot eval run answers --prompt answer@8',
    ])
  })

  it('takes no judge without a certificate for evidence', async () => {
    const judges =
      "judges: [{ id: helpful, model: m, endpoint: 'http://127.0.0.1:9/v1', rubric: It helps., retries: 0 }]\n"
    const cwd = project({}, `${judges}${config(suite('answers', '{ check: rubric, judge: helpful }'))}`)
    await run(cwd, 'answer@8', { n: 2 })
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual([
      'every check of answers-1 only reports, which is no evidence: pilot judge validate helpful',
    ])
  })

  it('does not send to --prompt where the target of the suite refuses it', async () => {
    const cwd = project(
      {},
      config('    - { id: a, target: { command: [node, a.js] }, dataset: c.jsonl, checks: [{ check: equals }] }\n'),
    )
    await live(cwd, 'answer 8 dev')
    expect(await missing(cwd)).toEqual([
      'a has no whole run of answer@8 by its checks of today: pilot eval run a --prompt answer@8',
    ])
  })

  it('takes no run for evidence whose checks were other ones', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8', { n: 3 })
    await live(cwd, 'answer 8 dev')
    expect((await promote(cwd, 'answer@8', 'staging', ['--dry-run'])).code).toBe(0)
    const path = join(cwd, 'pilot.yaml')
    writeFileSync(path, readFileSync(path, 'utf8').replace('{ check: equals }', '{ check: equals, ignore_case: true }'))
    expect(await missing(cwd)).toEqual([
      'answers has no whole run of answer@8 by its checks of today: pilot eval run answers --prompt answer@8',
    ])
  })

  it('is granted on a whole run where nothing is live, and keeps it as evidence', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8', { n: 3, fails: 1 })
    await live(cwd, 'answer 8 dev')
    expect((await promote(cwd, 'answer@8', 'staging')).out).toBe(`answer@8 to staging: granted
  - recorded: deploy, 2026-03-20 12:00 UTC
  - evidence: answers: answers-1 of answer@8, with none live to compare with
`)
    expect(deploymentsIn(cwd).at(-1)).toEqual({
      ...{ kind: 'prompt', name: 'answer', version: '8', timeMs: noon(20), environment: 'staging', action: 'deploy' },
      evidence: 'answers: answers-1 of answer@8, with none live to compare with',
    })
  })

  it('goes by the names of pilot.yaml, and quotes what a shell would split', async () => {
    const cwd = project({}, config(suite(), '  promotion: { environments: [test, live eu] }\n'))
    expect(await missing(cwd, '@team/my answer@8', 'live eu')).toEqual([
      "@team/my answer@8 is not live in test: pilot prompts promote '@team/my answer@8' --to test",
      "answers has no whole run of @team/my answer@8 by its checks of today: pilot eval run answers --prompt '@team/my answer@8'",
    ])
  })
})

describe('pilot prompts promote where another version is live', () => {
  const bothLive = ['answer 7 production', 'answer 8 staging']

  it('is granted where its runs are safe against those of that version', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@7')
    await run(cwd, 'answer@8')
    await live(cwd, ...bothLive)
    expect((await promote(cwd, 'answer@8', 'production', ['--by', 'lead'])).out).toBe(`answer@8 to production: granted
  - live there: answer@7, since 2026-03-01
  - recorded: deploy, 2026-03-20 12:00 UTC, by lead
  - evidence: answers: answers-2 of answer@8 against answers-1 of answer@7: safe
`)
    expect(deploymentsIn(cwd).at(-1)).toMatchObject({ version: '8', environment: 'production', action: 'deploy' })
  })

  it('asks for a run of that version, too', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8')
    await live(cwd, ...bothLive)
    expect(await missing(cwd, 'answer@8', 'production')).toEqual([
      'answers has no whole run of answer@7, which is live in production: pilot eval run answers --prompt answer@7',
    ])
  })

  it.each([
    ['regressed', { fails: 20 }, { n: 200 }],
    // Forty equal cases do not show that less than 5 % are lost.
    ['inconclusive', { n: 40 }, { n: 40 }],
  ])('is refused where it is %s', async (verdict, eight, seven) => {
    const cwd = project({}, config())
    await run(cwd, 'answer@7', seven)
    await run(cwd, 'answer@8', eight)
    await live(cwd, ...bothLive)
    expect(await missing(cwd, 'answer@8', 'production')).toEqual([
      `answers-2 is ${verdict} against answers-1 of answer@7, which is live in production: pilot eval compare answers-1 answers-2`,
    ])
  })

  it('goes by the margin of pilot.yaml', async () => {
    const cwd = project({}, config(suite(), '  margin: 20 %\n'))
    await run(cwd, 'answer@7', { n: 40 })
    await run(cwd, 'answer@8', { n: 40 })
    await live(cwd, ...bothLive)
    expect((await promote(cwd, 'answer@8', 'production')).code).toBe(0)
  })

  it('goes by the last runs: a better one before does not help', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@7')
    await run(cwd, 'answer@8')
    await run(cwd, 'answer@8', { fails: 20 })
    await live(cwd, ...bothLive)
    expect((await missing(cwd, 'answer@8', 'production'))[0]).toMatch(/^answers-3 is regressed against answers-1/)
  })

  it('is refused where the two runs are not comparable, and says why', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@7', { n: 200 })
    await run(cwd, 'answer@8', { n: 201 })
    await live(cwd, ...bothLive)
    expect(await missing(cwd, 'answer@8', 'production')).toEqual([
      'answers-1 and answers-2 are not comparable: the cases differ (1 only in answers-2): pilot eval run answers --prompt answer@7',
    ])
  })

  it('goes back by the same rules', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@7')
    await run(cwd, 'answer@8', { fails: 20 })
    await live(cwd, 'answer 7 staging', 'answer 7 production', 'answer 8 production')
    const { out } = await promote(cwd, 'answer@7', 'production')
    expect(out).toContain('answers: answers-1 of answer@7 against answers-2 of answer@8: safe')
    expect(deploymentsIn(cwd).at(-1)).toMatchObject({ version: '7', action: 'rollback' })
  })

  it('with --force is granted all the same, and keeps the reason under the privacy rules with what was missing', async () => {
    const privacy = 'capture: { privacy: [{ detect: [email], do: redact }] }\n'
    const cwd = project({}, `${privacy}${config()}`)
    await run(cwd, 'answer@7')
    await run(cwd, 'answer@8', { fails: 20 })
    await live(cwd, ...bothLive)
    const dry = await promote(cwd, 'answer@8', 'production', ['--force', 'asked by jo@example.com', '--dry-run'])
    expect([dry.code, deploymentsIn(cwd).length]).toEqual([0, 2])
    const { code, out } = await promote(cwd, 'answer@8', 'production', ['--force', 'asked by jo@example.com'])
    expect(code).toBe(0)
    expect(out).toMatch(/^answer@8 to production: forced\n/)
    expect(deploymentsIn(cwd).at(-1)?.evidence).toBe(
      'forced: asked by [redacted:email]; missing: answers-2 is regressed against answers-1 of answer@7, which is live in production',
    )
  })
})

describe('pilot prompts promote', () => {
  it.each([
    [['answer', '--to', 'dev'], '"answer" is no version of a prompt', 'NAME@VERSION'],
    [['@8', '--to', 'dev'], '"@8" is no version of a prompt', 'NAME@VERSION'],
    [['answer@', '--to', 'dev'], '"answer@" is no version of a prompt', 'NAME@VERSION'],
    [['answer@8', '--to', 'stagin'], 'evals.promotion.environments has no "stagin"', 'Did you mean staging?'],
    [['answer@8', '--to', 'moon'], 'evals.promotion.environments has no "moon"', 'It has dev, staging, production.'],
    [['answer@8', '--to', 'dev', '--by', 'Jane Doe'], '"Jane Doe" is no alias', 'One word such as lead'],
    [['answer@8', '--to', 'dev', '--force', ' '], '--force needs a reason', '--force "why'],
    [['answer@8'], "required option '--to <environment>' not specified", '--help'],
  ])('of %j exits 2 and says what to write', async (words, says, hint) => {
    const cwd = project({})
    const { code, err } = await pilot(cwd, ['prompts', 'promote', ...words])
    expect(code).toBe(2)
    expect(err).toContain(says)
    expect(err).toContain(hint)
    expect(existsSync(`${cwd}/.pilot`)).toBe(false)
  })

  it('prints one JSON document', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@7')
    await run(cwd, 'answer@8')
    await live(cwd, 'answer 7 production', 'answer 8 staging')
    const { out, err } = await promote(cwd, 'answer@8', 'production', ['--json'])
    expect({ ...JSON.parse(out), err }).toEqual({
      schemaVersion: 1,
      status: 'granted',
      name: 'answer',
      version: '8',
      environment: 'production',
      action: 'deploy',
      live: { version: '7', sinceMs: Date.UTC(2026, 2, 1) },
      suites: [{ suite: 'answers', run: 'answers-2', against: 'answers-1', verdict: 'safe' }],
      missing: [],
      dryRun: false,
      deployment: deploymentsIn(cwd).at(-1),
      err: '',
    })
  })

  it.each([
    ['{ environments: [] }', 'evals.promotion.environments'],
    ['{ environments: [dev, dev] }', 'evals.promotion.environments.1: names the same environment as an earlier one'],
    ['{ suites: [anwers] }', 'evals.promotion.suites.0: names no suite of evals.suites'],
  ])('does not take promotion: %s', async (written, says) => {
    const cwd = project({}, config(suite(), `  promotion: ${written}\n`))
    const { code, err } = await promote(cwd, 'answer@8', 'dev')
    expect([code, err]).toEqual([2, expect.stringContaining(says)])
  })
})

describe('what is live', () => {
  const at = (timeMs: number, version: string, more: object = {}) => ({
    ...{ kind: 'prompt' as const, name: 'answer', version, timeMs, environment: 'dev', action: 'deploy' as const },
    ...more,
  })

  it('is nothing without deployments, before the first, and after a removal', () => {
    expect(readLive([], 9)).toEqual([])
    expect(readLive([at(10, '7')], 9)).toEqual([])
    expect(readLive([at(1, '7'), at(2, 'abc', { action: 'remove' })], 9)).toEqual([])
  })

  it('has been so since its version went live, however often that was deployed again', () => {
    const deployed = [at(1, '7'), at(2, '8'), at(3, '8', { action: 'rollback' }), at(9, '8')]
    expect(readLive(deployed, 9)).toEqual([
      { kind: 'prompt', name: 'answer', version: '8', environment: 'dev', sinceMs: 2 },
    ])
  })

  it('is told of a run by pilot eval show, from the prompt and from the release', async () => {
    const cwd = project({}, config())
    await run(cwd, 'answer@8', { n: 3 })
    expect((await json(cwd, 'eval', 'show')).deployments).toEqual([])
    await live(cwd, 'answer 7 dev', 'answer 8 production', 'answer 8 ')
    const db = openStore(`${cwd}/.pilot/pilot.db`, 'write')
    saveRun(db, { ...readRuns(db)[0]!, release: '4c1d9e2' })
    db.close()
    writeFileSync(`${cwd}/code.csv`, 'time,kind,name,version,environment\n2026-03-02,release,bot,4c1d9e2,production\n')
    await pilot(cwd, ['ingest', '--as', 'deployments', 'code.csv'])
    const { out } = await pilot(cwd, ['eval', 'show'])
    expect(out.split('\n').filter((line) => line.includes(' live'))).toEqual([
      '  - the prompt is live in production since 2026-03-02',
      '  - the release of bot is live in production since 2026-03-02',
      '  - the prompt is live, nobody says where, since 2026-03-03',
    ])
    expect((await json(cwd, 'eval', 'show')).deployments[0]).toEqual({
      ...{ kind: 'prompt', name: 'answer', version: '8', environment: 'production' },
      sinceMs: Date.UTC(2026, 2, 2),
    })
  })
})
