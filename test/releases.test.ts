import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ComparedMetric } from '../src/core/releases/verdict.js'
import { pilot, temporaryFolder } from './pilot.js'
import { json, jsonLines, project } from './project.js'

const deployedMs = Date.UTC(2026, 2, 10)
const minutes = 60_000
const iso = (ms: number) => new Date(ms).toISOString()

/** What one run is: the i-th after the deployment, or before it from −1 down, 14 minutes apart. */
interface Made {
  latencyMs?: number
  costUsd?: number
  isError?: boolean
  [field: string]: unknown
}

const startOf = (index: number) => deployedMs + index * 14 * minutes

/** 100 runs on each side of the deployment. */
function runs(make: (index: number) => Made): object[] {
  return Array.from({ length: 200 }, (_, at) => {
    const index = at - 100
    const { latencyMs = 1000, costUsd = 0.01, isError = false, ...more } = make(index)
    const startMs = startOf(index)
    return {
      ...{ trace_id: `t${at}`, span_id: 'a', name: 'answer', start: iso(startMs), end: iso(startMs + latencyMs) },
      ...{ cost_usd: costUsd, status: isError ? 'error' : 'ok', release: index < 0 ? 'aaaaaaa1' : 'bbbbbbb2', ...more },
    }
  })
}

const deployment = { time: iso(deployedMs), kind: 'release', version: 'bbbbbbb2', environment: 'production' }

async function pilotOf(spans: readonly object[], deployments: readonly object[] = [deployment]): Promise<string> {
  const cwd = project({ 'traces.jsonl': jsonLines(spans), 'deployments.jsonl': jsonLines(deployments) })
  if (spans.length > 0) await pilot(cwd, ['ingest', 'traces.jsonl'])
  if (deployments.length > 0) await pilot(cwd, ['ingest', '--as', 'deployments', 'deployments.jsonl'])
  return cwd
}

/** The comparison on the only platform. */
async function compared(cwd: string, ...argv: string[]) {
  const { platforms } = await json(cwd, 'releases', ...argv)
  return platforms[0].comparison
}

async function metricOf(cwd: string, id: string, ...argv: string[]): Promise<ComparedMetric> {
  const { metrics } = await compared(cwd, 'bbbbbbb2', ...argv)
  return metrics.find((metric: ComparedMetric) => metric.id === id)
}

/** Steady runs: each value of ten, ten times on each side. */
const steady = (index: number): Made => ({ latencyMs: 1000 + ((index + 100) % 10) * 10 })

describe('pilot releases VERSION', () => {
  it('finds a release that is slower, by how much, and exits 1', async () => {
    const cwd = await pilotOf(
      runs((index) => ({ ...steady(index), latencyMs: steady(index).latencyMs! + (index < 0 ? 0 : 300) })),
    )
    const { code } = await pilot(cwd, ['releases', 'bbbbbbb2'])
    expect(code).toBe(1)
    const latency = await metricOf(cwd, 'latency')
    expect(latency).toMatchObject({
      verdict: 'regressed',
      before: { n: 100, value: 1045 },
      after: { n: 100, value: 1345 },
    })
    expect(latency.change).toBeCloseTo(300, 6)
    expect(latency.margin).toBeCloseTo(104.5, 6)
    expect(await metricOf(cwd, 'cost per run')).toMatchObject({ verdict: 'unchanged', change: 0, holmP: 1 })
  })

  it('finds one that is cheaper', async () => {
    const cwd = await pilotOf(runs((index) => ({ ...steady(index), costUsd: index < 0 ? 0.02 : 0.01 })))
    expect(await metricOf(cwd, 'cost per run')).toMatchObject({ verdict: 'improved', change: -0.01 })
    expect((await pilot(cwd, ['releases', 'bbbbbbb2'])).code).toBe(0)
  })

  it('finds more errors, and since when', async () => {
    // One run in 25 before; after it none of 60, and then every second one.
    const isError = (index: number) => (index < 0 ? index % 25 === 0 : index >= 60 && index % 2 === 0)
    const cwd = await pilotOf(runs((index) => ({ ...steady(index), isError: isError(index) })))
    expect(await metricOf(cwd, 'error rate')).toMatchObject({
      verdict: 'regressed',
      before: { x: 4, n: 100 },
      after: { x: 20, n: 100 },
    })
    const { since } = await compared(cwd, 'bbbbbbb2')
    expect(since).toMatchObject({ measured: true, p0: 0.04, p1: 0.08, runs: 100, isFloor: false })
    expect(since.signal.sinceMs).toBe(startOf(60))
    expect(since.signal.noticedMs).toBe(startOf(since.signal.noticedAt - 1))
    const { out } = await pilot(cwd, ['releases', 'bbbbbbb2'])
    expect(out).toContain('  - Since 2026-03-10 14:00 UTC: ')
  })

  it('says nothing of a few runs but the n that it needs', async () => {
    const cwd = await pilotOf(runs(steady))
    const rate = await metricOf(cwd, 'error rate', '--window', '2h')
    expect(rate).toMatchObject({ verdict: 'inconclusive', before: { x: 0, n: 8 }, after: { x: 0, n: 9 } })
    // From 0 to 5 %: (1.96 √(2 · 0.025 · 0.975) + 0.8416 √(0.05 · 0.95))² / 0.05².
    const n =
      (1.959963984540054 * Math.sqrt(2 * 0.025 * 0.975) + 0.8416212335729143 * Math.sqrt(0.05 * 0.95)) ** 2 / 0.0025
    expect(rate.needed).toEqual({ n: Math.ceil(n), how: 'so that a change of the margin is found with power 80 %' })
  })

  it('calls a certain change inside the margin unchanged, and a wider margin forgives more', async () => {
    const slower = (by: number) =>
      pilotOf(runs((index) => ({ ...steady(index), latencyMs: steady(index).latencyMs! + (index < 0 ? 0 : by) })))
    const cwd = await slower(50)
    const small = await metricOf(cwd, 'latency')
    expect(small.interval!.low).toBeGreaterThan(0)
    expect(small.verdict).toBe('unchanged')
    expect((await metricOf(cwd, 'latency', '--margin', '1%')).verdict).toBe('regressed')
    expect((await metricOf(await slower(300), 'latency', '--margin', '50%')).verdict).toBe('unchanged')
  })

  it('warns that the mix changed, and compares within the tenant with most runs', async () => {
    // Only t-3 is slow, and only its share grows.
    const isT3 = (index: number) => (index < 0 ? index >= -4 : index % 5 === 0 || index === 1)
    const cwd = await pilotOf(
      runs((index) => ({
        latencyMs: steady(index).latencyMs! + (isT3(index) ? 4000 : 0),
        tenant: isT3(index) ? 't-3' : 't-1',
      })),
    )
    const { mix, stratum } = await compared(cwd, 'bbbbbbb2')
    expect(mix[0]).toMatchObject({ dimension: 'tenant', before: { n: 100 }, isChanged: true })
    const { out } = await pilot(cwd, ['releases', 'bbbbbbb2'])
    expect(out.replaceAll(/\s+/g, ' ')).toMatch(
      /The mix changed: tenant t-(?:1 96.0 % → 79.0 %, -|3 4.0 % → 21.0 %, \+)17 points/,
    )
    expect(stratum).toMatchObject({ tenant: 't-1', runs: { before: 96, after: 79 } })
    const latency = stratum.metrics.find(({ id }: ComparedMetric) => id === 'latency')
    expect(latency.verdict).toBe('unchanged')
  })

  it('compares scores by share or by number, in the direction that they have', async () => {
    const cwd = await pilotOf(
      runs((index) => ({
        scores: [
          { name: 'correct', value: index < 0 || index % 2 === 0 ? 1 : 0 },
          { name: 'tone', value: 3 + (index & 1) + (index < 0 ? 0 : 2) },
        ],
      })),
    )
    expect(await metricOf(cwd, 'score correct')).toMatchObject({
      ...{ verdict: 'regressed', unit: 'share', change: -0.5, before: { x: 100, n: 100 }, after: { x: 50, n: 100 } },
    })
    expect(await metricOf(cwd, 'score tone')).toMatchObject({
      ...{ verdict: 'improved', unit: 'number', change: 2, before: { value: 3.5 }, after: { value: 5.5 } },
    })
    expect((await metricOf(cwd, 'score tone', '--lower-is-better', 'tone')).verdict).toBe('regressed')
  })

  it('keeps ratings apart from scores, and from ratings of another name', async () => {
    const cwd = await pilotOf(
      runs((index) => ({
        scores: [{ name: 'rating', value: 0.5 + (index & 1) / 2 ** 3 }],
        feedback: [
          { id: `a${index}`, kind: 'rating', value: index < 0 ? 5 : 3 },
          { id: `b${index}`, kind: 'rating', value: index < 0 ? 3 : 1 },
          { id: `c${index}`, kind: 'rating', name: 'stars', value: 50 + (index & 1) },
          { id: `d${index}`, kind: 'thumbs', value: 0 },
        ],
      })),
    )
    expect(await metricOf(cwd, 'rating')).toMatchObject({
      ...{ verdict: 'regressed', change: -2, before: { value: 4, n: 100 }, after: { value: 2, n: 100 } },
    })
    expect(await metricOf(cwd, 'rating stars')).toMatchObject({ verdict: 'unchanged', before: { value: 50.5 } })
    expect(await metricOf(cwd, 'score rating')).toMatchObject({ before: { value: 0.5625 }, after: { value: 0.5625 } })
    // Neither up nor down.
    expect((await metricOf(cwd, 'thumbs down')).verdict).toBe('not measured')
    const { out } = await pilot(cwd, ['releases', 'bbbbbbb2', '--audience', 'product'])
    expect(out).toMatch(/^rating {2}/m)
    expect(out).not.toContain('suite')
  })

  it('counts thumbs of runs that have one, and escalations once there are any', async () => {
    const given = (index: number) => ({
      ...(index % 2 === 0 && { feedback: [{ kind: 'thumbs', value: index < 0 ? 1 : -1 }] }),
      ...(index === 7 && { feedback: [{ kind: 'escalation' }] }),
    })
    const cwd = await pilotOf(runs(given))
    expect(await metricOf(cwd, 'thumbs down')).toMatchObject({
      ...{ verdict: 'regressed', before: { x: 0, n: 50 }, after: { x: 50, n: 50 } },
    })
    expect(await metricOf(cwd, 'escalations')).toMatchObject({ before: { x: 0, n: 100 }, after: { x: 1, n: 100 } })
    expect((await metricOf(await pilotOf(runs(steady)), 'escalations')).verdict).toBe('not measured')
  })

  it('lists what else changed in the windows', async () => {
    const other = { ...deployment, time: iso(deployedMs + 3_600_000), kind: 'prompt', name: 'draft', version: '8' }
    const later = { ...other, time: iso(deployedMs + 86_400_000), version: '9' }
    const staging = { ...other, environment: 'staging', version: '7' }
    const cwd = await pilotOf(runs(steady), [deployment, other, later, staging])
    const names = async (...argv: string[]) =>
      (await compared(cwd, 'bbbbbbb2', ...argv)).confounders.map(({ version }: { version: string }) => version)
    expect((await names()).sort()).toEqual(['7', '8'])
    const { out } = await pilot(cwd, ['releases', 'bbbbbbb2'])
    expect(out).toContain('  - prompt draft@8: deployed 2026-03-10 01:00 UTC\n')
  })

  it('knows a commit by its beginning, and a version that went live again by its last time', async () => {
    const full = 'bbbbbbb2'.padEnd(40, '0')
    const again = { ...deployment, version: full, time: iso(deployedMs + 12 * 3_600_000), action: 'rollback' }
    const cwd = await pilotOf(runs(steady), [{ ...deployment, version: full }, again])
    const { change, runs: sides } = await compared(cwd, 'bbbbbbb2')
    expect(change).toMatchObject({ version: full, timeMs: deployedMs + 12 * 3_600_000, how: 'rollback' })
    // 51 in the twelve hours before the first time, 52 from then on.
    expect(sides.before).toBe(51 + 52)
  })
})

describe('pilot releases', () => {
  it('lists deployments with the runs around them, and what is first seen in traces', async () => {
    const cwd = await pilotOf(runs(steady))
    const { platforms } = await json(cwd, 'releases')
    expect(platforms).toEqual([
      {
        platform: 'lantern',
        role: 'candidate',
        releases: [
          {
            ...{ label: 'aaaaaaa1', kind: 'release', version: 'aaaaaaa1', timeMs: startOf(-100), how: 'seen first' },
            runs: { before: 0, after: 103 },
          },
          {
            ...{
              label: 'bbbbbbb2',
              kind: 'release',
              version: 'bbbbbbb2',
              environment: 'production',
              timeMs: deployedMs,
            },
            ...{ how: 'deploy', runs: { before: 100, after: 100 } },
          },
        ],
      },
    ])
  })

  it('says so where nothing is known, and names the nearest of a mistyped one', async () => {
    const empty = await pilotOf([span()], [])
    expect((await pilot(empty, ['releases'])).out).toBe(
      'Releases and prompt versions: 0\n  - No deployment is stored, and no run names its release or prompt version.\n',
    )
    const cwd = await pilotOf(runs(steady))
    expect(await pilot(cwd, ['releases', 'bbbbbb2'])).toEqual({
      code: 2,
      out: '',
      err: 'error No release or prompt version "bbbbbb2" is known here.\nThe nearest is bbbbbbb2. pilot releases lists them.\n',
    })
  })

  it('measures nothing where a side is empty or has one value, and never prints NaN', async () => {
    const one = runs(steady).filter((_, at) => at === 99 || at === 100)
    const first = runs(steady).filter((_, at) => at >= 100)
    for (const spans of [one, first]) {
      const { code, out } = await pilot(await pilotOf(spans), ['releases', 'bbbbbbb2'])
      expect(code).toBe(0)
      expect(out).not.toMatch(/NaN|undefined|Infinity/)
    }
    const cwd = await pilotOf(one)
    expect(await metricOf(cwd, 'latency')).toMatchObject({
      verdict: 'inconclusive',
      interval: null,
      needed: { n: 4, how: 'for there to be an interval at all' },
    })
    expect(await metricOf(await pilotOf(first), 'latency')).toMatchObject({ verdict: 'not measured', change: null })
  })

  it('shows names that drive a terminal as what they are', async () => {
    const cwd = await pilotOf(runs((index) => ({ tenant: index < 0 ? 'a' : '\u001b[31mred', release: 'r\u001b[2J' })))
    for (const argv of [['releases'], ['releases', 'bbbbbbb2']])
      expect((await pilot(cwd, argv)).out).not.toContain('\u001b')
  })

  it('refuses a window and a margin that are none', async () => {
    const cwd = await pilotOf([span()], [])
    expect((await pilot(cwd, ['releases', '--window', '2 days'])).code).toBe(2)
    expect((await pilot(cwd, ['releases', '--window', '0h'])).code).toBe(2)
    expect((await pilot(cwd, ['releases', '--margin', '120%'])).code).toBe(2)
  })
})

const span = () => ({ trace_id: 't1', span_id: 'a', name: 'answer', start: '2026-03-02T10:00:00Z' })

describe('on the demo', () => {
  const release = '9b07aa1'
  interface Line {
    resourceSpans: [{ resource: { attributes: Attribute[] }; scopeSpans: [{ spans: OtlpSpan[] }] }]
  }
  interface Attribute {
    key: string
    value: { stringValue?: string }
  }
  interface OtlpSpan {
    name: string
    startTimeUnixNano: string
    endTimeUnixNano: string
    attributes: Attribute[]
  }
  const linesOf = (folder: string, file: string) =>
    readFileSync(join(folder, file), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  const rootOf = (line: Line) =>
    line.resourceSpans[0].scopeSpans[0].spans.find(({ name }) => name === 'support.answer')!
  const isNew = (line: Line) =>
    line.resourceSpans[0].resource.attributes.some(({ value }) => value.stringValue === release)
  const startMs = (line: Line) => Number(BigInt(rootOf(line).startTimeUnixNano) / 1_000_000n)

  it('the planted release is found at its first production run, with the runs around it, and no fault of its own', async () => {
    const folder = temporaryFolder()
    await pilot(folder, ['demo', 'made'])
    const made = join(folder, 'made')
    const origins = new Map(linesOf(made, 'requests.jsonl').map(({ request_id: id, origin }) => [id, origin]))
    const requestOf = (line: Line) =>
      rootOf(line).attributes.find(({ key }) => key === 'request.id')!.value.stringValue!
    const production = (linesOf(made, 'traces.jsonl') as Line[]).filter(
      (line) => origins.get(requestOf(line)) === 'production',
    )
    const first = Math.min(...production.filter(isNew).map(startMs))
    const within = (low: number, high: number) =>
      production.filter((line) => startMs(line) >= first + low && startMs(line) < first + high).length
    // Without the deployments, only traces tell of it.
    const files = Object.fromEntries(
      ['pilot.yaml', 'requests.jsonl', 'traces.jsonl'].map((name) => [name, readFileSync(join(made, name), 'utf8')]),
    )
    const cwd = temporaryFolder(files)
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    await pilot(cwd, ['ingest', '--as', 'requests', 'requests.jsonl'])
    const { change, runs: sides, metrics } = await compared(cwd, release)
    expect(change).toEqual({ kind: 'release', version: release, timeMs: first, how: 'seen first' })
    expect(sides).toEqual({ before: within(-86_400_000, 0), after: within(0, 86_400_000) })
    expect(metrics.filter(({ verdict }: ComparedMetric) => verdict === 'regressed')).toEqual([])
    await pilot(cwd, ['eval', 'run'])
    const checked = (await compared(cwd, release)).metrics.find(({ id }: ComparedMetric) => id === 'answers/cites')
    expect(checked).toMatchObject({
      ...{ unit: 'share', before: { x: sides.before, n: sides.before }, after: { x: sides.after, n: sides.after } },
    })
  })

  it('a release that takes 400 ms longer is found, and about by that', async () => {
    const folder = temporaryFolder()
    await pilot(folder, ['demo', 'made'])
    const made = join(folder, 'made')
    const slowed = (linesOf(made, 'traces.jsonl') as Line[]).map((line) => {
      const root = rootOf(line)
      if (isNew(line)) root.endTimeUnixNano = String(BigInt(root.endTimeUnixNano) + 400_000_000n)
      return line
    })
    const files = Object.fromEntries(
      ['pilot.yaml', 'requests.jsonl'].map((name) => [name, readFileSync(join(made, name), 'utf8')]),
    )
    const cwd = temporaryFolder(files)
    writeFileSync(join(cwd, 'traces.jsonl'), jsonLines(slowed))
    await pilot(cwd, ['ingest', 'traces.jsonl'])
    await pilot(cwd, ['ingest', '--as', 'requests', 'requests.jsonl'])
    const { metrics } = await compared(cwd, release, '--window', '48h')
    const latency = metrics.find(({ id }: ComparedMetric) => id === 'latency')
    expect(latency.verdict).toBe('regressed')
    expect(latency.interval.low).toBeLessThan(400)
    expect(latency.interval.high).toBeGreaterThan(400)
    expect((await pilot(cwd, ['releases', release, '--window', '48h'])).code).toBe(1)
  })
})
