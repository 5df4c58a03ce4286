import { describe, expect, it } from 'vitest'
import type { GitWork, LogEntry, TaskRun } from '../src/core/log-entry.js'
import { aliasesOf, daysToFirstTrace, sortEntries } from '../src/core/people.js'
import { summarisePersonas } from '../src/core/persona-summary.js'
import { pilot } from './pilot.js'
import { jsonLines, project, span } from './project.js'

const dayMs = 86_400_000

function task(of: string, more: Partial<TaskRun> = {}): TaskRun {
  const nothing = { neededHelp: false, neededRawText: false, opened: [] }
  return { kind: 'task', task: of, done: true, minutes: 10, ...nothing, ...more }
}

const git = (firstCommitMs: number): GitWork => ({
  ...{ from: '1234567', to: '89abcde', commits: 1, files: 1, linesAdded: 1, linesRemoved: 0, binaryFiles: 0 },
  ...{ firstCommitMs, lastCommitMs: firstCommitMs },
})

describe('the summary of personas', () => {
  it('of no task is empty, and of a task of no script too', () => {
    expect(summarisePersonas([])).toEqual([])
    expect(summarisePersonas([task('of-a-later-version')])).toEqual([])
  })

  it('counts done of tried, the median of those done, help, raw text and other tools', () => {
    const tried = [
      task('support-complaint', { minutes: 4, opened: ['logs'] }),
      task('support-complaint', { minutes: 8, opened: ['logs', 'chat'], neededRawText: true }),
      task('support-similar', { minutes: 60, done: false, neededHelp: true, opened: ['warehouse', 'logs'] }),
      task('ml-upgrade', { minutes: 45, done: false }),
    ]
    const [ml, support, ...more] = summarisePersonas(tried)
    expect(more).toEqual([])
    expect(ml).toMatchObject({ persona: 'ML engineer', x: 0, n: 1, medianMinutes: undefined, opened: [] })
    expect(support).toMatchObject({
      ...{ persona: 'support engineer', x: 2, n: 3, medianMinutes: 6, neededHelp: 1, neededRawText: 1 },
      opened: [
        { tool: 'logs', tasks: 3 },
        { tool: 'warehouse', tasks: 1 },
        { tool: 'chat', tasks: 1 },
      ],
    })
    // Wilson's interval of 2 of 3, from R: prop.test(2, 3, correct = FALSE).
    expect(support?.interval.low).toBeCloseTo(0.2076596, 6)
    expect(support?.interval.high).toBeCloseTo(0.9385081, 6)
  })
})

describe('the evidence of people', () => {
  it('adds up hours by activity without binary fractions, and keeps what git says apart', () => {
    const effort = (hours: number, activity: 'setup' | 'debug'): LogEntry => ({
      timeMs: 0,
      work: { kind: 'effort', hours, activity },
    })
    const entries = [effort(0.1, 'debug'), effort(0.2, 'debug'), effort(1, 'setup')]
    const found = sortEntries([...entries, { timeMs: 0, work: { kind: 'effort', git: git(5) } }])
    expect(found.effort).toEqual({
      hours: 1.3,
      entries: 3,
      byActivity: [
        { activity: 'setup', hours: 1 },
        { activity: 'debug', hours: 0.3 },
      ],
      git: [git(5)],
    })
  })

  it('counts an alias once, whatever its case', () => {
    expect(aliasesOf(['e2', 'E1', 'e1', 'E2'])).toEqual(['e1', 'e2'])
  })

  it('counts days from the first commit to the first trace, and knows none without a later trace', () => {
    expect(daysToFirstTrace(git(dayMs), 2.5 * dayMs)).toBe(1.5)
    expect(daysToFirstTrace(git(dayMs), dayMs)).toBe(0)
    expect(daysToFirstTrace(git(dayMs), dayMs - 1)).toBeUndefined()
    expect(daysToFirstTrace(git(dayMs), undefined)).toBeUndefined()
  })
})

describe('the scorecard', () => {
  const rows = [
    { time: '2026-03-02', task: 'on-call-spike', engineer: 'zebra7', done: true, minutes: 12, opened: ['logs'] },
    { time: '2026-03-02', task: 'prompt-compare', engineer: 'Zebra7', done: false, minutes: 30 },
    { time: '2026-03-02', task: 'prompt-compare', engineer: 'yak8', done: true, minutes: 20 },
    { time: '2026-03-02', kind: 'usage', engineer: 'xerus9' },
  ]
  const files = { log: jsonLines(rows), 'traces.jsonl': jsonLines([span('t1', 's1')]) }

  async function scorecardOf(more: string, ...argv: string[]): Promise<string> {
    const cwd = project(files, more)
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    await pilot(cwd, ['ingest', '--as', 'log', 'log'])
    const { out, code } = await pilot(cwd, ['scorecard', ...argv])
    expect(code).toBe(0)
    return out
  }

  it('shows the tasks by persona, and nobody by an alias', async () => {
    for (const form of [[], ['--markdown'], ['--json'], ['--explain', 'team-adoption']]) {
      const out = await scorecardOf('drills: { engineers: 4 }\n', ...form)
      expect(out).not.toMatch(/zebra|yak|xerus/i)
    }
    const out = await scorecardOf('drills: { engineers: 4 }\n')
    expect(out).toContain('\nTasks by persona\n')
    expect(out).toContain('\nlantern   on-call engineer  1 of 1   100 % (20.7–100)  12 min     0         0  logs 1\n')
    expect(out).toContain('\nlantern   prompt engineer   1 of 2  50.0 % (9.5–90.5)  20 min     0         0\n')
  })

  it('measures adoption as a share of the team, and names use beside it', async () => {
    expect(await scorecardOf('drills: { engineers: 4 }\n', '--explain', 'team-adoption')).toBe(`team-adoption on lantern
  - Engineers who used it: not a criterion, 50.0 % (n 4, 95 % CI 15.0–85.0).
  - 2 of 4 engineers of the team have done a task or attempted a drill; 95 % Wilson score interval
  - 3 tasks, 0 engineers in drills
  - 1 entries of use by 1 engineers; alone they do not count
  - query: pilot log list --json | jq '.adoption'
`)
  })

  it('does not measure adoption of a team that is smaller than its aliases, or of unknown size', async () => {
    expect(await scorecardOf('drills: { engineers: 1 }\n', '--explain', 'team-adoption')).toContain(
      '2 aliases used it, and the team has 1 (drills.engineers):\n    one of the two is wrong. Next: pilot log list\n',
    )
    expect(await scorecardOf('', '--explain', 'team-adoption')).toContain(
      'The size of the team is not known (drills.engineers); 2 of\n    it used it. Next: pilot check\n',
    )
  })
})
