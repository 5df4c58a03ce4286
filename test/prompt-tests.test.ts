import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { durationText } from '../src/core/duration.js'
import { sinceText } from '../src/core/prompts/recorded.js'
import { readTestRecords } from '../src/store/prompt-tests.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

/** A run of one version of the prompt, on the fourth day of March. */
function run(id: string, time: string, version: string): object[] {
  const start = `2026-03-04T${time}:00Z`
  const end = `2026-03-04T${time}:02Z`
  return [
    span(id, 'root', { start, end }),
    span(id, 'call', {
      ...{ parent_id: 'root', name: 'draft', kind: 'llm', start, end, model: 'gpt-4.1' },
      ...{ prompt: { name: 'answer', version }, output: 'yes' },
    }),
  ]
}

/** Version 8 goes live at 10:00, 7 comes back at 12:00. */
const deployments = `kind,name,version,environment,action,time,reviewed_by
prompt,answer,8,production,deploy,2026-03-04T10:00Z,lead
prompt,answer,7,production,rollback,2026-03-04T12:00Z,
`

/** Runs in which each change shows after 20 minutes. */
const runs = [run('a', '10:20', '8'), run('b', '11:00', '8'), run('c', '12:20', '7')].flat()

async function made(more?: string): Promise<string> {
  const cwd = project({ 'runs.jsonl': jsonLines(runs), 'live.csv': deployments }, more)
  await take(cwd, 'runs.jsonl')
  await take(cwd, '--as', 'deployments', 'live.csv')
  return cwd
}

async function take(cwd: string, ...words: string[]): Promise<void> {
  expect((await pilot(cwd, ['ingest', ...words])).code).toBe(0)
}

async function later(cwd: string): Promise<void> {
  writeFileSync(join(cwd, 'later.jsonl'), jsonLines([...run('d', '12:30', '7'), ...run('e', '12:40', '7')]))
  await take(cwd, 'later.jsonl')
}

const noon = (day: number) => ({ nowMs: Date.UTC(2026, 2, day, 12) })
const test = (cwd: string, day: number, ...words: string[]) => pilot(cwd, ['prompts', 'tests', ...words], noon(day))
const history = async (cwd: string) => (await json(cwd, 'prompts', 'tests', '--history')).records

describe('pilot prompts tests', () => {
  it('records what each test came to, with who ran it and what it was made on', async () => {
    const cwd = await made()
    const { out, code } = await test(cwd, 20, '--by', 'lead')
    expect(code).toBe(1) // no eval run was made before version 8 went live
    expect(out).toContain('  - recorded 2026-03-20 12:00 UTC by lead\n')
    const none = { passed: 0, failed: 0, notMeasured: 0 }
    expect(await history(cwd)).toEqual([
      {
        ...{ platform: 'lantern', timeMs: noon(20).nowMs, by: 'lead', withinMs: 900_000 },
        hash: expect.stringMatching(/^[0-9a-f]{16}$/),
        tested: { runs: 3, deployments: 2, evalRuns: 0 },
        results: [
          { ...none, test: 'version-visible', status: 'passed', passed: 1 },
          { ...none, test: 'versions-compared', status: 'failed', failed: 1 },
          { ...none, test: 'rollback-reflected', status: 'passed', passed: 1 },
          { ...none, test: 'reviewed-before-production', status: 'failed', failed: 1 },
        ],
      },
    ])
  })

  it('keeps one record of the same evidence, and says so; what came in since makes another', async () => {
    const cwd = await made()
    await test(cwd, 20)
    expect((await test(cwd, 21, '--by', 'e1')).out).toContain(
      '  - recorded before, 2026-03-20 12:00 UTC, on the same evidence: nothing was added\n',
    )
    expect(await history(cwd)).toHaveLength(1)
    await later(cwd)
    expect(JSON.parse((await test(cwd, 22, '--json')).out).platforms[0].recorded).toEqual({
      ...{ isNew: true, timeMs: noon(22).nowMs, by: null },
    })
    expect((await history(cwd)).map(({ tested }: { tested: { runs: number } }) => tested.runs)).toEqual([3, 5])
  })

  it('takes another review of the same deployment for other evidence', async () => {
    const cwd = await made()
    await test(cwd, 20)
    writeFileSync(
      join(cwd, 'live.csv'),
      deployments.replace('rollback,2026-03-04T12:00Z,', 'rollback,2026-03-04T12:00Z,e1'),
    )
    await take(cwd, '--as', 'deployments', 'live.csv')
    await test(cwd, 21)
    expect(await history(cwd)).toHaveLength(2)
  })

  it('with --dry-run records nothing', async () => {
    const cwd = await made()
    const { out, err } = await test(cwd, 20, '--dry-run')
    expect(out).not.toContain('recorded')
    expect(err).toBe('Nothing was recorded.\n')
    expect(JSON.parse((await test(cwd, 20, '--dry-run', '--json')).out).platforms[0].recorded).toBeNull()
    expect(stored(cwd, (db) => readTestRecords(db, 'lantern'))).toEqual([])
  })

  it('is held against prompts.within, which --within overrides and says so', async () => {
    const cwd = await made('prompts: { within: 19m }\n')
    expect((await test(cwd, 20)).out).toContain('shows in traces within 19m of its deployment')
    const { out } = await test(cwd, 21, '--within', '20m')
    expect(out).toContain('shows in traces within 20m of its deployment')
    expect(out).toContain('  - held against --within 20m; pilot.yaml has 19m\n')
    expect((await history(cwd)).map(({ withinMs }: { withinMs: number }) => withinMs / 60_000)).toEqual([19, 20])
  })

  it('refuses a name for --by, and --history beside what would be recorded', async () => {
    const cwd = await made()
    expect(await test(cwd, 20, '--by', 'Jane Doe')).toMatchObject({ code: 2, out: '' })
    expect(await test(cwd, 20, '--history', '--dry-run')).toMatchObject({ code: 2, out: '' })
  })

  it('has a history of none before the first, and before there is a store', async () => {
    const empty = project({})
    const ran = await pilot(empty, ['prompts', 'tests', '--history'])
    expect(ran.code).toBe(0)
    expect(ran.out).toContain('Recorded tests of prompt versions: 0')
    expect(await history(await made())).toEqual([])
  })
})

describe('the record of the tests', () => {
  const explain = async (cwd: string) =>
    (await pilot(cwd, ['scorecard', '--explain', 'prompt-rollback'])).out.replaceAll(/\n +/g, ' ')

  it('stands on the scorecard with its date, and what came in since', async () => {
    const cwd = await made()
    expect((await pilot(cwd, ['scorecard'])).out).not.toContain('recorded tests')
    expect(await explain(cwd)).toContain('test rollback-reflected: not recorded: pilot prompts tests')
    await test(cwd, 20, '--by', 'lead')
    expect(await explain(cwd)).toContain('recorded 2026-03-20 as passed by lead; nothing since')
    await later(cwd)
    expect(await explain(cwd)).toContain('recorded 2026-03-20 as passed by lead; 2 runs since')
    const { out } = await pilot(cwd, ['scorecard'])
    expect(out).toContain('Prompt management: recorded tests of prompt versions\n')
    expect(out).toMatch(/^lantern +rollback-reflected +passed +2026-03-20 +2 runs since$/m)
    expect(out).toMatch(/^lantern +reviewed-before-production +failed +2026-03-20 +2 runs since$/m)
  })

  it('counts only where it was held against the time of pilot.yaml', async () => {
    const cwd = await made()
    await test(cwd, 20, '--within', '1h')
    expect(await explain(cwd)).toContain('test rollback-reflected: not recorded: pilot prompts tests')
  })

  it('is what the day plan asks for', async () => {
    const cwd = await made()
    const missing = async () => {
      const { items } = await json(cwd, 'status')
      return items[2].missing.filter((what: string) => what.startsWith('the test'))
    }
    expect(await missing()).toHaveLength(4)
    await test(cwd, 20)
    expect(await missing()).toEqual([])
  })

  it('is no result where a test is not measured', async () => {
    const cwd = project({ 'runs.jsonl': jsonLines(runs) })
    await take(cwd, 'runs.jsonl')
    await test(cwd, 20)
    const { items } = await json(cwd, 'status')
    expect(items[2].missing.filter((what: string) => what.startsWith('the test'))).toEqual([
      'the test version-visible, recorded',
      'the test rollback-reflected, recorded',
      'the test reviewed-before-production, recorded',
    ])
  })
})

describe('words of a record', () => {
  it('say what came in since, and what is less now', () => {
    expect(sinceText({ runs: 0, deployments: 0, evalRuns: 0 })).toBe('nothing since')
    expect(sinceText({ runs: 412, deployments: 1, evalRuns: 2 })).toBe('412 runs, 1 deployment, 2 eval runs since')
    expect(sinceText({ runs: -1, deployments: 0, evalRuns: 0 })).toBe('1 run fewer since')
  })

  it('write a duration in the largest unit that leaves no rest', () => {
    expect([900_000, 90_000, 3_600_000, 250].map(durationText)).toEqual(['15m', '90s', '1h', '250ms'])
  })
})
