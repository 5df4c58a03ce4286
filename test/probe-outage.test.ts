import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Cause } from '../src/core/probes/outage-verdict.js'
import { pilot } from './pilot.js'
import { json, project } from './project.js'

const workloads = fileURLToPath(new URL('workloads', import.meta.url))
const program = (name: string, ...args: string[]) => JSON.stringify([process.execPath, join(workloads, name), ...args])

/** A pilot with such a probe. The budget of a request is wide: this machine does other work too. */
const probing = (settings: string) =>
  project(
    {},
    `probes:
  outage:
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: "{endpoint}", LANGFUSE_BASEURL: "{endpoint}", PLATFORM_URL: "{endpoint}" }
${settings.includes('latency_budget') ? '' : '    latency_budget: 120ms\n'}${settings.trim().replaceAll(/^ */gm, '    ')}
`,
  )

async function probe(cwd: string, ...faults: string[]) {
  const ran = await pilot(cwd, ['probe', 'outage', ...faults.flatMap((fault) => ['--fault', fault]), '--json'])
  if (ran.out === '') throw new Error(ran.err)
  const document = JSON.parse(ran.out)
  const of = (name: string) => document.faults.find((each: { fault: string }) => each.fault === name)
  return { ...ran, document, of }
}

/** What the scorecard says of it. */
async function measured(cwd: string) {
  const { lines } = await json(cwd, 'scorecard')
  const rows = lines.flatMap((line: { rows: { id: string; cells: { measurement: object }[] }[] }) => line.rows)
  return rows.find(({ id }: { id: string }) => id === 'outage-fail-open').cells[0].measurement
}

const app = (how: string, more = '') =>
  probing(`
  command: ${program('outage-app.js', how, '{requests}')}
  requests: 10
  timeout: 5s
  ${more}`)

describe('an application that drops what it cannot send', () => {
  it('fails open, and every record is accounted for', async () => {
    const cwd = app('good', 'faults: [refused, hang, "503", garbage, half, recovery]')
    const { code, document, of } = await probe(cwd)
    expect(document).toMatchObject({ complete: true, stopped: null, asWanted: true, requestsUnlikeExpectation: 0 })
    expect(code).toBe(0)
    for (const { requests, exit, account } of document.faults) {
      expect(requests).toMatchObject({ verdict: 'fail-open', n: 10, answered: 10, failed: 0, changed: 0, causes: [] })
      expect(exit).toMatchObject({ verdict: 'in time', code: 0 })
      expect(account).toMatchObject({ expected: 10, dropped: 0, unexplained: 0, twice: 0 })
    }
    expect(of('refused').account).toMatchObject({ delivered: 0, unreachable: 10 })
    expect(of('hang').account).toMatchObject({ delivered: 0, refused: 10 })
    expect(of('half').account).toMatchObject({ delivered: 10, traces: { expected: 10, delivered: 10 } })
    const { account, received } = of('recovery')
    expect(account.delivered + account.refused).toBe(10)
    expect(received).toMatchObject({ isBack: true, recovered: 0 })
    expect(document.control.sampling).toMatchObject({ requests: 10, traces: 10, share: 1 })
    expect(await measured(cwd)).toMatchObject({ measured: true, value: 0, n: 60 })
  })

  it('is measured on part of the matrix as incomplete, which the scorecard does not take for a pass', async () => {
    const cwd = app('good')
    const { document } = await probe(cwd, '503')
    expect(document).toMatchObject({
      complete: false,
      stopped: 'only the faults that were named',
      faults: [{ fault: '503' }],
    })
    expect(await measured(cwd)).toMatchObject({
      ...{
        measured: false,
        reason: 'The outage matrix is incomplete: 1 of 17 faults were walked.',
        next: 'pilot probe outage',
      },
    })
    const last = await pilot(cwd, ['probe', 'outage', '--last', '--json'])
    expect(JSON.parse(last.out)).toEqual(document)
  })
})

describe('an application that fails closed is found, with the reason', () => {
  const cases: [how: string, fault: string, causes: Cause[], exit: string][] = [
    ['throws', '503', ['crashed'], 'wrong code'],
    ['awaits', 'hang', ['waits'], 'in time'],
    ['clings', '503', [], 'never'],
    ['quits', '503', ['ended early'], 'wrong code'],
    ['fails', '503', ['failed'], 'in time'],
  ]
  it.each(cases)('%s under %s', async (how, fault, causes, exit) => {
    const { code, of } = await probe(app(how), fault)
    expect(code).toBe(1)
    expect(of(fault).requests).toMatchObject({ verdict: causes.length === 0 ? 'fail-open' : 'fail-closed', causes })
    expect(of(fault).exit.verdict).toBe(exit)
  })

  it('by its memory', async () => {
    const { code, of } = await probe(app('hoards', 'memory_budget_mb: 50'), '503')
    expect(code).toBe(1)
    expect(of('503').memory.verdict).toBe('grows')
    expect(of('503').memory.addedBytes).toBeGreaterThan(60e6)
  })

  it('and says so to whoever reads, at the end of the table', async () => {
    const { out, err } = await pilot(app('quits'), ['probe', 'outage', '--fault', '503'])
    expect(out).toMatch(/503 \(answers 503 Service Unavailable\): the application ended itself with exit code 7/)
    expect(out).toMatch(/requests: fail-open under 0 of 1 faults, not under 503; \d+ requests lost, wrong or late/)
    expect(err).toBe('Run 1, incomplete. Next: pilot scorecard\n')
  })

  it('and is right where that is what is expected', async () => {
    const { code, document } = await probe(app('fails', 'expect: closed'), '503', 'half')
    expect(document).toMatchObject({ asWanted: true, requestsUnlikeExpectation: 0 })
    expect(code).toBe(0)
  })
})

describe('real clients', () => {
  it('OpenTelemetry with its defaults fails open, and ends 7 to 10 s later', async () => {
    const cwd = probing(`
      command: ${program('outage-otel.js', 'batch', '{requests}')}
      requests: 10
      faults: ["503", slow]`)
    const { code, of } = await probe(cwd)
    expect(code).toBe(1)
    expect(of('503').requests.verdict).toBe('fail-open')
    expect(of('503').exit.verdict).toBe('late')
    expect(of('503').exit.addedMs).toBeGreaterThan(4000)
    expect(of('503').exit.addedMs).toBeLessThan(12_000)
    expect(of('503').account).toMatchObject({ expected: 10, refused: 10, unexplained: 0 })
    expect(of('slow')).toMatchObject({ requests: { verdict: 'fail-open' }, account: { delivered: 10, unexplained: 0 } })
    const { out } = await pilot(cwd, ['probe', 'outage', '--last'])
    expect(out).toMatch(/exit: within 2\.00 s under 1 of 2 faults, not under 503 \(\+\d+\.\d\d s\)/)
    expect(out).toContain('requests: fail-open under 2 of 2 faults')
  })

  it('OpenTelemetry delivers after an outage what it was refused', async () => {
    const cwd = probing(`
      command: ${program('outage-otel.js', 'batch', '{requests}')}
      requests: 10
      recover_after: 500ms`)
    const { of } = await probe(cwd, 'recovery')
    expect(of('recovery').received).toMatchObject({ records: 10, recovered: 10, twice: 0, isBack: true })
  })

  it('OpenTelemetry that exports before each answer fails closed, by about its timeout', async () => {
    const cwd = probing(`
      command: ${program('outage-otel.js', 'blocking', '{requests}')}
      requests: 2`)
    const { code, of } = await probe(cwd, '503')
    expect(code).toBe(1)
    expect(of('503').requests).toMatchObject({ verdict: 'fail-closed', causes: ['waits'], answered: 2, late: 2 })
    const { n, p50 } = of('503').addedMs
    expect({ n, isSeconds: p50.value > 3000 }).toEqual({ n: 2, isSeconds: true })
  })

  it('Langfuse fails open, sends again what it was refused, and ends late', async () => {
    const cwd = probing(`
      command: ${program('outage-langfuse.js', '{requests}')}
      requests: 5`)
    const { document, of } = await probe(cwd, 'recovery')
    expect(document.control.received).toMatchObject({ traces: 5, records: 15 })
    expect(of('recovery').requests.verdict).toBe('fail-open')
    expect(of('recovery').account).toMatchObject({ expected: 15, delivered: 15, unexplained: 0 })
    expect(of('recovery').received.recovered).toBe(15)
  })
})

describe('an application that pilot calls', () => {
  const called = async (how: string) => {
    const port = await freePort()
    return probing(`
      command: ${program('outage-server.js', String(port), how)}
      url: http://127.0.0.1:${port}/chat
      body: question
      ready: up and running
      requests: 5
      timeout: 10s
      exit_budget: 1s`)
  }

  it('is judged by its answers and by how it ends when it is told to', async () => {
    const { code, document, of } = await probe(await called('sends'), '503', 'hang')
    expect(document.control).toMatchObject({ kind: 'http', requests: 5, exitCode: 0, hasSameAnswers: true })
    expect(of('503').requests).toMatchObject({ verdict: 'fail-open', answered: 5 })
    expect(of('hang')).toMatchObject({
      requests: { verdict: 'fail-open', answered: 5 },
      exit: { verdict: 'in time', code: 0 },
    })
    expect(of('hang').exit.delayMs).toBeGreaterThan(100)
    expect(code).toBe(0)
  })

  it('fails closed where it answers with an error', async () => {
    const { of } = await probe(await called('waits'), 'refused')
    expect(of('refused').requests).toMatchObject({ verdict: 'fail-closed', causes: ['failed'], failed: 5 })
  })

  it('is not started beside another one', async () => {
    const cwd = await called('sends')
    const server = createServer().listen(
      Number(/:(\d+)\/chat/.exec(readFileSync(join(cwd, 'pilot.yaml'), 'utf8'))?.[1]),
      '127.0.0.1',
    )
    await once(server, 'listening')
    const { code, err } = await pilot(cwd, ['probe', 'outage'])
    server.close()
    expect(code).toBe(2)
    expect(err).toMatch(/^error Something listens at 127\.0\.0\.1:\d+ already\.\n/)
  })
})

it('an application that tells no requests is one request, and its time is a matter of its exit', async () => {
  const cwd = probing(`
    command: ${program('outage-app.js', 'silent', '5')}
    timeout: 10s`)
  const { document, of } = await probe(cwd, '503')
  expect(document.control).toMatchObject({ kind: 'process', requests: 1, exitDelayMs: null })
  expect(of('503')).toMatchObject({
    requests: { verdict: 'fail-open', n: 1, answered: 1 },
    addedMs: { n: 0, p50: null },
    exit: { verdict: 'in time', delayMs: null },
    account: { expected: 5, refused: 5 },
  })
})

it('sampling at volume is told as a share with its interval', async () => {
  const cwd = app('samples', 'volume: 40')
  const { document } = await probe(cwd, '503')
  // Every fourth request has a trace: 10 of 40, whose Wilson interval is 0.1419 to 0.4019.
  expect(document.volume).toMatchObject({ requests: 40, traces: 10, share: 0.25 })
  expect(document.volume.interval[0]).toBeCloseTo(0.1419, 4)
  expect(document.volume.interval[1]).toBeCloseTo(0.4019, 4)
})

it('what is interrupted is kept as incomplete, and nothing of it is left running', async () => {
  const mark = `interrupted-${process.pid}`
  // Under each of these faults it is there until the limit.
  const cwd = probing(`
    command: ${program('outage-app.js', 'clings', '5', mark)}
    requests: 5
    timeout: 6s
    faults: ["503", hang, "500"]`)
  const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))
  const child = spawn(process.execPath, [bin, 'probe', 'outage'], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  child.stdout.on('data', (piece) => {
    out += piece
  })
  setTimeout(() => child.kill('SIGINT'), 7000)
  const [code] = await once(child, 'close')
  expect(code).toBe(130)
  expect(out).toMatch(/incomplete \(interrupted\): [0-2] of 3 faults/)
  expect(await measured(cwd)).toMatchObject({ measured: false, next: 'pilot probe outage' })
  expect(execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })).not.toContain(mark)
})

it('what it is held to is locked', async () => {
  const cwd = app('good')
  await pilot(cwd, ['lock'])
  const path = join(cwd, 'pilot.yaml')
  writeFileSync(path, readFileSync(path, 'utf8').replace('timeout: 5s', 'exit_budget: 90s'))
  const { out } = await pilot(cwd, ['lock'])
  expect(out).toContain('probes.outage.exit_budget: was 2s, now 90s (no reason recorded)')
})

describe('a probe that cannot be run says why', () => {
  const good = `command: ${program('outage-app.js', 'good', '5')}`
  const run = async (cwd: string, ...more: string[]) => {
    const { code, err } = await pilot(cwd, ['probe', 'outage', ...more])
    return { code, first: err.split('\n')[0] }
  }

  it.each<[string, string, string[], string]>([
    ['a fault that there is none of', good, ['--fault', '530'], 'error There is no fault 530 to walk.'],
    ['a program that is not there', 'command: [no-such-program]', [], 'error Cannot start no-such-program: ENOENT.'],
    [
      'no traces',
      `command: ${program('outage-app.js', 'silent', '0')}`,
      [],
      'error Without a fault the application is no measure: nothing was sent to the endpoint, so that no fault would be met.',
    ],
    ['--last with --fault', good, ['--last', '--fault', '503'], 'error --last runs nothing: no --fault beside it.'],
    ['--last before the first run', good, ['--last'], 'error The outage of lantern was never probed.'],
  ])('%s', async (_, settings, argv, first) => {
    expect(await run(probing(settings), ...argv)).toEqual({ code: 2, first })
  })

  it('a pilot.yaml without it, or with what does not fit', async () => {
    expect(await run(project({}))).toEqual({ code: 2, first: 'error pilot.yaml has no probes.outage.' })
    for (const [wrong, said] of [
      ['faults: [hung]', 'faults.0: '],
      ['faults: [hang, hang]', 'stands there already'],
      ['latency_budget: soon', 'expected a budget such as 10ms'],
      ['url: http://example.com', 'expected an http address on this machine'],
      ['body: x', 'is posted to a url, and there is none'],
      ['ready: x', 'says when the url can be called, and there is none'],
    ])
      expect((await pilot(probing(`command: [a]\n${wrong}`), ['probe', 'outage'])).err).toContain(said)
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  server.close()
  return port
}
