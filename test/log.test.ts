import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activities, type LogEntry } from '../src/core/log-entry.js'
import { otherTools } from '../src/core/other-tools.js'
import { taskScripts } from '../src/core/personas.js'
import { logRow, readLogEntry } from '../src/formats/log.js'
import { readLogEntries } from '../src/store/log.js'
import { readSources } from '../src/store/sources.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'
import { seeded } from './seed.js'

const two = '[{ id: lantern }, { id: torch }]'
const day = Date.UTC(2026, 2, 2)
const log = (cwd: string, ...argv: string[]) => pilot(cwd, ['log', ...argv])
const entriesIn = (cwd: string) => stored(cwd, readLogEntries)
const ingest = (cwd: string, ...files: string[]) => json(cwd, 'ingest', '--as', 'log', ...files)
const none = { added: 0, updated: 0, unchanged: 0 }

/** What one line of a log file says when it is logged without a pilot. */
const rowsIn = (path: string) =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

describe('pilot log', () => {
  it('without a subcommand shows its help, and exits 2', async () => {
    const { code, out, err } = await pilot(temporaryFolder(), ['log'])
    expect([code, out, err.startsWith('Usage: pilot log [options] [command]\n')]).toEqual([2, '', true])
  })

  it('stores hours of the sole candidate, today, and says so', async () => {
    const cwd = project({})
    const { code, out, err } = await log(cwd, 'effort', '--hours', '6.5', '--activity', 'instrument')
    const [, id] = /^Logged ([0-9a-f]{10}): /.exec(out) ?? []
    expect({ code, out, err }).toEqual({
      code: 0,
      out: `Logged ${id}: 6.5 h instrument, on lantern, 2026-03-03.\n`,
      err: 'Next: pilot log list\n',
    })
    const timeMs = Date.UTC(2026, 2, 3, 12)
    const work = { kind: 'effort', hours: 6.5, activity: 'instrument' }
    expect(entriesIn(cwd)).toEqual([{ id, platform: 'lantern', timeMs, work, from: 'pilot log' }])
    expect(stored(cwd, readSources)).toMatchObject([{ kind: 'log', path: 'pilot log', state: 'complete', records: 1 }])
    expect(existsSync(join(cwd, 'pilot.lock'))).toBe(false)
  })

  it('takes minutes as hours, a day, an alias and a note, which the privacy rules reach', async () => {
    const cwd = project({}, 'capture: { privacy: [{ detect: [email], do: redact }] }\n')
    await log(
      cwd,
      ...['effort', '--hours', '90m', '--activity', 'privacy', '--engineer', 'e1', '--date', '2026-03-02'],
      ...['--note', 'asked jane@example.com'],
    )
    expect(entriesIn(cwd)).toMatchObject([
      { timeMs: day, engineer: 'e1', note: 'asked [redacted:email]', work: { hours: 1.5 } },
    ])
  })

  it('stores a task with what else was needed, and a use', async () => {
    const cwd = project({})
    const task = ['task', 'on-call-spike', '--engineer', 'e1', '--not-done', '--minutes', '12.5']
    await log(cwd, ...task, '--needed-help', '--needed-raw-text', '--opened', 'warehouse, logs,logs')
    await log(cwd, 'usage', '--engineer', 'e2', '--minutes', '20', '--for', 'a complaint')
    await log(cwd, 'usage', '--engineer', 'e3')
    expect(entriesIn(cwd).map(({ engineer, note, work }) => ({ engineer, note, work }))).toEqual(
      expect.arrayContaining([
        {
          engineer: 'e1',
          note: undefined,
          work: {
            ...{ kind: 'task', task: 'on-call-spike', done: false, minutes: 12.5, neededHelp: true },
            ...{ neededRawText: true, opened: ['logs', 'warehouse'] },
          },
        },
        { engineer: 'e2', note: 'a complaint', work: { kind: 'usage', minutes: 20 } },
        { engineer: 'e3', note: undefined, work: { kind: 'usage' } },
      ]),
    )
  })

  it.each([
    [['effort'], 'Neither --hours nor --git was given.'],
    [
      ['effort', '--hours', '6,5', '--activity', 'setup'],
      '--hours: expected hours such as 6.5, or minutes such as 90m.',
    ],
    [['effort', '--hours', '0', '--activity', 'setup'], '--hours: expected from 0.001 to 1000 hours.'],
    [['effort', '--hours', '1001', '--activity', 'setup'], '--hours: expected from 0.001 to 1000 hours.'],
    [['effort', '--hours', '2'], '--activity is missing.'],
    [['effort', '--hours', '2', '--activity', 'coding'], '--activity: there is none called coding.'],
    [['effort', '--hours', '2', '--activity', 'setup', '--repo', '.'], '--repo and --path go with --git.'],
    [['effort', '--git', 'a..b', '--hours', '2'], '--hours and --activity do not go with --git.'],
    [['effort', '--git', 'a...b'], '--git: expected two revisions, REV1..REV2.'],
    [
      ['effort', '--hours', '2', '--activity', 'setup', '--date', 'monday'],
      '--date: expected a day such as 2026-03-05.',
    ],
    [
      ['effort', '--hours', '2', '--activity', 'setup', '--date', '2026-02-30'],
      '--date: expected a day such as 2026-03-05.',
    ],
    [['effort', '--hours', '2', '--activity', 'setup', '--date', '2026-03-05'], '--date: the day has not come yet.'],
    [['effort', '--hours', '2', '--activity', 'setup', '--platform', 'torch'], 'pilot.yaml names no platform torch.'],
    [['usage'], '--engineer is missing.'],
    [
      ['usage', '--engineer', 'jane@example.com'],
      '--engineer: expected an alias such as e1, never a name or an address.',
    ],
    [['usage', '--engineer', 'Jane Doe'], '--engineer: expected an alias such as e1, never a name or an address.'],
    [['usage', '--engineer', ''], '--engineer: expected an alias such as e1, never a name or an address.'],
    [
      ['usage', '--engineer', 'e1', '--minutes', '-3'],
      '--minutes: expected minutes such as 12, more than 0 and at most 10080.',
    ],
    [['task'], 'No task was named.'],
    [['task', 'on-call-spik', '--engineer', 'e1'], 'There is no task on-call-spik.'],
    [['task', 'on-call-spike', '--engineer', 'e1'], 'Say how it ended: --done or --not-done, one of the two.'],
    [['task', 'on-call-spike', '--done', '--not-done'], 'Say how it ended: --done or --not-done, one of the two.'],
    [['task', 'on-call-spike', '--engineer', 'e1', '--done'], '--minutes is missing.'],
    [
      ['task', 'on-call-spike', '--done', '--minutes', '3', '--opened', 'grafana'],
      '--opened: there is no tool grafana.',
    ],
    [['list', '--kind', 'hours'], '--kind: there is none called hours.'],
    [['remove', 'abc'], 'No entry has the id abc.'],
  ])('%j is refused, and stores nothing', async (argv, message) => {
    const cwd = project({})
    const { code, out, err } = await log(cwd, ...argv)
    expect([code, out, err.split('\n')[0]]).toEqual([2, '', `error ${message}`])
    expect(existsSync(join(cwd, '.pilot'))).toBe(false)
  })

  it('asks which platform where there are several candidates', async () => {
    const cwd = project({}, '', two)
    expect(await log(cwd, 'usage', '--engineer', 'e1')).toEqual({
      code: 2,
      out: '',
      err: 'error Several candidates are under pilot.\nSay which one it is about: --platform lantern | torch.\n',
    })
    expect((await log(cwd, 'usage', '--engineer', 'e1', '--platform', 'torch')).code).toBe(0)
  })

  it('lists every script of every persona', async () => {
    const { out, code } = await log(temporaryFolder(), 'task', '--list')
    expect(code).toBe(0)
    for (const { id, title, given } of taskScripts) {
      expect(out).toContain(`\n${id}: ${title}\n`)
      expect(out.replaceAll(/\n {4}/g, ' ')).toContain(`  - Given: ${given}\n`)
    }
    expect(new Set(taskScripts.map(({ id }) => id)).size).toBe(taskScripts.length)
  })

  it('never names the user of the machine', async () => {
    const cwd = project({})
    await log(cwd, 'effort', '--hours', '1', '--activity', 'setup')
    expect(JSON.stringify(entriesIn(cwd))).not.toContain('jane')
  })
})

describe('pilot log list', () => {
  it('of an empty log says so', async () => {
    expect(await log(project({}), 'list')).toEqual({ code: 0, out: 'No entries\n', err: 'Next: pilot scorecard\n' })
  })

  it('shows entries, hours by activity and tasks by persona, without control characters', async () => {
    const rows = [
      { id: 'aaaaaaaaa1', time: '2026-03-02', hours: 0.1, activity: 'setup', engineer: 'e1' },
      { id: 'aaaaaaaaa2', time: '2026-03-03', hours: 0.2, activity: 'setup', note: 'a\u001bb' },
      { id: 'aaaaaaaaa3', time: '2026-03-03', task: 'prompt-origin', engineer: 'e2', done: 'yes', minutes: 4 },
      {
        id: 'aaaaaaaaa4',
        time: '2026-03-04',
        task: 'prompt-compare',
        engineer: 'e2',
        done: 'no',
        minutes: 60,
        opened: 'chat',
      },
    ]
    const cwd = project({ log: jsonLines(rows) })
    await ingest(cwd, 'log')
    expect((await log(cwd, 'list', '-q')).out).toBe(`Entries: 4
        id         day  platform  engineer  what                                            note
──────────  ──────────  ────────  ────────  ──────────────────────────────────────────────  ────────
aaaaaaaaa1  2026-03-02  lantern   e1        0.1 h setup
aaaaaaaaa2  2026-03-03  lantern   —         0.2 h setup                                     a\\u{1b}b
aaaaaaaaa3  2026-03-03  lantern   e2        prompt-origin done in 4 min
aaaaaaaaa4  2026-03-04  lantern   e2        prompt-compare not done in 60 min, opened chat

Effort on lantern
activity  hours
────────  ─────
setup       0.3
together    0.3

Tasks by persona
platform  persona            done    share (95 % CI)  median  help  raw text  other tools
────────  ───────────────  ──────  ─────────────────  ──────  ────  ────────  ───────────
lantern   prompt engineer  1 of 2  50.0 % (9.5–90.5)   4 min     0         0  chat 1
  - The median is of the tasks that were done.
`)
    const { entries, effort } = await json(cwd, 'log', 'list', '--kind', 'task')
    expect([entries.length, effort[0].hours]).toEqual([2, 0.3])
  })
})

describe('pilot log remove', () => {
  const rows = [
    { id: '1234567890', time: '2026-03-02', hours: 1, activity: 'setup' },
    { id: '1234abcdef', time: '2026-03-02', hours: 2, activity: 'setup' },
  ]

  it('takes out the one entry whose id begins so, and says that its file would bring it back', async () => {
    const cwd = project({ log: jsonLines(rows) })
    await ingest(cwd, 'log')
    expect((await log(cwd, 'remove', '12345', '-q')).out).toBe(
      'Removed 1234567890: 1 h setup, 2026-03-02.\nIt came from log: ingested again, it comes back.\n',
    )
    expect(entriesIn(cwd).map(({ id }) => id)).toEqual(['1234abcdef'])
    expect((await ingest(cwd, 'log')).totals.logEntries).toEqual({ ...none, added: 1, unchanged: 1 })
  })

  it('refuses a beginning of several, and names the nearest to an unknown id', async () => {
    const cwd = project({ log: jsonLines(rows) })
    await ingest(cwd, 'log')
    expect(await log(cwd, 'remove', '1234')).toEqual({
      code: 2,
      out: '',
      err: 'error 2 entries have an id that begins with 1234.\nSay more of it: 1234567890, 1234abcdef.\n',
    })
    expect((await log(cwd, 'remove', '1234567809')).err).toBe(
      'error No entry has the id 1234567809.\nDid you mean 1234567890?\n',
    )
    expect((await log(cwd, 'remove', '')).code).toBe(2)
    expect(entriesIn(cwd)).toHaveLength(2)
  })
})

describe('a file of entries', () => {
  it('is written without a pilot.yaml, line by line, and read in by the lead, twice without harm', async () => {
    const alone = temporaryFolder()
    const { out, err } = await log(alone, 'effort', '--hours', '2', '--activity', 'setup', '--engineer', 'e1')
    expect(out).toMatch(/^Logged [0-9a-f]{10}: 2 h setup, by e1, 2026-03-03\.\nWrote it to pilot-log\.jsonl\.\n$/)
    expect(err).toBe('Next, where the pilot is: pilot ingest --as log pilot-log.jsonl\n')
    await log(alone, 'task', 'ml-upgrade', '--engineer', 'e1', '--done', '--minutes', '8', '--opened', 'code')
    await log(alone, 'usage', '--engineer', 'e1', '--for', 'a look')
    const file = readFileSync(join(alone, 'pilot-log.jsonl'))
    expect(statSync(join(alone, 'pilot-log.jsonl')).mode & 0o777).toBe(0o600)

    const cwd = project({ log: file })
    expect((await ingest(cwd, 'log')).totals.logEntries).toEqual({ ...none, added: 3 })
    expect((await ingest(cwd, 'log')).totals.logEntries).toEqual({ ...none, unchanged: 3 })
    const ids = rowsIn(join(alone, 'pilot-log.jsonl')).map(({ id }) => id)
    expect(
      entriesIn(cwd)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids.sort())
    expect((await json(cwd, 'data')).total.logEntries).toBe(3)
  })

  it('is written beside a pilot with --out, and ends a last line that was cut off', async () => {
    const cwd = project({ 'mine.jsonl': '{"id":"cut' })
    await log(cwd, 'usage', '--engineer', 'e1', '--out', 'mine.jsonl')
    const [cut, whole, ...more] = readFileSync(join(cwd, 'mine.jsonl'), 'utf8').split('\n')
    expect([cut, JSON.parse(whole!).platform, more]).toEqual(['{"id":"cut', 'lantern', ['']])
    expect(existsSync(join(cwd, '.pilot'))).toBe(false)
  })

  it('that cannot be written exits 3 and names it', async () => {
    const cwd = project({})
    expect(await log(cwd, 'usage', '--engineer', 'e1', '--out', 'no/such/folder')).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('no/such/folder: ENOENT.'),
    })
  })

  it('may be a time sheet as CSV: two equal rows are two entries, and the file twice is the same', async () => {
    const sheet = 'date,alias,hours,category\n2026-03-02,e1,2,setup\n2026-03-02,e1,2,setup\n2026-03-03,e2,90m,Review\n'
    const cwd = project({ 'sheet.csv': sheet, 'copy.csv': sheet })
    expect((await ingest(cwd, 'sheet.csv')).totals.logEntries).toEqual({ ...none, added: 3 })
    expect((await ingest(cwd, 'sheet.csv')).totals.logEntries).toEqual({ ...none, unchanged: 3 })
    expect((await ingest(cwd, 'copy.csv')).totals.logEntries).toEqual({ ...none, unchanged: 3 })
    expect((await json(cwd, 'log', 'list')).effort[0]).toMatchObject({
      ...{ hours: 5.5, entries: 3 },
      byActivity: [
        { activity: 'setup', hours: 4 },
        { activity: 'review', hours: 1.5 },
      ],
    })
  })

  it('whose ids are numbers of a list keeps those of two engineers apart, and a corrected row takes its place', async () => {
    const rows = (engineer: string, hours: number) =>
      jsonLines([{ id: 1, time: '2026-03-02', engineer, hours, activity: 'setup' }])
    const cwd = project({ a: rows('e1', 2), b: rows('e2', 3) })
    await ingest(cwd, 'a', 'b')
    writeFileSync(join(cwd, 'a'), rows('e1', 4))
    expect((await ingest(cwd, 'a')).totals.logEntries).toEqual({ ...none, updated: 1 })
    expect((await json(cwd, 'log', 'list')).effort[0].hours).toBe(7)
  })

  it('has names and addresses of engineers hashed, each always alike, and counted', async () => {
    const rows = ['jane@example.com', 'Jane Doe', 'jane@example.com', 'e1'].map((engineer, minute) => ({
      ...{ kind: 'usage', time: `2026-03-02T10:0${minute}:00Z`, engineer },
    }))
    const cwd = project({ log: jsonLines(rows) })
    const { files } = await ingest(cwd, 'log')
    expect(files[0].redacted).toEqual({ engineer: 3 })
    const [first, second, third, fourth] = entriesIn(cwd).map(({ engineer }) => engineer)
    expect([third, fourth]).toEqual([first, 'e1'])
    expect(first).toMatch(/^hash:[0-9a-f]{16}$/)
    expect(second).not.toBe(first)
    expect(readFileSync(join(cwd, '.pilot/pilot.db')).includes('Jane Doe')).toBe(false)
  })

  it('with bad rows names each, and keeps the others', async () => {
    const time = '2026-03-02'
    const task = { time, task: 'on-call-slow', engineer: 'e1', done: true, minutes: 5 }
    const rows = [
      { hours: 1, activity: 'setup' },
      { time: 'soon', hours: 1, activity: 'setup' },
      { time, engineer: 'e1', minutes: 3 },
      { time, kind: 'holiday' },
      { time, kind: 'effort', activity: 'setup' },
      { time, hours: 'many', activity: 'setup' },
      { time, hours: 1 },
      { time, hours: 1, activity: 'sleeping' },
      { ...task, engineer: undefined },
      { ...task, task: 'nap' },
      { ...task, done: undefined },
      { ...task, done: 'perhaps' },
      { ...task, minutes: undefined },
      { ...task, minutes: 'ten' },
      { ...task, opened: ['logs', 'tv'] },
      { ...task, needed_help: 'a bit' },
      { time, kind: 'effort', git: { from: 'main', to: 'x' } },
      { time, hours: 1, activity: 'setup', platform: 'torch' },
      task,
    ]
    const cwd = project({ log: jsonLines(rows) })
    const { files } = await ingest(cwd, 'log')
    expect(files[0].problems.map(({ message }: { message: string }) => message)).toEqual([
      'no time: expected a column time, timestamp, ts …',
      'the time is neither ISO 8601 nor an epoch number',
      'no kind: expected a column kind with effort, task, usage, security, access',
      'the kind is none of effort, task, usage, security, access',
      'no hours: expected a column hours, effort_hours, effortHours …',
      'the hours are no number of them: expected hours such as 6.5, or minutes such as 90m',
      `no activity: expected one of ${activities.join(', ')}`,
      `the activity is none of ${activities.join(', ')}`,
      'no engineer: expected a column engineer, alias, by …',
      'the task is none of pilot log task --list',
      'no done: expected a column done, completed, success …',
      'done is neither true nor false',
      'no minutes: expected a column minutes, duration_minutes, durationMinutes …',
      'the minutes are no number of them: expected minutes such as 12, more than 0 and at most 10080',
      `the other tools opened are none of ${otherTools.join(', ')}`,
      'needed_help and needed_raw_text are true or false',
      'git.from and git.to are no commits',
      'the platform is none of those in pilot.yaml',
    ])
    expect(files[0].logEntries).toEqual({ ...none, added: 1 })
  })

  it('needs a platform per row, or --platform, where there are several candidates', async () => {
    const row = { time: '2026-03-02', hours: 1, activity: 'setup' }
    const cwd = project({ log: jsonLines([row, { ...row, platform: 'torch' }]) }, '', two)
    const { files } = await ingest(cwd, 'log')
    expect(files[0].problems.map(({ message }: { message: string }) => message)).toEqual([
      'no platform: pilot.yaml names several candidates; name one in the row, or ingest the file with --platform',
    ])
    await ingest(cwd, '--platform', 'lantern', 'log')
    expect(
      entriesIn(cwd)
        .map(({ platform }) => platform)
        .sort(),
    ).toEqual(['lantern', 'torch'])
  })

  it('says of any entry what was logged: what is written is read as the same', () => {
    const alias = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
    const time = fc.integer({ min: 1, max: 4_000_000_000 }).map((seconds) => seconds * 1000)
    const note = fc.option(fc.string({ minLength: 1 }), { nil: undefined })
    const minutes = fc.integer({ min: 1, max: 10_080 })
    const count = fc.integer({ min: 0, max: 1e9 })
    const hours = fc.integer({ min: 1, max: 60_000 }).map((parts) => parts / 60)
    const work: fc.Arbitrary<LogEntry['work']> = fc.oneof(
      fc.record({ kind: fc.constant('effort' as const), hours, activity: fc.constantFrom(...activities) }),
      fc.record({
        kind: fc.constant('task' as const),
        task: fc.constantFrom(...taskScripts.map(({ id }) => id)),
        done: fc.boolean(),
        minutes,
        neededHelp: fc.boolean(),
        neededRawText: fc.boolean(),
        opened: fc.subarray([...otherTools]),
      }),
      fc.record({ kind: fc.constant('usage' as const), minutes }),
      fc.record({
        kind: fc.constant('effort' as const),
        git: fc.record({
          ...{ from: fc.constant('0123456789ab'), to: fc.constant('abcdef012345'), path: fc.constant('src/**') },
          ...{ commits: count, files: count, linesAdded: count, linesRemoved: count, binaryFiles: count },
          ...{ firstCommitMs: time, lastCommitMs: time },
        }),
      }),
    )
    const entry = fc.record({
      ...{ id: fc.constant('0123456789'), platform: fc.constant('lantern'), timeMs: time, engineer: alias, note, work },
    })
    fc.assert(
      fc.property(entry, (made) => {
        expect(readLogEntry(JSON.parse(JSON.stringify(logRow(made))), {})).toEqual(made)
      }),
      { seed: seeded('log entries') },
    )
  })
})

describe('privacy rules that change after entries', () => {
  const withRules = (rules: string) => `capture: { privacy: [${rules}] }\n`

  it('reach what pilot log has written, with the next ingest or entry', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines([span('t1', 's1')]) })
    await log(cwd, 'usage', '--engineer', 'e1', '--for', 'mail to jane@example.com')
    const path = join(cwd, 'pilot.yaml')
    writeFileSync(path, `${readFileSync(path, 'utf8')}${withRules('{ detect: [email], do: redact }')}`)
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect(entriesIn(cwd).map(({ note }) => note)).toEqual(['mail to [redacted:email]'])
    expect((await pilot(cwd, ['check'])).out).not.toContain('sources under other rules')
    await log(cwd, 'usage', '--engineer', 'e1')
    expect(entriesIn(cwd)).toHaveLength(2)
  })
})

describe('pilot log effort --git', () => {
  /** A pilot in a repository: one commit before the work (10:00), two of the work a day apart, and a merge. */
  function repository() {
    const cwd = project({ 'traces.jsonl': jsonLines([span('t1', 's1', { start: '2026-03-06T22:00:00Z' })]) })
    let at = ''
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=J', '-c', 'user.email=j@x', ...args], {
        cwd,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env.PATH, HOME: cwd, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
      }).trim()
    const commit = (when: string) => {
      at = when
      git('add', '-A', 'src')
      git('commit', '-q', '-m', 'x')
    }
    git('init', '-q', '-b', 'main')
    mkdirSync(join(cwd, 'src'))
    const write = (name: string, content: string | Buffer) => writeFileSync(join(cwd, 'src', name), content)
    write('a.txt', 'one\ntwo\nthree\nfour\nfive\n')
    commit('2026-03-01T10:00:00Z')
    git('tag', 'before')
    git('switch', '-q', '-c', 'tracing')
    write('a.txt', 'one\n2\nthree\nfour\nfive\nsix\n')
    write('b.bin', Buffer.from([0, 1, 2, 0]))
    commit('2026-03-02T10:00:00Z')
    write('c.ts', 'export {}\n')
    commit('2026-03-03T10:00:00Z')
    git('switch', '-q', 'main')
    at = '2026-03-03T11:00:00Z'
    git('merge', '-q', '--no-ff', '-m', 'merge', 'tracing')
    return { cwd, git }
  }

  it('reads commits without merges, files, lines and times, and the days to the first trace', async () => {
    const { cwd, git } = repository()
    const now = await log(cwd, 'effort', '--git', 'before..main', '-q')
    const range = `${git('rev-parse', 'before').slice(0, 12)}..${git('rev-parse', 'main').slice(0, 12)}`
    const figures = `git ${range}: commits 2, files 3 (1 binary), lines +3 -1`
    expect(now.out.replace(/Logged [0-9a-f]{10}/, 'Logged it')).toBe(
      `Logged it: ${figures}, on lantern, 2026-03-03.\n  first commit 2026-03-02, last 2026-03-03, no trace yet\n`,
    )
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    expect((await log(cwd, 'list')).out.replaceAll(/\n {4}/g, ' ')).toContain(
      `Effort on lantern\n  - ${figures}; first commit 2026-03-02, last 2026-03-03, first trace 4.5 days after the first commit\n`,
    )
    const { out } = await pilot(cwd, ['scorecard', '--explain', 'instrumentation-effort'])
    expect(out.replaceAll(/\n {4}/g, ' ')).toContain(
      `  - git ${range}: 2 commits, 3 files, 1 of them binary, 3 lines added, 1 removed; 4.5 days from its first commit to the first trace\n`,
    )
  })

  it('reads only the files that a glob matches, up to what is checked out', async () => {
    const { cwd } = repository()
    const { entry } = await json(cwd, 'log', 'effort', '--git', 'before..', '--path', 'src/*.ts')
    expect(entry.git).toMatchObject({
      ...{ path: 'src/*.ts', commits: 1, files: 1, lines_added: 1, lines_removed: 0, binary_files: 0 },
      ...{ first_commit: '2026-03-03T10:00:00.000Z', last_commit: '2026-03-03T10:00:00.000Z' },
    })
  })

  it.each([
    [['--git', 'main..before'], 2, 'main..before holds no commit.'],
    [['--git', 'before..main', '--path', 'docs/**'], 2, 'before..main holds no commit that changes such files.'],
    [['--git', 'before..nowhere'], 3, 'this folder has no revision nowhere.'],
    [['--git', '--output=x..main'], 3, 'this folder has no revision --output=x.'],
    [['--git', 'before..main', '--repo', 'nowhere'], 3, '--repo: nowhere is no folder.'],
  ])('%j is refused', async (argv, code, message) => {
    const { cwd } = repository()
    const ran = await log(cwd, 'effort', ...argv)
    expect([ran.code, ran.out, ran.err.split('\n')[0]]).toEqual([code, '', `error ${message}`])
    expect(existsSync(join(cwd, 'x'))).toBe(false)
  })

  it('in a folder that is in no repository says so', async () => {
    const ran = await log(project({}), 'effort', '--git', 'a..b')
    expect([ran.code, ran.err]).toEqual([3, 'error this folder is in no git repository.\nName one: --repo DIR\n'])
  })
})
