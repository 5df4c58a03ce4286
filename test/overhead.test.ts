import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Chalk } from 'chalk'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { OverheadResult, PairedFigure } from '../src/core/probes/overhead.js'
import { figureKinds } from '../src/core/probes/overhead-figures.js'
import { judge } from '../src/core/verdict.js'
import { measureOverhead } from '../src/criteria/overhead.js'
import { startSink } from '../src/probes/overhead-traffic.js'
import { formatOverhead } from '../src/reports/probe-overhead.js'
import { readProbeRuns } from '../src/store/probes.js'
import { pilot } from './pilot.js'
import { json, project, stored } from './project.js'
import { tableOf } from './readme.js'

const workload = (name: string) => JSON.stringify(fileURLToPath(new URL(`workloads/${name}.js`, import.meta.url)))
const node = JSON.stringify(process.execPath)
const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))

/** A pilot whose application is one of test/workloads, with what stands in its environments, and more settings. */
const probing = (name: string, { off = '', on = '', more = '' } = {}) =>
  project(
    {},
    `  - { id: overhead, target: '<= 10000 ms' }
probes:
  overhead:
    off: { command: [${node}, ${workload(name)}], env: { ${off} } }
    on: { env: { ${on} } }
    ${more.trim().replaceAll('; ', '\n    ')}
`,
  )

const small = 'requests: 20; warmup: 2; pairs: 2; concurrency: [2]'

const kept = (cwd: string) => stored(cwd, (db) => readProbeRuns<OverheadResult>(db, 'overhead'))

interface FigureJson {
  figure: string
  n: number
  off: number | null
  on: number | null
  added: number | null
  interval: { low: number; high: number } | null
  reason: string | null
}

const figuresIn = (level: { figures: FigureJson[] }) => new Map(level.figures.map((each) => [each.figure, each]))

describe('pilot probe overhead', () => {
  it('of a workload that states its requests measures every figure, or says why not', async () => {
    const cwd = probing('overhead-lines', {
      off: "STATE_MS: '12', EXIT_MS: '300'",
      on: "STATE_MS: '12.5', EXPORT_TO: '{endpoint}/v1/traces', PLANT_MB: '60', EXIT_MS: '700', COMPLAIN: '1'",
      more: small,
    })
    const probe = await json(cwd, 'probe', 'overhead')
    expect(probe).toMatchObject({
      ...{ schemaVersion: 1, platform: 'lantern', verdict: 'met', budget: '<= 10000 ms', n: 2, samples: 'lines' },
      ...{ traffic: 'sink', doubts: [], differs: [], reason: null, levels: [{ concurrency: 2 }] },
      settings: { requests: 20, warmup: 2, pairs: 2, concurrency: [2], seed: 1 },
    })
    const figures = figuresIn(probe.levels[0])
    expect([...figures.keys()]).toHaveLength(12)
    for (const name of ['p50', 'p95', 'cpu', 'memory', 'exit', 'throughput'])
      expect(figures.get(name)).toMatchObject({ n: 2, reason: null, interval: { low: expect.any(Number) } })
    expect(figures.get('p95')).toMatchObject({ off: 12, on: 12.5, added: 0.5, interval: { low: 0.5, high: 0.5 } })
    // What was planted, with bounds that a busy machine keeps.
    expect(figures.get('memory')!.added).toBeGreaterThan(30e6)
    expect(figures.get('exit')!.added).toBeGreaterThan(100)
    // 22 requests of more than 1,000 bytes each, those for warm-up included; none without instrumentation.
    expect(figures.get('sent-requests')).toMatchObject({ off: 0, on: 22, added: 22, interval: { low: 22, high: 22 } })
    expect(figures.get('sent-bytes')!.on).toBeGreaterThan(22_000)
    expect(figures.get('sent-bytes')!.off).toBe(0)
    expect(figures.get('error-lines')).toMatchObject({ off: 0, on: 22 })
    expect(figures.get('failed')).toMatchObject({ off: 0, on: 0 })
    expect(figures.get('p99')).toMatchObject({ n: 0, added: null, reason: 'a run needs 100 requests that succeed' })
    expect(figures.get('event-loop')).toMatchObject({ n: 0, off: null, added: null, interval: null })
    expect(probe.runs.map(({ part, pair }: { part: string; pair: number }) => `${part} ${pair}`)).toEqual(
      ['check 1', 'check 2', 'check 3', 'pairs 1', 'pairs 2'].flatMap((place) => [place, place]),
    )
    expect(kept(cwd)).toMatchObject([{ id: probe.id, platform: 'lantern', result: { traffic: 'sink' } }])
  })

  it('says on the screen what was measured, and the scorecard goes by it', async () => {
    const cwd = probing('overhead-lines', {
      off: "STATE_MS: '12', LOOP_MS: '1'",
      on: "STATE_MS: '15', LOOP_MS: '3'",
      more: small,
    })
    const { code, out, err } = await pilot(cwd, ['probe', 'overhead', '--pairs', '3'])
    expect([code, err]).toEqual([0, 'Next: pilot scorecard\n'])
    expect(out).toMatch(
      /^Overhead of lantern\n {2}- met: p95 \+3 ms \(n 3 pairs, 95 % CI 3 to 3 ms\); budget <= 10000 ms\n/,
    )
    expect(out).toContain('  - run with pairs 3; pilot.yaml has 2\n')
    expect(out).toMatch(/^event-loop delay p95 +1 ms +3 ms +\+2 ms +2 to 2 ms +0\.25 +3$/m)
    expect(out).toMatch(/ {2}- bytes sent per run: not measured, the traffic does not go to \{endpoint\}\n/)
    expect(out).toMatch(/ {2}- off against off, p50 0 ms \(n 3, 95 % CI 0 to 0 ms\), p95 0 ms .+\n/)
    const scorecard = await pilot(cwd, ['scorecard'])
    expect(scorecard.out).toMatch(/^ {2}Added latency \(p95\) +met +3 ms +3 +3 to 3 ms +<= 10000 ms/m)
  })

  it('gives no verdict without a criterion, and exits 1 where the budget is exceeded', async () => {
    const cwd = probing('overhead-lines', { off: "STATE_MS: '12'", on: "STATE_MS: '15'", more: small })
    const text = readFileSync(`${cwd}/pilot.yaml`, 'utf8')
    writeFileSync(`${cwd}/none.yaml`, text.replace(/ {2}- \{ id: overhead.+\n/, ''))
    writeFileSync(`${cwd}/tight.yaml`, text.replace('10000 ms', '2.9 ms'))
    const none = await pilot(cwd, ['probe', 'overhead', '--config', 'none.yaml'])
    expect(none.code).toBe(0)
    expect(none.out).toContain('(n 2 pairs, 95 % CI 3 to 3 ms); pilot.yaml has no criterion overhead')
    const tight = await pilot(cwd, ['probe', 'overhead', '--config', 'tight.yaml'])
    expect(tight.out).toContain('  - missed: p95 +3 ms (n 2 pairs, 95 % CI 3 to 3 ms); budget <= 2.9 ms\n')
    expect(tight.code).toBe(1)
  })

  it('counts requests that the workload says failed, and draws no verdict from what is left', async () => {
    const cwd = probing('overhead-lines', { off: "STATE_MS: '12'", on: "STATE_MS: '12', FAIL_EVERY: '4'", more: small })
    const probe = await json(cwd, 'probe', 'overhead')
    // 22 requests from 0, two for warm-up: 4, 8, 12, 16, 20 fail, and 15 are too few for a p95.
    expect(figuresIn(probe.levels[0]).get('failed')).toMatchObject({ off: 0, on: 5 })
    expect(probe).toMatchObject({ verdict: 'not measured', reason: 'p95: a run needs 20 requests that succeed.' })
    expect(probe.doubts).toEqual([
      '10 of 40 requests failed with instrumentation on at concurrency 2; latency is of the others alone',
    ])
  })

  it('measures a program as one request, without lines', async () => {
    const more = 'samples: process; requests: 4; warmup: 1; pairs: 2; concurrency: [4]'
    const cwd = probing('overhead-lines', { more })
    const probe = await json(cwd, 'probe', 'overhead')
    const figures = figuresIn(probe.levels[0])
    expect(figures.get('p50')).toMatchObject({ n: 2, reason: null })
    expect(figures.get('exit')).toMatchObject({ n: 0, reason: 'where a process is a request, its exit is part of it' })
    expect(figures.get('throughput')!.off).toBeGreaterThan(0)
  })

  it('starts a server, calls it, and ends it', async () => {
    const port = await freePort()
    const server = `requests: 30; warmup: 3; pairs: 2; concurrency: [2]; url: http://127.0.0.1:${port}/chat; body: '{}'`
    const cwd = probing('overhead-server', {
      off: `PORT: '${port}'`,
      on: `PORT: '${port}', EXIT_MS: '400'`,
      more: server,
    })
    const probe = await json(cwd, 'probe', 'overhead')
    expect(probe).toMatchObject({ samples: 'http', traffic: 'own', n: 2 })
    const figures = figuresIn(probe.levels[0])
    expect(figures.get('exit')!.added).toBeGreaterThan(100)
    expect(figures.get('failed')).toMatchObject({ off: 0, on: 0 })
    expect(figures.get('memory')!.off).toBeGreaterThan(10e6)
    expect(figures.get('sent-bytes')).toMatchObject({ n: 0, off: null })
  })

  it('does not measure what listens there already, nor what never gets ready', async () => {
    const port = await freePort()
    const settings = (more: string) => ({
      off: `PORT: '${port}'`,
      on: `PORT: '${port}'`,
      more: `url: http://localhost:${port}/; ${more}`,
    })
    const cwd = probing('overhead-server', settings(`ready: { url: http://localhost:${port}/down, within: 700ms }`))
    expect(await pilot(cwd, ['probe', 'overhead'])).toMatchObject({
      code: 3,
      out: '',
      err: `error probes.overhead.off: the application was not ready at http://localhost:${port}/down within 0.7 s.\nprobes.overhead.ready says where to look and how long to wait.\n`,
    })
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const taken = await pilot(probing('overhead-server', settings('')), ['probe', 'overhead'])
    expect([taken.code, taken.err.split('\n')[0]]).toEqual([
      2,
      `error Something listens at localhost:${port} already, and would be measured instead.`,
    ])
  })
})

describe('what is shown of a probe', () => {
  const settings = { requests: 100, warmup: 10, pairs: 15, concurrency: [1], seed: 1 }
  const failed = { off: { x: 0, n: 1500 }, on: { x: 0, n: 1500 } }

  /** The first lines, of a p95 with this interval against a budget of 50 ms. */
  function firstLines(low: number, high: number, checkP: number): string[] {
    const added = { mean: (low + high) / 2, low, high, p: 0.5, tP: 0.5 }
    const check: PairedFigure[] = [{ figure: 'p95', n: 8, off: 10, on: 12, added: { ...added, mean: 2, tP: checkP } }]
    const figures: PairedFigure[] = [{ figure: 'p95', n: 15, off: 10, on: 30, added }]
    const level = { concurrency: 1, check, figures, failed, outliers: [], slowFirst: [] }
    const result = { settings, declared: settings, machine: { cores: 2, load: 0 }, levels: [level], runs: [] }
    const run = { id: 1, probe: 'overhead', platform: 'lantern', startedMs: 0, endedMs: 1 } as const
    const measured = { ...run, result: { ...result, way: 'lines', traffic: 'own' } } as const
    const measurement = measureOverhead('lantern', measured)
    const target = { comparison: '<=', value: 50 } as const
    const options = { width: 400, color: new Chalk({ level: 0 }) }
    const shown = { run: measured, measurement, target, judgement: judge(measurement, target, 0) }
    return formatOverhead(shown, options).split('\n').slice(1, 5)
  }

  it('is what would settle it, where it is not settled', () => {
    expect(firstLines(45, 53, 0.5)[0]).toMatch(
      /^ {2}- inconclusive: p95 \+49 ms \(n 15 pairs, 95 % CI 45 to 53 ms\); budget <= 50 ms; 2\d\d pairs would settle it/,
    )
    expect(firstLines(-30, 40, 0.5)[0]).toContain('; the interval is wider than the budget; ')
    expect(firstLines(45, 55, 0.5)[0]).toContain('; it lies so near the budget that no number of pairs settles it')
  })

  it('is the doubt, where off against off differ', () => {
    const [verdict, , , doubt] = firstLines(1, 2, 0.01)
    expect(verdict).toBe('  - inconclusive: p95 +1.5 ms (n 15 pairs, 95 % CI 1 to 2 ms); budget <= 50 ms')
    expect(doubt).toMatch(/^ {2}- doubt: off against off differ by 2 ms in p95 at concurrency 1, so that/)
  })
})

describe('an application that does not do what it was to do', () => {
  const failing = (body: string, more = '') =>
    project(
      {},
      `probes:
  overhead:
    off: { command: [${node}, -e, ${JSON.stringify(body)}] }
    on: { env: { TRACING: 'on' } }
    ${more}
`,
    )

  it.each<[string, string, string, string]>([
    [
      'exits with an error',
      "console.error('no\\u001b[2Jkey'); process.exit(4)",
      '',
      'ended with exit code 4: no?[2Jkey',
    ],
    ['throws', "throw new TypeError('no url')", '', 'ended with exit code 1: TypeError: no url'],
    ['is killed', "process.kill(process.pid, 'SIGKILL')", '', 'ended with a signal'],
    ['states too few requests', 'console.log(\'{"ms":1}\')', '', 'stated 1 requests of 110'],
    ['hangs', 'setInterval(() => {}, 1000)', 'timeout: 500ms', 'was still running after 0.5 s'],
  ])('and %s leaves nothing kept', async (_, body, more, reason) => {
    const cwd = failing(body, more)
    const { code, out, err } = await pilot(cwd, ['probe', 'overhead'])
    expect([code, out, err.split('\n')[0]]).toEqual([3, '', `error probes.overhead.off: the application ${reason}.`])
    expect(kept(cwd)).toEqual([])
  })

  it('because there is no such program is named', async () => {
    const cwd = project({}, 'probes:\n  overhead: { off: { command: [no-such-program] }, on: {} }\n')
    const { code, err } = await pilot(cwd, ['probe', 'overhead'])
    expect([code, err.split('\n')[0]]).toEqual([3, 'error probes.overhead.off: the application did not start: ENOENT.'])
  })

  it('has no say when the probe is interrupted: nothing is kept and nothing is left running', async () => {
    const cwd = failing(`console.log(process.pid); setInterval(() => {}, 1000)`)
    const child = spawn(process.execPath, [bin, 'probe', 'overhead'], { cwd, stdio: 'ignore' })
    const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)))
    const children = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim()
    await expect.poll(children, { timeout: 20_000 }).toMatch(/^\d+$/)
    const application = children()
    child.kill('SIGINT')
    expect(await ended).toBe('SIGINT')
    // What nobody waits for stays as a zombie.
    await expect.poll(() => stateOf(application)).toMatch(/^(?:gone|Z)$/)
    expect(kept(cwd)).toEqual([])
  })
})

function stateOf(pid: string): string | undefined {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  } catch {
    return 'gone'
  }
}

describe('pilot.yaml and the command line', () => {
  it('without probes.overhead is told to write it', async () => {
    expect(await pilot(project({}), ['probe', 'overhead'])).toEqual({
      code: 2,
      out: '',
      err: 'error pilot.yaml does not say how the application is started without and with instrumentation.\nWrite it under probes.overhead; pilot.yaml.example shows how.\n',
    })
  })

  it.each([
    ['url: https://example.com/', 'expected an http address on this machine'],
    ['url: http://127.0.0.1.example.com/', 'expected an http address on this machine'],
    ['samples: http', 'calls an endpoint, but there is no url'],
    ['samples: lines; url: http://[::1]:80/', 'does not call the url'],
    ["body: '{}'", 'is posted to a url, and there is none'],
    ['concurrency: [1, 8, 1]', 'stands there already'],
    ['pairs: 1', 'pairs'],
    ['pears: 2', 'did you mean "pairs"'],
  ])('says what is wrong with %s', async (more, fault) => {
    const { code, err } = await pilot(probing('overhead-lines', { more }), ['probe', 'overhead', '--history'])
    expect(code).toBe(2)
    expect(err).toContain(fault)
  })

  it.each(['0', '-1', 'two', '1.5'])('refuses %s pairs', async (pairs) => {
    expect((await pilot(project({}), ['probe', 'overhead', '--pairs', pairs])).code).toBe(2)
  })

  it('says what the last run leaves open, and lists every run', async () => {
    const cwd = probing('overhead-lines', { more: 'requests: 20; warmup: 0; pairs: 2; concurrency: [1, 3]' })
    const none = await pilot(cwd, ['probe', 'overhead', '--history'])
    expect(none).toMatchObject({ code: 0, err: 'Next: pilot probe overhead\n' })
    expect(none.out).toContain('None yet: pilot probe overhead runs one.')
    expect(await json(cwd, 'probe', 'overhead', '--history')).toEqual({ schemaVersion: 1, runs: [] })
    await pilot(cwd, ['probe', 'overhead', '--concurrency', '1'])
    const { runs } = await json(cwd, 'probe', 'overhead', '--history')
    expect(runs).toMatchObject([
      {
        ...{ verdict: 'not measured', addedP95Ms: null, interval: null },
        reason: 'The last probe had concurrency 1; pilot.yaml has 1, 3, and the largest decides.',
        differs: ['run with concurrency 1; pilot.yaml has 1,3'],
      },
    ])
    const { code, err } = await pilot(cwd, ['probe', 'overhead', '--history', '--platform', 'lantrn'])
    expect([code, err]).toEqual([
      2,
      'error pilot.yaml names no platform lantrn.\nDid you mean lantern? It names lantern.\n',
    ])
  })

  it('keeps its verdict where a trial with other settings comes after it, and locks the criteria', async () => {
    const cwd = probing('overhead-lines', { more: small })
    const evidence = async () => {
      const { out } = await pilot(cwd, ['scorecard', '--explain', 'overhead'])
      return /probe \d+: \d+ pairs/.exec(out)?.[0]
    }
    await pilot(cwd, ['probe', 'overhead'])
    expect(readFileSync(`${cwd}/pilot.lock`, 'utf8')).toContain('- id: overhead')
    expect(await evidence()).toBe('probe 1: 2 pairs')
    await pilot(cwd, ['probe', 'overhead', '--pairs', '3'])
    expect(await evidence()).toBe('probe 1: 2 pairs')
    await pilot(cwd, ['probe', 'overhead'])
    expect(await evidence()).toBe('probe 3: 2 pairs')
  })

  it('is locked with how much is run, and only where the probe is stated', async () => {
    const stating = probing('overhead-lines', { more: small })
    await pilot(stating, ['lock'])
    expect(readFileSync(`${stating}/pilot.lock`, 'utf8')).toContain(
      '  overhead:\n    pairs: 2\n    requests: 20\n    concurrency:\n      - 2\n',
    )
    const silent = project({})
    await pilot(silent, ['lock'])
    expect(readFileSync(`${silent}/pilot.lock`, 'utf8')).not.toContain('overhead')
  })
})

describe('the sink', () => {
  it('answers 200 on loopback to everything, counts it, and ends with whoever started it', async () => {
    const sink = await startSink()
    expect(sink.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await sink.count()).toEqual({ requests: 0, bytes: 0 })
    const post = (body: string, type: string) =>
      fetch(`${sink.endpoint}/any/path`, { method: 'POST', body, headers: { 'content-type': type } })
    expect(await (await post('{"a":1}', 'application/json')).json()).toEqual({})
    const protobuf = await post('x'.repeat(10_000), 'application/x-protobuf')
    expect([protobuf.status, await protobuf.text()]).toEqual([200, ''])
    const { requests, bytes } = await sink.count()
    expect(requests).toBe(2)
    expect(bytes).toBeGreaterThan(10_007)
    expect(bytes).toBeLessThan(12_000)
    sink.stop()
    await expect.poll(() => post('', 'text/plain').catch(() => 'gone')).toBe('gone')
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  await new Promise((resolve) => server.close(resolve))
  return port
}

it('README.md names every figure', () => {
  const named = tableOf('figure', 'what it is').map((line) => line.split(' | ')[0]!.slice(2))
  expect(named).toEqual(figureKinds.map(({ title }) => title))
})
