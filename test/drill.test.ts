import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { plantFaults, productionRequests, slowTenant } from '../src/jobs/demo/plan.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'

const nowMs = Date.UTC(2026, 2, 10, 12)
const inMarch = { nowMs }

/** A demo whose pilot still runs, with a baseline to compare with. */
async function demo(): Promise<string> {
  const cwd = temporaryFolder()
  await pilot(cwd, ['demo', '.', '--variant', 'adopt'])
  return cwd
}

/** The times of two arms: before the tool and with it; a plus is an attempt that the time-box ended. */
const before = '90+ 62 85 90+ 41 90+ 77 58 90+ 66'.split(' ')
const after = '15 22 9 90+ 12 31 18 7 25 14'.split(' ')
const sheet = (arms: readonly [string, readonly string[]][]) =>
  [
    'arm,minutes,diagnosed',
    ...arms.flatMap(([arm, times]) => times.map((time) => `${arm},${time},${time.endsWith('+') ? 'no' : 'yes'}`)),
  ].join('\n')

describe('the incidents of a drill', () => {
  it('are planted faults of the demo, of several causes and tenants, and the same for the same seed', async () => {
    const cwd = await demo()
    const { code, out } = await pilot(cwd, ['drill', 'new', '--json'], inMarch)
    const { drill } = JSON.parse(out)
    expect(code).toBe(0)
    expect(drill.incidents).toHaveLength(10)
    const planted = plantFaults('adopt')
    for (const { requestId, signals, tenant } of drill.incidents) {
      const { index, isToolRetried, isFallback, isFailed, isMisled, isSlowed } =
        planted[Number(requestId.slice(4)) - 1]!
      const wanted = [
        ...(isToolRetried || isFallback || isFailed ? ['error'] : []),
        ...(isToolRetried ? ['retry'] : []),
        ...(isFallback ? ['fallback'] : []),
        ...(isMisled || (isSlowed && index % 9 === 0) ? ['thumbs down'] : []),
      ]
      const slow = tenant === slowTenant ? ['slow'] : []
      expect([...wanted, ...slow], requestId).not.toEqual([])
      expect(signals, requestId).toEqual([...wanted, ...slow])
    }
    expect(
      new Set(drill.incidents.map(({ signals }: { signals: string[] }) => signals[0])).size,
    ).toBeGreaterThanOrEqual(3)
    expect(new Set(drill.incidents.map(({ tenant }: { tenant: string }) => tenant)).size).toBeGreaterThanOrEqual(4)
    const again = await demo()
    const same = JSON.parse((await pilot(again, ['drill', 'new', '--json'], inMarch)).out)
    expect(same.drill.incidents.map(({ requestId }: { requestId: string }) => requestId)).toEqual(
      drill.incidents.map(({ requestId }: { requestId: string }) => requestId),
    )
  })

  it('are new ones in the next drill', async () => {
    const cwd = await demo()
    const first = JSON.parse((await pilot(cwd, ['drill', 'new', '--count', '5', '--json'], inMarch)).out).drill
    const second = JSON.parse((await pilot(cwd, ['drill', 'new', '--count', '5', '--json'], inMarch)).out).drill
    const ids = [...first.incidents, ...second.incidents].map(({ requestId }: { requestId: string }) => requestId)
    expect(new Set(ids).size).toBe(10)
    expect([first.id, second.id]).toEqual(['2026-03-10', '2026-03-10-2'])
  })

  it('are production alone, unless more is asked for', async () => {
    const cwd = await demo()
    const replayed = plantFaults('adopt').find(({ origin }) => origin === 'replay')!
    expect(replayed.index).toBeGreaterThanOrEqual(productionRequests)
    const id = `req-${String(replayed.index + 1).padStart(4, '0')}`
    expect(await pilot(cwd, ['drill', 'new', '--id', id], inMarch)).toEqual({
      code: 2,
      out: '',
      err: `error --id: no production run of the workflow in the window is ${id}.\nLeft out: 30 replay, 10 synthetic; --include takes them in.\n`,
    })
    const { code } = await pilot(cwd, ['drill', 'new', '--id', id, '--include', 'replay'], inMarch)
    expect(code).toBe(0)
  })

  it('may be found by the words of a complaint, if they fit one run alone', async () => {
    const told = (trace: string, input: string) => span(trace, '01', { input, attributes: {} })
    const cwd = project({
      'traces.jsonl': jsonLines([
        told('a1', 'Where is my parcel from Lisbon?'),
        told('b2', 'Please refund the blue lamp'),
        told('c3', 'Please refund the green lamp'),
      ]),
    })
    await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])
    const { out } = await pilot(cwd, [
      'drill',
      'new',
      '--complaint',
      'A customer waits for a parcel from Lisbon',
      '--json',
    ])
    expect(JSON.parse(out).drill.incidents).toEqual([
      {
        id: 'i1',
        signals: [],
        timeMs: Date.UTC(2026, 2, 2, 10),
        traces: [{ platform: 'lantern', traceId: 'a1' }],
        complaint: 'A customer waits for a parcel from Lisbon',
      },
    ])
    const unclear = await pilot(cwd, ['drill', 'new', '--complaint', 'Please refund the lamp'])
    expect(unclear.code).toBe(2)
    expect(unclear.err).toContain('2 runs fit it equally well: b2, c3.')
  })

  it('are none where nothing went wrong, which the command says', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines([span('a1', '01')]) })
    await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])
    const { code, err } = await pilot(cwd, ['drill', 'new'])
    expect(code).toBe(2)
    expect(err).toBe(
      'error None of 1 runs has an error, a complaint, a failed eval, a retry or an outlier that shows.\npilot drill new --id ID takes any run.\n',
    )
  })
})

describe('a pack for colleagues', () => {
  it('holds complaints and questions, and no id of a trace, no key and no text of a run', async () => {
    const cwd = await demo()
    await pilot(cwd, ['drill', 'new', '--out', 'pack.json'], inMarch)
    const text = readFileSync(join(cwd, 'pack.json'), 'utf8')
    const key = await json(cwd, 'drill', 'key')
    for (const { traces, requestId, key: right } of key.incidents) {
      expect(text).not.toContain(traces[0].traceId)
      expect(text).not.toContain(requestId)
      expect(text).not.toContain(right.context.right[0])
    }
    expect(text).not.toContain('Where is my order?')
    expect(statSync(join(cwd, 'pack.json')).mode & 0o777).toBe(0o600)
  })

  it('is worked without the store, and what comes back is merged, twice without harm', async () => {
    const cwd = await demo()
    await pilot(cwd, ['drill', 'new', '--count', '5', '--out', 'pack.json'], inMarch)
    const away = temporaryFolder({ 'pack.json': readFileSync(join(cwd, 'pack.json')) })
    const form = (await pilot(away, ['drill', 'start', '--pack', 'pack.json', '--engineer', 'e1', '--form'])).out
    const filled = parse(form)
    for (const attempt of filled.attempts) attempt.minutes = 7
    writeFileSync(join(away, 'answers.json'), JSON.stringify(filled))
    const taken = await pilot(
      away,
      ['drill', 'start', '--pack', 'pack.json', '--engineer', 'e1', '--answers', 'answers.json'],
      inMarch,
    )
    expect(taken.out).toBe('Attempts taken in: 5. Incidents left: 0.\n')
    expect(existsSync(join(away, '.pilot'))).toBe(false)
    writeFileSync(join(cwd, 'e1.jsonl'), readFileSync(join(away, 'pack.e1.jsonl')))
    const ingest = () => json(cwd, 'ingest', '--as', 'attempts', 'e1.jsonl')
    expect((await ingest()).totals.attempts).toEqual({ added: 5, updated: 0, unchanged: 0 })
    expect((await ingest()).totals.attempts).toEqual({ added: 0, updated: 0, unchanged: 5 })
  })

  it('of another make is refused by line', async () => {
    const cwd = temporaryFolder({ 'pack.json': '{"pilot": "drill-pack",\n "version": 2}' })
    const { code, err } = await pilot(cwd, ['drill', 'start', '--pack', 'pack.json', '--engineer', 'e1', '--form'])
    expect(code).toBe(2)
    expect(err).toContain('pack.json:2:13: version: ')
  })
})

describe('attempts', () => {
  /** A drill of five on the demo, its answers as the key has them, the causes confirmed. */
  async function answered(change: (attempt: { answers: Record<string, unknown> }, index: number) => void) {
    const cwd = await demo()
    await pilot(cwd, ['drill', 'new', '--count', '5', '--engineers', 'e1,e2'], inMarch)
    const { incidents } = await json(cwd, 'drill', 'key')
    for (const { id } of incidents)
      await pilot(cwd, ['drill', 'key', id, '--cause', 'retrieval', '--by', 'lead'], inMarch)
    const form = parse((await pilot(cwd, ['drill', 'start', '--engineer', 'e1', '--form'])).out)
    for (const [index, attempt] of form.attempts.entries()) {
      const { key } = incidents.find(({ id }: { id: string }) => id === attempt.incident)
      attempt.minutes = 5 + index
      attempt.answers = {
        ...Object.fromEntries(Object.entries<{ right: string[] }>(key).map(([id, { right }]) => [id, right])),
        cause: 'retrieval',
      }
      change(attempt, index)
    }
    writeFileSync(join(cwd, 'answers.yaml'), JSON.stringify(form))
    const taken = await pilot(cwd, ['drill', 'start', '--engineer', 'e1', '--answers', 'answers.yaml'], inMarch)
    expect(taken.err).toContain('Next: pilot drill report')
    return { cwd, report: await json(cwd, 'drill', 'report') }
  }
  const totals = (report: { arms: { judged: number; diagnosed: number; wrong: number }[] }) =>
    report.arms.reduce(
      (sum, { diagnosed, wrong }) => ({ diagnosed: sum.diagnosed + diagnosed, wrong: sum.wrong + wrong }),
      { diagnosed: 0, wrong: 0 },
    )
  // The demo of this variant brings 16 and 7 diagnoses of its own.
  const ofDemo = 23

  it('whose answers are those of the key are diagnoses', async () => {
    const { report } = await answered(() => {})
    expect(totals(report)).toEqual({ diagnosed: ofDemo + 5, wrong: 0 })
    expect(report.questions.find(({ question }: { question: string }) => question === 'cause').right).toEqual({
      x: 5,
      n: 5,
    })
  })

  it('with one wrong required answer are none, however fast, and one with a wrong answer that is not required is one', async () => {
    const { report } = await answered(({ answers }, index) => {
      if (index === 0) answers.cause = 'prompt'
      if (index === 1) answers.model = 'another-model'
      if (index === 2) answers.input = 'nothing that was said'
    })
    expect(totals(report)).toEqual({ diagnosed: ofDemo + 3, wrong: 2 })
  })

  it('are split between the arms, so that nobody meets an incident twice', async () => {
    const { cwd, report } = await answered(() => {})
    expect(report.arms.map(({ arm, judged }: { arm: string; judged: number }) => [arm, judged])).toEqual([
      ['lantern', 16 + 3],
      ['current-logs', 10 + 2],
    ])
    const again = await pilot(cwd, ['drill', 'start', '--engineer', 'e1', '--answers', 'answers.yaml'], inMarch)
    expect(again.code).toBe(2)
    expect(again.err.split('\n')[0]).toBe(
      'error answers.yaml: attempts.0.incident: i1 was met before; nobody meets an incident twice',
    )
    const other = parse((await pilot(cwd, ['drill', 'start', '--engineer', 'e2', '--form'])).out)
    expect(other.attempts.map(({ arm }: { arm: string }) => arm)).toEqual([
      'current-logs',
      'lantern',
      'current-logs',
      'lantern',
      'current-logs',
    ])
  })

  it('wait for a person while nobody has confirmed the cause, and are not measured', async () => {
    const cwd = await demo()
    await pilot(cwd, ['drill', 'new', '--id', 'req-0001'], inMarch)
    const form = parse((await pilot(cwd, ['drill', 'start', '--engineer', 'e1', '--form'])).out)
    const { incidents } = await json(cwd, 'drill', 'key')
    form.attempts[0].minutes = 4
    form.attempts[0].answers = Object.fromEntries(
      Object.entries<{ right: string[] }>(incidents[0].key).map(([id, { right }]) => [id, right]),
    )
    writeFileSync(join(cwd, 'answers.yaml'), JSON.stringify(form))
    await pilot(cwd, ['drill', 'start', '--engineer', 'e1', '--answers', 'answers.yaml'], inMarch)
    const { arms } = await json(cwd, 'drill', 'report')
    expect(arms.map(({ unjudged }: { unjudged: number }) => unjudged).sort()).toEqual([0, 1])
  })

  it('under a name or an address are refused, and hashed where a file has them', async () => {
    const cwd = await demo()
    await pilot(cwd, ['drill', 'new'], inMarch)
    const refused = await pilot(cwd, ['drill', 'start', '--engineer', 'jane@example.com', '--form'])
    expect(refused).toMatchObject({ code: 2, out: '' })
    writeFileSync(join(cwd, 'sheet.csv'), 'arm,minutes,diagnosed,engineer\nlantern,5,yes,jane@example.com\n')
    const { files } = await json(cwd, 'ingest', '--as', 'attempts', 'sheet.csv')
    expect(files[0].redacted).toEqual({ engineer: 1 })
    expect(readFileSync(join(cwd, '.pilot/pilot.db')).includes('jane@example.com')).toBe(false)
  })

  it('that say nothing of how they ended are problems with their line', async () => {
    const cwd = project({ 'sheet.csv': 'arm,minutes,diagnosed\nlantern,soon,yes\nlantern,5,\nlantern,5,yes\n' })
    const { err, code } = await pilot(cwd, ['ingest', '-q', '--as', 'attempts', 'sheet.csv'])
    expect({ err, code }).toEqual({
      code: 0,
      err: `problem sheet.csv:2: the minutes are no number such as 12.5, or 90+ for an attempt that the time-box ended
problem sheet.csv:3: nothing says whether it was a diagnosis: expected a column diagnosed or outcome, or answers
`,
    })
  })
})

describe('the report of a drill', () => {
  it('gives the worked answers for the times of two arms, and never a mean of time-boxed attempts', async () => {
    const cwd = project(
      {
        'times.csv': sheet([
          ['lantern', after],
          ['logs', before],
        ]),
      },
      '',
      '[{ id: lantern }]\n  baseline: logs',
    )
    await pilot(cwd, ['ingest', '-q', '--as', 'attempts', 'times.csv'])
    const { code, out } = await pilot(cwd, ['drill', 'report'])
    expect(code).toBe(0)
    expect(out).toContain('logs           10          6    81 min  41 to not reached       0 % (n 10, 95 % CI 0–27.8)')
    expect(out).toContain('lantern        10          9  16.5 min            7 to 25  20.0 % (n 10, 95 % CI 5.7–51.0)')
    expect(out).toContain('log-rank on all attempts (the test of this pilot): chi² 9.75, p 0.0018')
    // Restricted means up to 90 minutes; plain means of these numbers would be 74.9 and 24.3 too, so they are named for what they are.
    expect(out).toContain('by the areas under the curves')
    const { comparisons, arms } = await json(cwd, 'drill', 'report')
    expect(comparisons[0].logRank.p).toBeCloseTo(0.0017939525, 8)
    expect(arms.map(({ median, low, high }: Record<string, number | null>) => [median, low, high])).toEqual([
      [16.5, 7, 25],
      [81, 41, null],
    ])
  })

  it('works on a file with no pilot around it', async () => {
    const cwd = temporaryFolder({
      'times.csv': sheet([
        ['before', before],
        ['after', after],
      ]),
    })
    const { code, out } = await pilot(cwd, ['drill', 'report', '--file', 'times.csv', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out).comparisons[0]).toMatchObject({ arm: 'after', against: 'before', test: 'log-rank' })
  })

  it('of no attempt is not measured', async () => {
    const cwd = project({ 'traces.jsonl': jsonLines([span('a1', '01')]) })
    await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])
    const { code, out } = await pilot(cwd, ['drill', 'report'])
    expect(code).toBe(0)
    expect(out).toContain('lantern         0          0  not measured')
  })

  it('holds no alias', async () => {
    const cwd = project({ 'a.csv': 'arm,minutes,diagnosed,engineer\nlantern,5,yes,zebra\nlantern,6,yes,yak\n' })
    await pilot(cwd, ['ingest', '-q', '--as', 'attempts', 'a.csv'])
    const printed = await Promise.all(
      [
        ['drill', 'report'],
        ['drill', 'report', '--json'],
        ['drill', 'report', '--audience', 'product'],
      ].map((argv) => pilot(cwd, argv)),
    )
    for (const { out } of printed) {
      expect(out).toContain('lantern')
      expect(out).not.toMatch(/zebra|yak/)
    }
  })
})

describe('the scorecard', () => {
  it('judges the time to diagnose by the upper bound of its median, beside the baseline', async () => {
    const cwd = project(
      {
        'times.csv': sheet([
          ['lantern', after],
          ['logs', before],
        ]),
      },
      "  - { id: debug-time, target: '< 10 min' }\n",
      '[{ id: lantern }]\n  baseline: logs',
    )
    await pilot(cwd, ['ingest', '-q', '--as', 'attempts', 'times.csv'])
    const { out } = await pilot(cwd, ['scorecard'])
    expect(out).toContain('inconclusive, 16.5 min (n 10, 95 % CI 7 to 25)')
    expect(out).toContain('2 of 10 under 10 min')
    expect(out.replaceAll(/\s+/g, ' ')).toContain('logs 81 min, log-rank p 0.0018')
  })
})

describe('pilot status', () => {
  it('reminds of the weekly drill once seven days are over', async () => {
    const cwd = project({
      'traces.jsonl': jsonLines([span('a1', '01')]),
      'a.csv': 'arm,minutes,diagnosed,time\nlantern,5,yes,2026-03-03T10:00:00Z\n',
    })
    await pilot(cwd, ['ingest', '-q', 'traces.jsonl'])
    const remind = async (day: number) =>
      (await pilot(cwd, ['status', '--json'], { nowMs: Date.UTC(2026, 2, day, 10) })).out
    expect(JSON.parse(await remind(3)).reminders).toEqual([
      'Weekly drill: none yet. pilot drill new, then pilot drill start',
    ])
    await pilot(cwd, ['ingest', '-q', '--as', 'attempts', 'a.csv'])
    expect(JSON.parse(await remind(9)).reminders).toEqual([])
    expect(JSON.parse(await remind(10)).reminders).toEqual([
      'Weekly drill: the last was on 2026-03-03, 7 days ago. pilot drill new, then pilot drill start',
    ])
  })
})
