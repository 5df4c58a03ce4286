import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { idOfQuestion } from '../src/core/security/questions.js'
import { readLogEntries } from '../src/store/log.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

const log = (cwd: string, ...argv: string[]) => pilot(cwd, ['log', ...argv])
const at = (hour: number) => ({ nowMs: Date.UTC(2026, 2, 3, hour) })
const proven = ['--evidence', 'contract', '--by', 's1']
const sheetOf = async (cwd: string, ...argv: string[]) => (await json(cwd, 'log', 'security', ...argv)).platforms
const row = async (cwd: string, id: string) => {
  const [{ questions }] = await sheetOf(cwd, id)
  expect(questions).toHaveLength(1)
  return questions[0]
}

describe('pilot log security', () => {
  it('before any answer has every question open, and makes no store', async () => {
    const cwd = project({})
    const [sheet] = await sheetOf(cwd)
    expect(sheet).toMatchObject({ platform: 'lantern', answered: 0, open: 9, access: [], unknown: [] })
    expect(sheet.questions[0]).toMatchObject({ id: 'storage', state: 'open', open: 'no answer', answer: null })
    const { out, err } = await log(cwd, 'security')
    expect(out.split('\n')[0]).toBe('Security review of lantern: 0 of 9 answered')
    expect(out).toContain('  - retention: How long is data kept, and what removes it then? Open: no answer.')
    expect(err).toBe('Next: pilot log security storage --answer TEXT --evidence DOCUMENT --by ALIAS\n')
    expect(existsSync(join(cwd, '.pilot'))).toBe(false)
  })

  it('records an answer with evidence, reviewer and date', async () => {
    const cwd = project({})
    const { code, out } = await log(cwd, 'security', 'retention', '--answer', '30 days', ...proven)
    expect(code).toBe(0)
    expect(out).toMatch(/^Logged [0-9a-f]{10}: retention: 30 days, on lantern, by s1, 2026-03-03\.\n$/)
    expect(await row(cwd, 'retention')).toEqual({
      ...{
        id: 'retention',
        question: 'How long is data kept, and what removes it then?',
        state: 'answered',
        open: null,
      },
      answer: { answer: '30 days', evidence: 'contract', by: 's1', time: '2026-03-03T12:00:00.000Z', until: null },
      earlier: [],
    })
  })

  it.each([
    [['--by', 's1'], 'no evidence'],
    [['--evidence', 'contract'], 'nobody accepted it'],
    [[], 'no evidence, and nobody accepted it'],
    [[...proven, '--until', '2026-03-02'], 'was valid until 2026-03-02'],
  ])('counts an answer with %j as open: %s', async (argv, why) => {
    const cwd = project({})
    await log(cwd, 'security', 'roles', '--answer', 'three', ...argv)
    expect(await row(cwd, 'roles')).toMatchObject({ state: 'open', open: why })
  })

  it('holds an answer to be valid on its last day', async () => {
    const cwd = project({})
    await log(cwd, 'security', 'roles', '--answer', 'three', ...proven, '--until', '2026-03-03')
    expect(await row(cwd, 'roles')).toMatchObject({ state: 'answered' })
  })

  it('keeps what was answered before', async () => {
    const cwd = project({})
    await pilot(cwd, ['log', 'security', 'export', '--answer', 'JSON', ...proven], at(9))
    await pilot(cwd, ['log', 'security', 'export', '--answer', 'CSV only', '--by', 's2'], at(10))
    expect(await row(cwd, 'export')).toMatchObject({
      ...{ state: 'open', open: 'no evidence', answer: { answer: 'CSV only', by: 's2' } },
      earlier: [{ answer: 'JSON', evidence: 'contract', by: 's1' }],
    })
    expect((await log(cwd, 'security', 'export')).out).toContain('  - export was: JSON, by s1, 2026-03-03')
  })

  it("has the team's own questions and answers of pilot.yaml, which a logged one goes before", async () => {
    const cwd = project(
      {},
      `security:
  questions:
    - { id: storage, question: Where is it?, answer: EU, evidence: annex 2, reviewer: sec@example.com, date: 2026-03-01 }
    - { question: 'Are models trained on it?', answer: 'no' }
`,
      '[{ id: lantern }, { id: torch }]',
    )
    await log(cwd, 'security', 'storage', '--answer', 'US', '--platform', 'torch', ...proven)
    const [lantern, torch] = await sheetOf(cwd)
    expect([lantern.questions.length, lantern.answered, torch.answered]).toEqual([10, 1, 1])
    expect(lantern.questions[0]).toMatchObject({
      question: 'Where is it?',
      answer: { answer: 'EU', by: 'sec@example.com', time: '2026-03-01T00:00:00.000Z' },
    })
    expect(torch.questions[0]).toMatchObject({ answer: { answer: 'US' }, earlier: [{ answer: 'EU' }] })
    expect(lantern.questions[9]).toMatchObject({
      id: 'are-models-trained-on-it',
      open: 'no evidence, and nobody accepted it',
    })
    expect((await sheetOf(cwd, '--platform', 'torch')).length).toBe(1)
  })

  it('answers who may see raw prompts by the roles and their rights', async () => {
    const cwd = project({})
    await log(cwd, 'access', '--role', 'support', '--right', 'raw-prompts', '--allowed', 'no', ...proven)
    expect(await row(cwd, 'raw-prompts')).toMatchObject({ state: 'answered', answer: { answer: 'support: no' } })
    await pilot(cwd, ['log', 'access', '--role', 'Support', '--right', 'raw-prompts', '--allowed', 'yes'], at(13))
    const [{ access }] = await sheetOf(cwd)
    expect(access).toMatchObject([
      { role: 'Support', allowed: true, by: null, earlier: [{ allowed: false, by: 's1' }] },
    ])
    expect(await row(cwd, 'raw-prompts')).toMatchObject({ state: 'open' })
    expect((await log(cwd, 'security')).out).toMatch(
      /Who may do what on lantern\n.*role +raw-prompts\n.*\nSupport +yes \(open\)\n/,
    )
  })

  it('goes out as a file and comes in again, under the privacy rules', async () => {
    const cwd = project({}, 'capture: { privacy: [{ detect: [email], do: redact }] }\n')
    const place = ['--out', 'mine.jsonl', '--platform', 'lantern']
    await log(
      cwd,
      'security',
      'roles',
      '--answer',
      'ask sec@example.com',
      '--evidence',
      'mail to sec@example.com',
      ...place,
    )
    await log(cwd, 'access', '--role', 'owner', '--right', 'delete', '--allowed', 'yes', ...proven, ...place)
    expect(existsSync(join(cwd, '.pilot'))).toBe(false)
    const first = await json(cwd, 'ingest', '--as', 'log', 'mine.jsonl')
    expect(first.files[0]).toMatchObject({ logEntries: { added: 2 }, problems: [] })
    expect((await json(cwd, 'ingest', '--as', 'log', 'mine.jsonl')).files[0]).toMatchObject({
      logEntries: { added: 0 },
    })
    expect(stored(cwd, readLogEntries).map(({ work }) => work)).toEqual(
      expect.arrayContaining([
        { kind: 'security', question: 'roles', answer: 'ask [redacted:email]', evidence: 'mail to [redacted:email]' },
        { kind: 'access', role: 'owner', right: 'delete', allowed: true, evidence: 'contract' },
      ]),
    )
  })

  it('reads a sheet, and says what is wrong with a row', async () => {
    const cwd = project({
      'sheet.csv': `time,question,answer,evidence,reviewer,until
2026-03-02,storage,EU,annex 2,s1,2027-03-02
2026-03-02,roles,,annex 2,s1,
2026-03-02,roles,three,annex 2,s1,soon
2026-03-02,moon,cheese,annex 2,s1,
`,
      'access.jsonl': jsonLines([
        { time: '2026-03-02', role: 'ops', right: 'raw', allowed: 'yes' },
        { time: '2026-03-02', role: 'ops', right: 'export', allowed: 'maybe' },
      ]),
    })
    const { files } = await json(cwd, 'ingest', '--as', 'log', 'sheet.csv', 'access.jsonl')
    const problems = files.map((file: { problems: { message: string }[] }) =>
      file.problems.map(({ message }) => message),
    )
    expect(problems[0]).toHaveLength(2)
    expect(problems[0][0]).toContain('no answer')
    expect(problems[0][1]).toContain('until is no day')
    expect(problems[1][0]).toContain('the right is none of raw-prompts')
    expect(problems[1][1]).toContain('allowed is neither true nor false')
    expect((await sheetOf(cwd))[0]).toMatchObject({ answered: 1, unknown: ['moon'] })
  })

  it.each([
    [['security', 'retentoin', '--answer', 'x'], 'The worksheet has no question retentoin.', 'Did you mean retention?'],
    [['security', 'retentoin'], 'The worksheet has no question retentoin.', 'Did you mean retention?'],
    [['security', '--answer', 'x'], 'No question was named.', 'pilot log security shows'],
    [['security', 'roles', '--by', 's1'], '--answer is missing.', ''],
    [['security', 'roles', '--answer', ' '], '--answer: expected text', ''],
    [['security', 'roles', '--answer', 'x', '--by', 'Jane Doe'], '--by: expected an alias', ''],
    [['security', 'roles', '--answer', 'x', '--until', '2026-02-30'], '--until: expected a day', ''],
    [['access', '--right', 'export', '--allowed', 'no'], '--role is missing.', ''],
    [['access', '--role', 'ops', '--right', 'exprot', '--allowed', 'no'], 'exprot', 'Did you mean export?'],
    [['access', '--role', 'ops', '--right', 'export'], '--allowed: expected yes or no.', ''],
  ])('%j is refused, and stores nothing', async (argv, message, hint) => {
    const cwd = project({})
    const { code, err } = await log(cwd, ...argv)
    expect(code).toBe(2)
    expect(err).toContain(message)
    expect(err).toContain(hint)
    expect(existsSync(join(cwd, '.pilot'))).toBe(false)
  })

  it('is what the scorecard and the minutes go by', async () => {
    const cwd = project(
      { 'a.jsonl': jsonLines([span('t1', 's1')]) },
      '  - { id: security-signoff, target: 0, must: true }\n',
    )
    await pilot(cwd, ['ingest', '-q', 'a.jsonl'])
    const cell = async () => {
      const { lines } = await json(cwd, 'scorecard', '--audience', 'security')
      const rows = lines.flatMap(({ rows }: { rows: object[] }) => rows)
      return rows.find(({ id }: { id: string }) => id === 'security-signoff').cells[0]
    }
    expect((await cell()).judgement.verdict).toBe('not measured')
    for (const { id } of (await sheetOf(cwd))[0].questions) await log(cwd, 'security', id, '--answer', 'yes', ...proven)
    expect(await cell()).toMatchObject({ judgement: { verdict: 'met' }, measurement: { value: 0, n: 9 } })
    const { out } = await pilot(cwd, ['review'])
    expect(out).toContain('| lantern | Where is the data stored')
  })
})

describe('the id of an own question', () => {
  it.each([
    [{ id: 'mine', question: 'Why?' }, 'mine'],
    [{ question: 'Who may read raw text?' }, 'who-may-read-raw-text'],
    [{ question: '???' }, 'own'],
    [{ question: `${'word '.repeat(30)}` }, 'word-word-word-word-word-word-word-word-word-wor'],
  ])('of %j is %s', (question, id) => {
    expect(idOfQuestion(question)).toBe(id)
  })
})
