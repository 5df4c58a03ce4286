import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readDeployment } from '../src/formats/deployments.js'
import { readDeployments } from '../src/store/deployments.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, stored } from './project.js'

const none = { added: 0, updated: 0, unchanged: 0 }
const at = Date.UTC(2026, 2, 2, 10)
const deploymentsIn = (cwd: string) => stored(cwd, readDeployments)
const ingest = (cwd: string, ...files: string[]) => json(cwd, 'ingest', '--as', 'deployments', ...files)

const prompt = { kind: 'prompt', name: 'draft', version: '7', time: '2026-03-02T10:00:00Z' }
const release = { kind: 'release', version: '4c1d9e2', time: '2026-03-02T11:00:00Z' }

describe('a file of deployments', () => {
  it('is read as JSON lines, whole, and counted in pilot data', async () => {
    const whole = {
      ...{ ...prompt, environment: 'production', action: 'Rollback', by: 'jane', reviewed_by: 'ann' },
      ...{ evidence: 'PR-12', content_hash: 'ab12' },
    }
    const cwd = project({ log: jsonLines([release, whole]) })
    const first = await ingest(cwd, 'log')
    expect([first.files[0].format, first.files[0].platform, first.files[0].problems]).toEqual(['jsonl', '', []])
    expect(first.totals.deployments).toEqual({ ...none, added: 2 })
    expect(deploymentsIn(cwd)).toEqual([
      {
        ...{ kind: 'prompt', name: 'draft', version: '7', timeMs: at, environment: 'production', action: 'rollback' },
        ...{ by: 'jane', reviewedBy: 'ann', evidence: 'PR-12', contentHash: 'ab12' },
      },
      { kind: 'release', version: '4c1d9e2', timeMs: at + 3_600_000, action: 'deploy' },
    ])
    const { total, sources } = await json(cwd, 'data')
    expect([total.deployments, sources[0].deployments, total.requests]).toEqual([2, 2, 0])
    expect((await pilot(cwd, ['data'])).out).toContain('deployments of prompts and releases: 2')
  })

  it('is read as CSV under usual names, the kind told by its columns', async () => {
    const cwd = project({
      'p.csv': 'deployed_at;prompt_name;prompt_version;env\n2026-03-02T10:00:00Z;draft;7;staging\n',
      'r.csv': 'ts,service,git_sha,author\n1772445600,support-bot,4c1d9e2,jane\n',
    })
    await ingest(cwd, 'p.csv', 'r.csv')
    expect(deploymentsIn(cwd)).toEqual([
      { kind: 'prompt', name: 'draft', version: '7', timeMs: at, environment: 'staging', action: 'deploy' },
      { kind: 'release', name: 'support-bot', version: '4c1d9e2', timeMs: at, action: 'deploy', by: 'jane' },
    ])
  })

  it('is read as GitHub lists deployments, an array in one document', async () => {
    const deployment = {
      ...{ id: 1, node_id: 'x', sha: 'a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d', ref: 'topic', task: 'deploy' },
      ...{ payload: {}, environment: 'production', description: null, creator: { login: 'octocat', id: 1 } },
      ...{ created_at: '2026-03-02T10:00:00Z', updated_at: '2026-03-02T10:01:00Z' },
    }
    const cwd = project({ 'github.json': JSON.stringify([deployment, { ...deployment, sha: 'b', creator: null }]) })
    await ingest(cwd, 'github.json')
    const common = { kind: 'release', timeMs: at, environment: 'production', action: 'deploy' }
    expect(deploymentsIn(cwd)).toEqual([
      { ...common, version: 'a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d', by: 'octocat' },
      { ...common, version: 'b' },
    ])
  })

  it('has its columns mapped in pilot.yaml', async () => {
    const more = 'inputs:\n  deployments:\n    columns: { time: when, name: meta.what, version: which }\n'
    const rows = [{ kind: 'prompt', when: '2026-03-02T10:00:00Z', meta: { what: 'draft' }, which: 7, version: 'no' }]
    const cwd = project({ log: jsonLines(rows) }, more)
    await ingest(cwd, 'log')
    expect(deploymentsIn(cwd)).toMatchObject([{ name: 'draft', version: '7', timeMs: at }])
  })

  it('with bad rows names each, and keeps the others', async () => {
    const rows = [
      { ...prompt, time: undefined },
      { ...prompt, time: 'soon' },
      { ...prompt, kind: 'database' },
      { time: prompt.time, name: 'draft', version: '7' },
      { ...prompt, name: '' },
      { ...prompt, version: null },
      { ...prompt, action: 'explode' },
      prompt,
    ]
    const cwd = project({ log: jsonLines(rows) })
    const { files } = await ingest(cwd, 'log')
    expect(files[0].problems.map(({ message }: { message: string }) => message)).toEqual([
      'no time: expected a column time, timestamp, ts …',
      'the time is neither ISO 8601 nor an epoch number',
      'the kind is none of prompt, release',
      'no kind: expected a column kind with prompt or release',
      'no name: expected a column name, prompt_name, promptName …',
      'no version: expected a column version, prompt_version, promptVersion …',
      'the action is none of deploy, rollback, remove',
    ])
    expect(files[0].deployments).toEqual({ ...none, added: 1 })
  })

  it('without a usable row is refused, and stores nothing', async () => {
    const cwd = project({ 'log.csv': 'a,b\n1,2\n', empty: '' })
    expect(await pilot(cwd, ['ingest', '-q', '--as', 'deployments', 'log.csv', 'empty'])).toEqual({
      code: 3,
      out: '',
      err: `problem log.csv:2: no time: expected a column time, timestamp, ts …
error log.csv holds no usable row: no time: expected a column time, timestamp, ts ….
Map its columns in pilot.yaml under inputs.deployments.columns.
error empty is empty.
Export it again.
`,
    })
    expect((await json(cwd, 'data')).sources).toEqual([])
  })

  it('twice, and in any order, changes nothing; what is learned later is added', async () => {
    const rows = [
      prompt,
      { ...prompt, reviewed_by: 'ann' },
      { ...prompt, reviewed_by: 'bob', by: 'jane' },
      { ...prompt, environment: 'staging' },
    ]
    for (const lines of [rows, rows.toReversed()]) {
      const cwd = project({ log: jsonLines(lines) })
      const { added, updated, unchanged } = (await ingest(cwd, 'log')).totals.deployments
      expect([added, updated + unchanged]).toEqual([2, 2])
      const before = deploymentsIn(cwd)
      expect(before.map(({ environment, by, reviewedBy }) => [environment, by, reviewedBy])).toEqual([
        ['staging', undefined, undefined],
        [undefined, 'jane', 'bob'],
      ])
      expect((await ingest(cwd, 'log')).totals.deployments).toEqual({ ...none, unchanged: 4 })
      expect(deploymentsIn(cwd)).toEqual(before)
    }
  })

  it('passes the privacy policy: who did it is a user, and texts are searched', async () => {
    const more = 'capture:\n  privacy:\n    - { field: user, do: hash }\n    - { detect: [email], do: redact }\n'
    const row = { ...prompt, by: 'jane', reviewed_by: 'jane', evidence: 'mail of ann@example.com' }
    const cwd = project({ log: jsonLines([row]) }, more)
    await ingest(cwd, 'log')
    const [found] = deploymentsIn(cwd)
    expect([found?.by, found?.reviewedBy]).toEqual([found?.by, found?.by])
    expect(found?.by).toMatch(/^hash:[0-9a-f]{16}$/)
    expect(found?.evidence).toBe('mail of [redacted:email]')
  })

  it('read again under other privacy rules loses what the old ones let through', async () => {
    const cwd = project({ log: jsonLines([{ ...prompt, by: 'jane' }]) })
    await ingest(cwd, 'log')
    const config = join(cwd, 'pilot.yaml')
    writeFileSync(config, `${readFileSync(config, 'utf8')}capture:\n  privacy:\n    - { field: user, do: omit }\n`)
    expect((await ingest(cwd, 'log')).totals.deployments).toEqual({ ...none, added: 1 })
    expect(deploymentsIn(cwd).map(({ by }) => by)).toEqual([undefined])
  })
})

it('a row with names of the prototype has no deployment in it', () => {
  expect(readDeployment(JSON.parse('{"__proto__":{"time":1}}'), {})).toBe(
    'no time: expected a column time, timestamp, ts …',
  )
  expect(readDeployment({ ...prompt, kind: 'constructor' }, {})).toBe('the kind is none of prompt, release')
})
