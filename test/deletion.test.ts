import { chmodSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sightingsOf } from '../src/core/probes/deletion.js'
import { type Candidate, planDeletion } from '../src/core/probes/plan-deletion.js'
import { seededRandom } from '../src/core/seeded-random.js'
import { readProbeRuns } from '../src/store/probes.js'
import { pilot } from './pilot.js'
import { json, jsonLines, project, span, stored } from './project.js'

const hour = 3_600_000
const noon = Date.UTC(2026, 2, 3, 12)
const at = (hours: number) => ({ nowMs: noon + hours * hour })
const clock = (hours: number) => new Date(noon + hours * hour).toISOString()

/** Ten traces of one day in production, two of another in staging. */
const traces = [
  ...Array.from({ length: 10 }, (_, i) => span(`prod-${i}`, 'a', { environment: 'production' })),
  ...['stag-0', 'stag-1'].map((id) => span(id, 'a', { environment: 'staging', start: '2026-03-03T08:00:00Z' })),
]
const without = (...ids: string[]) => jsonLines(traces.filter(({ trace_id }) => !ids.includes(trace_id)))

async function pilotWith(more = '', files: Record<string, string> = {}): Promise<string> {
  const cwd = project({ 'all.jsonl': without(), ...files }, more)
  await pilot(cwd, ['ingest', '-q', 'all.jsonl'])
  return cwd
}

const run = (cwd: string, hours: number, ...argv: string[]) => pilot(cwd, ['probe', 'deletion', ...argv], at(hours))
const show = (cwd: string) => json(cwd, 'probe', 'deletion', 'show')

/** An export with a time of its own. */
function exported(cwd: string, name: string, hours: number, text: string): string {
  writeFileSync(join(cwd, name), text)
  const seconds = (noon + hours * hour) / 1000
  utimesSync(join(cwd, name), seconds, seconds)
  return name
}

describe('pilot probe deletion plan', () => {
  it('draws so many per environment, never the last of a day, and keeps the plan', async () => {
    const cwd = await pilotWith()
    const { code, out, err } = await run(cwd, 0, 'plan')
    expect([code, err]).toEqual([0, 'Next: delete them on the platform, then pilot probe deletion deleted\n'])
    expect(out).toContain(`To delete on lantern: planned ${clock(0)}`)
    expect((await run(cwd, 0, 'show')).err).toBe(err)
    const { traces: planned, seed, deletedAt } = await show(cwd)
    expect([seed, deletedAt]).toEqual([1, null])
    const environments = planned.map(({ environment }: { environment: string }) => environment)
    expect(environments.filter((name: string) => name === 'production')).toHaveLength(3)
    expect(environments.filter((name: string) => name === 'staging')).toHaveLength(1)
    const ids = new Set(planned.map(({ trace }: { trace: string }) => trace))
    for (const { controls, chosen } of planned) {
      expect(chosen).toBe('drawn at random, seed 1')
      expect(controls.length).toBeGreaterThan(0)
      expect(controls.some((id: string) => ids.has(id))).toBe(false)
    }
  })

  it('draws the same with the same seed, and others with another', async () => {
    const drawn = async (...argv: string[]) => {
      const cwd = await pilotWith()
      await run(cwd, 0, 'plan', ...argv)
      return (await show(cwd)).traces.map(({ trace }: { trace: string }) => trace)
    }
    const [one, again, other] = await Promise.all([drawn('--seed', '5'), drawn('--seed', '5'), drawn('--seed', '6')])
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
  })

  it('takes named traces, writes a sheet, and says which have no other of their day', async () => {
    const cwd = await pilotWith()
    await pilot(cwd, ['ingest', '-q', '-'], {
      stdin: jsonLines([span('=alone', 'a', { start: '2026-03-01T08:00:00Z' })]),
    })
    const { out } = await run(cwd, 0, 'plan', 'prod-3', '=alone', '-o', 'sheet.csv')
    expect(out).toContain('=alone: no other trace of its day and environment is known')
    expect(readFileSync(join(cwd, 'sheet.csv'), 'utf8')).toBe(
      `trace,do,environment,began
'=alone,delete,,2026-03-01T08:00:00.000Z
prod-3,delete,production,2026-03-02T10:00:00.000Z
prod-0,leave,,
prod-1,leave,,
`,
    )
  })

  it('neither draws what was deleted before, nor leaves it to stand for what stayed', async () => {
    const cwd = await pilotWith()
    const ids = Array.from({ length: 8 }, (_, i) => `prod-${i}`)
    await run(cwd, 0, 'plan', ...ids)
    await run(cwd, 1, 'deleted')
    await run(cwd, 2, 'plan')
    const { traces: planned } = await show(cwd)
    const inProduction = planned.filter(({ environment }: { environment: string }) => environment === 'production')
    // Two of ten are left: one to delete, one to stay.
    expect(inProduction).toHaveLength(1)
    expect([inProduction[0].trace, ...inProduction[0].controls].sort()).toEqual(['prod-8', 'prod-9'])
  })

  it('leaves replays alone, unless they are named', async () => {
    const replays = jsonLines(
      ['prod-0', 'prod-1'].map((id) => ({ id, time: '2026-03-02', origin: 'replay', trace_id: id })),
    )
    const cwd = await pilotWith('', { 'requests.jsonl': replays })
    await pilot(cwd, ['ingest', '-q', '--as', 'requests', 'requests.jsonl'])
    await run(cwd, 0, 'plan', '--count', '50')
    const ids = (await show(cwd)).traces.map(({ trace }: { trace: string }) => trace)
    expect(ids).toHaveLength(7 + 1)
    expect(ids.filter((id: string) => ['prod-0', 'prod-1'].includes(id))).toEqual([])
    await run(cwd, 0, 'plan', 'prod-0')
    expect((await show(cwd)).traces).toMatchObject([{ trace: 'prod-0', environment: 'production' }])
  })

  it('names the nearest of an unknown trace, and plans nothing', async () => {
    const cwd = await pilotWith()
    const { code, err } = await run(cwd, 0, 'plan', 'prod-x')
    expect(code).toBe(2)
    expect(err).toContain('No trace begins with prod-x.')
    expect(err).toContain('Nearest: prod-0, prod-1, prod-2.')
    expect((await show(cwd)).plannedAt).toBe(null)
  })

  it('without a trace that could stay, or before the first ingest, says so', async () => {
    const cwd = project({ 'one.jsonl': jsonLines([span('t1', 'a')]) })
    expect((await run(cwd, 0, 'plan')).code).toBe(3)
    await pilot(cwd, ['ingest', '-q', 'one.jsonl'])
    const { code, err } = await run(cwd, 0, 'plan')
    expect([code, err.split('\n')[0]]).toEqual([
      2,
      'error Of 1 production traces none has another of its day that could stay.',
    ])
  })
})

describe('pilot probe deletion deleted', () => {
  it('needs a plan, not later than the deletion, and no look since', async () => {
    const cwd = await pilotWith()
    expect((await run(cwd, 0, 'deleted')).err).toContain('error No deletion is planned.')
    expect((await run(cwd, 0, 'verify', 'all.jsonl')).err).toContain('error No deletion is planned.')
    await run(cwd, 1, 'plan', 'prod-3')
    expect((await run(cwd, 1, 'verify', 'all.jsonl')).err).toContain('error The deletion is planned, and not done yet.')
    expect((await run(cwd, 2, 'deleted', '--at', clock(0))).err).toContain('error --at: the plan was made later')
    expect((await run(cwd, 2, 'deleted', '--at', clock(3))).err).toContain('error --at: the time has not come yet.')
    expect((await run(cwd, 2, 'deleted', '--at', 'noon')).err).toContain('error --at: expected a time')
    expect((await run(cwd, 2, 'deleted', '--at', clock(1))).code).toBe(0)
    // A second call by mistake would make it look quicker.
    expect((await run(cwd, 2, 'deleted')).err).toContain('error The deletion was noted already')
    expect((await run(cwd, 2, 'deleted', '--at', clock(2))).code).toBe(0)
    expect((await show(cwd)).deletedAt).toBe(clock(2))
    await run(cwd, 4, 'verify', exported(cwd, 'fresh.jsonl', 3, without('prod-3')))
    expect((await run(cwd, 4, 'deleted')).err).toContain('error The deletion was verified already')
  })
})

describe('pilot probe deletion verify', () => {
  const deleted = async (more = '', files: Record<string, string> = {}) => {
    const cwd = await pilotWith(more, files)
    await run(cwd, 0, 'plan', 'prod-3', 'prod-4')
    await run(cwd, 0, 'deleted')
    return cwd
  }

  it('finds in exports what is gone, between which hours, and what is still there', async () => {
    const cwd = await deleted('  - { id: deletion, target: <= 24 h }\n')
    const first = await run(cwd, 2, 'verify', exported(cwd, 'one.jsonl', 1, without()))
    expect(first.code).toBe(0)
    expect(first.out).toContain('inconclusive: 2 of 2 still there after 1 h')
    await run(cwd, 6, 'verify', exported(cwd, 'two.jsonl', 5, without('prod-3')))
    expect(await show(cwd)).toMatchObject({
      ...{ gone: 1, present: 1, unknown: 0, last: { state: 'present', fromHours: 5, toHours: null } },
      traces: [
        { trace: 'prod-3', state: 'gone', fromHours: 1, toHours: 5 },
        { trace: 'prod-4', state: 'present', fromHours: 5, toHours: null },
      ],
    })
    const last = await run(cwd, 25, 'verify', exported(cwd, 'three.jsonl', 24, without('prod-3', 'prod-4')))
    expect(last.out).toContain('met: the last went between 5 and 24 h')
    expect(stored(cwd, (db) => readProbeRuns(db, 'deletion'))).toHaveLength(5)
    expect(readdirSync(join(cwd, '.pilot')).filter((name) => name.startsWith('export-'))).toEqual([])
    const { total } = await json(cwd, 'data')
    expect(total.traces).toBe(12)
  })

  it('the same export twice changes no bound', async () => {
    const cwd = await deleted()
    exported(cwd, 'fresh.jsonl', 3, without('prod-3', 'prod-4'))
    await run(cwd, 4, 'verify', 'fresh.jsonl')
    const once = await show(cwd)
    await run(cwd, 9, 'verify', 'fresh.jsonl')
    const twice = await show(cwd)
    expect(twice.last).toEqual({ state: 'gone', fromHours: 0, toHours: 3, why: null })
    expect(twice.traces).toEqual(once.traces)
    expect(twice.looks).toHaveLength(2)
  })

  it('exits 1 where a trace is still there after the target', async () => {
    const cwd = await deleted('  - { id: deletion, target: <= 24 h }\n')
    const { code, out } = await run(cwd, 24, 'verify', exported(cwd, 'fresh.jsonl', 24, without('prod-3')))
    expect(code).toBe(1)
    expect(out).toContain('missed: 1 of 2 still there after 24 h')
  })

  it('proves nothing by an export without the traces that stayed', async () => {
    const cwd = await deleted()
    const stray = jsonLines([span('other', 'a', { start: '2026-03-03T09:00:00Z' })])
    const { out } = await run(cwd, 5, 'verify', exported(cwd, 'fresh.jsonl', 4, stray))
    expect(out).toContain(
      'not measured: Of 2 deleted traces 2 are unknown: prod-0 and prod-1, not deleted, are absent too.',
    )
  })

  it('proves nothing by an export with lines that could not be read, nor by one that holds nothing', async () => {
    const cwd = await deleted()
    const cut = `${without('prod-3', 'prod-4')}{"trace_id": 7}\n`
    const { out } = await run(cwd, 5, 'verify', exported(cwd, 'cut.jsonl', 4, cut))
    expect(out).toContain('records of the export that could not be read: 1')
    const empty = await run(cwd, 5, 'verify', exported(cwd, 'empty.jsonl', 4, ''))
    expect(empty.code).toBe(3)
    expect((await run(cwd, 5, 'verify', 'nope.jsonl')).code).toBe(3)
    expect((await show(cwd)).looks).toHaveLength(1)
    expect(readdirSync(join(cwd, '.pilot')).filter((name) => name.startsWith('export-'))).toEqual([])
  })

  it('refuses an export that is older than the deletion, unless it is said when it was made', async () => {
    const cwd = await deleted()
    exported(cwd, 'old.jsonl', -1, without('prod-3', 'prod-4'))
    const { code, err } = await run(cwd, 5, 'verify', 'old.jsonl')
    expect([code, err.split('\n')[0]]).toEqual([2, `error The export is of ${clock(-1)}, before the deletion.`])
    expect((await run(cwd, 5, 'verify', 'old.jsonl', '--at', clock(2))).code).toBe(0)
    expect((await show(cwd)).last).toMatchObject({ state: 'gone', toHours: 2 })
    expect((await run(cwd, 5, 'verify')).err).toContain('error There is nothing to look at.')
  })

  it('tells traces that are older than the declared retention', async () => {
    const cwd = await deleted('probes: { deletion: { retention_days: 1 } }\n')
    await run(cwd, 5, 'verify', exported(cwd, 'fresh.jsonl', 4, without('prod-3', 'prod-4')))
    // At 16:00 of 3 March everything of 2 March 10:00 is older than a day: 8 of the 10 are listed, 10 are known.
    expect((await show(cwd)).retention).toEqual({ days: 1, known: 10, listed: 8, oldestMs: Date.UTC(2026, 2, 2, 10) })
  })

  /** A program that knows the traces in a file, one a line. */
  const script = `#!/bin/sh
case "$1" in
  prod-hang) sleep 60;;
esac
if [ -f broken ]; then echo 'HTTP 500' >&2; exit 1; fi
if [ -f answers.json ]; then cat answers.json; exit 0; fi
grep -qx "$1" listed.txt
`
  const withScript = async () => {
    const more = 'probes: { deletion: { command: [./list.sh, "{trace}"], timeout: 2s } }\n'
    const ids = traces.map(({ trace_id }) => trace_id)
    const cwd = await deleted(more, { 'list.sh': script, 'listed.txt': ids.join('\n') })
    chmodSync(join(cwd, 'list.sh'), 0o755)
    const list = (...gone: string[]) =>
      writeFileSync(join(cwd, 'listed.txt'), `${ids.filter((id) => !gone.includes(id)).join('\n')}\n`)
    return { cwd, list }
  }

  it("asks the team's program, whose silent exit 1 is gone where those that stayed are there", async () => {
    const { cwd, list } = await withScript()
    list('prod-3')
    expect((await run(cwd, 2, 'verify')).code).toBe(0)
    expect(await show(cwd)).toMatchObject({ gone: 1, present: 1, last: { state: 'present', fromHours: 2 } })
    list('prod-3', 'prod-4')
    await run(cwd, 3, 'verify')
    expect(await show(cwd)).toMatchObject({ gone: 2, last: { state: 'gone', fromHours: 2, toHours: 3 } })
    list(...traces.map(({ trace_id }) => trace_id))
    await run(cwd, 4, 'verify')
    expect((await show(cwd)).looks[2].sightings[0]).toMatchObject({ found: 'unknown' })
  })

  it('takes no error for gone', async () => {
    const { cwd, list } = await withScript()
    list('prod-3', 'prod-4')
    writeFileSync(join(cwd, 'broken'), '')
    const { out } = await run(cwd, 2, 'verify')
    expect(out).toContain('unknown: the command: exit 1: HTTP 500')
    expect(await show(cwd)).toMatchObject({ gone: 0, unknown: 2 })
  })

  it('goes by the JSON that it prints', async () => {
    const { cwd } = await withScript()
    writeFileSync(join(cwd, 'answers.json'), '{"present": true}')
    await run(cwd, 2, 'verify')
    expect(await show(cwd)).toMatchObject({ present: 2 })
    writeFileSync(join(cwd, 'answers.json'), '{"error": "no such key"}')
    await run(cwd, 3, 'verify')
    expect((await show(cwd)).looks[1].sightings[0]).toEqual({
      ...{ trace: 'prod-3', found: 'unknown', why: 'the command: no "present" in what it printed' },
    })
  })

  it('ends a program that hangs, and one that is missing is no answer', async () => {
    const { cwd, list } = await withScript()
    await pilot(cwd, ['ingest', '-q', '-'], {
      stdin: jsonLines([span('prod-hang', 'a', { environment: 'production' })]),
    })
    await run(cwd, 1, 'plan', 'prod-hang')
    await run(cwd, 1, 'deleted')
    list('prod-hang')
    expect((await run(cwd, 2, 'verify')).out).toContain('unknown: the command: still running after 2 s')
    chmodSync(join(cwd, 'list.sh'), 0o644)
    expect((await run(cwd, 3, 'verify')).out).toContain('permission denied')
  })

  it('keeps no secret of what a program says on standard error', async () => {
    const key = ['AKIA', 'IOSFODNN7', 'EXAMPLQ'].join('')
    const cwd = await pilotWith('probes: { deletion: { command: [./list.sh, "{trace}"] } }\n')
    writeFileSync(join(cwd, 'list.sh'), `#!/bin/sh\necho "no access with ${key}" >&2\nexit 2\n`)
    chmodSync(join(cwd, 'list.sh'), 0o755)
    await run(cwd, 0, 'plan', 'prod-3')
    await run(cwd, 1, 'deleted')
    const { out } = await run(cwd, 2, 'verify')
    expect(out).toContain('unknown: the command: exit 2: no access with')
    const kept = JSON.stringify(stored(cwd, (db) => readProbeRuns(db, 'deletion')))
    expect(kept).toContain('no access with')
    expect(`${out}${kept}`).not.toContain(key)
  })

  it('hands ids on as they are, and none that a program would take for an option', async () => {
    const rows = ['a$&b', "c$'d", '--output=x', 'stays'].map((id) => span(id, 'a', { environment: 'production' }))
    const more = 'probes: { deletion: { command: [./ask.sh, "{trace}"], timeout: 2s } }\n'
    const cwd = project({ 'all.jsonl': jsonLines(rows) }, more)
    writeFileSync(join(cwd, 'ask.sh'), '#!/bin/sh\nprintf "%s\\n" "$1" >> asked\n[ "$1" = stays ] || exit 1\n')
    chmodSync(join(cwd, 'ask.sh'), 0o755)
    await pilot(cwd, ['ingest', '-q', 'all.jsonl'])
    await run(cwd, 0, 'plan', '--', 'a$&b', "c$'d", '--output=x')
    await run(cwd, 1, 'deleted')
    await run(cwd, 2, 'verify')
    expect(readFileSync(join(cwd, 'asked'), 'utf8').trim().split('\n').sort()).toEqual(['a$&b', "c$'d", 'stays'])
    const { looks } = await show(cwd)
    expect(JSON.stringify(looks)).toContain('the command: the id begins with -, as an option does')
  })

  it('refuses a command that names no trace', async () => {
    const cwd = project({}, 'probes: { deletion: { command: [./list.sh] } }\n')
    const { code, err } = await run(cwd, 0, 'show')
    expect(code).toBe(2)
    expect(err).toContain('nowhere names {trace}')
    expect(existsSync(join(cwd, '.pilot'))).toBe(false)
  })
})

describe('a plan', () => {
  const of = (count: number, environment?: string): Candidate[] =>
    Array.from({ length: count }, (_, i) => ({ traceId: `${environment}-${i}`, environment, startMs: 0 }))
  const draw = (candidates: Candidate[], perEnvironment: number) =>
    planDeletion(candidates, { perEnvironment, random: seededRandom(1), seed: 1 })

  it.each([
    [0, 3, 0],
    [1, 3, 0],
    [2, 3, 1],
    [4, 3, 3],
    [5, 3, 3],
  ])('of %i traces of a day takes at most %i: %i', (count, wanted, taken) => {
    expect(draw(of(count), wanted)).toHaveLength(taken)
  })

  it('does not hang on the order in which traces are read', () => {
    expect(draw(of(9, 'p').toReversed(), 3)).toEqual(draw(of(9, 'p'), 3))
  })
})

describe('a look', () => {
  it('takes one control that is there for enough', () => {
    const planned = [{ traceId: 'a', why: 'named', controls: ['b', 'c'] }]
    const seen = new Map([['c', 'present' as const]])
    expect(sightingsOf(planned, (id) => seen.get(id) ?? 'absent')).toEqual([{ traceId: 'a', found: 'gone' }])
    expect(sightingsOf(planned, (id) => (id === 'a' ? 'absent' : { error: 'x' }))[0]?.found).toBe('unknown')
  })
})
