import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { pilot, temporaryFolder } from './pilot.js'
import { project, stored } from './project.js'
import { bodyOf, idOf, receiver, send, spansFrom } from './receiver.js'
import { randomOf, seeded } from './seed.js'

const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

interface Started {
  child: ChildProcess
  url: string
  /** Exit code or signal, and what was printed. */
  ended: Promise<{ end: number | NodeJS.Signals | null; out: string; err: string }>
}

/** Another process that says an address on loopback once it listens there. */
async function start(command: string, argv: readonly string[], cwd: string): Promise<Started> {
  const child = spawn(command, argv, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let [out, err] = ['', '']
  child.stdout.on('data', (bytes) => {
    out += bytes
  })
  const url = new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (bytes) => {
      err += bytes
      const [found] = /http:\/\/127\.0\.0\.1:\d+/.exec(err) ?? []
      if (found !== undefined) resolve(found)
    })
    child.on('close', () => reject(new Error(err)))
  })
  const ended = new Promise<Awaited<Started['ended']>>((resolve) =>
    child.on('close', (code, signal) => resolve({ end: code ?? signal, out, err })),
  )
  return { child, url: await url, ended }
}

const startReceiver = (cwd: string, ...argv: string[]) =>
  start(process.execPath, [bin, 'receive', '--port', '0', ...argv], cwd)

/**
 * Clients that send batches of ten spans until the server is gone, numbered so that none is sent twice: which spans were answered
 * with 200, and how many batches with what else.
 */
function load(url: string, { clients, first }: { clients: number; first: number }) {
  const acknowledged: string[] = []
  const refused = new Map<number, number>()
  let next = first
  let isOver = false
  async function work(): Promise<void> {
    while (!isOver) {
      const from = next
      next += 10
      const got = await send(url, { body: bodyOf(spansFrom(from, 10)) }).catch(() => undefined)
      if (got === undefined) return
      if (got.status !== 200) refused.set(got.status, (refused.get(got.status) ?? 0) + 1)
      else for (let index = 0; index < 10; index++) acknowledged.push(idOf(from + index, 8))
    }
  }
  const ended = Promise.all(Array.from({ length: clients }, work))
  return {
    acknowledged,
    refused,
    next: () => next,
    /** Waits until so many spans were answered for, or nobody answers any more. */
    async until(spans: number): Promise<void> {
      let isEnded = false
      void ended.then(() => {
        isEnded = true
      })
      while (acknowledged.length < spans && !isEnded) await pause(2)
    },
    end: () => {
      isOver = true
      return ended
    },
  }
}

/** Which of these spans a database does not have, and whether it is whole. */
function examine(path: string, acknowledged: readonly string[]): { lost: number; integrity: unknown } {
  const db = new Database(path)
  const ids = new Set(db.prepare('SELECT span_id FROM span').pluck().all() as string[])
  const integrity = db.pragma('integrity_check', { simple: true })
  db.close()
  return { lost: acknowledged.filter((id) => !ids.has(id)).length, integrity }
}

describe('a receiver that is killed', () => {
  const cycles = 25

  it(`has lost nothing that it had answered for, in ${cycles} cycles`, async () => {
    const random = randomOf(seeded('receive-kill'))
    const cwd = project({})
    const acknowledged: string[] = []
    let first = 1
    let midway = 0
    for (let cycle = 0; cycle < cycles; cycle++) {
      const { child, url, ended } = await startReceiver(cwd)
      const clients = load(url, { clients: 4, first })
      await clients.until(1 + random() * 400)
      await pause(random() * 20)
      child.kill('SIGKILL')
      expect((await ended).end).toBe('SIGKILL')
      await clients.end()
      if (clients.acknowledged.length > 0) midway += 1
      acknowledged.push(...clients.acknowledged)
      first = clients.next()
      expect(examine(join(cwd, '.pilot/pilot.db'), acknowledged), `cycle ${cycle}`).toEqual({
        lost: 0,
        integrity: 'ok',
      })
    }
    expect(midway).toBeGreaterThanOrEqual(0.8 * cycles)
  }, 240_000)

  it('would be caught by this check if it answered before it had stored', async () => {
    const folder = temporaryFolder()
    writeFileSync(
      join(folder, 'hasty.mjs'),
      `import { createServer } from 'node:http'
      import Database from ${JSON.stringify(import.meta.resolve('better-sqlite3'))}
      const db = new Database('hasty.db')
      db.exec('CREATE TABLE IF NOT EXISTS span (span_id TEXT)')
      const insert = db.prepare('INSERT INTO span VALUES (?)')
      const server = createServer(async (request, response) => {
        let text = ''
        for await (const piece of request) text += piece
        response.end()
        setTimeout(() => {
          for (const { spanId } of JSON.parse(text).resourceSpans[0].scopeSpans[0].spans) insert.run(spanId)
        }, 50)
      })
      server.listen(0, '127.0.0.1', () => console.error('http://127.0.0.1:' + server.address().port))`,
    )
    const { child, url, ended } = await start(process.execPath, ['hasty.mjs'], folder)
    const clients = load(url, { clients: 4, first: 1 })
    await clients.until(200)
    while (examine(join(folder, 'hasty.db'), clients.acknowledged).lost === clients.acknowledged.length) await pause(5)
    child.kill('SIGKILL')
    await ended
    await clients.end()
    const { lost } = examine(join(folder, 'hasty.db'), clients.acknowledged)
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThan(clients.acknowledged.length)
  })
})

describe('a receiver that is stopped under load', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s answers what it took, stores it, and is gone in five seconds',
    async (signal) => {
      const cwd = project({})
      const platform = createServer((request, response) => request.resume().on('end', () => response.end('{}')))
      await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void platform.close())
      const to = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`
      const { child, url, ended } = await startReceiver(cwd, '--forward', to)
      const clients = load(url, { clients: 8, first: 1 })
      await clients.until(500)
      const startedMs = performance.now()
      child.kill(signal)
      const { end, out } = await ended
      expect(performance.now() - startedMs).toBeLessThan(5000)
      expect(end).toBe(0)
      await clients.end()
      expect(clients.acknowledged.length).toBeGreaterThanOrEqual(500)
      expect([...clients.refused.keys()].filter((status) => status !== 503)).toEqual([])
      const database = join(cwd, '.pilot/pilot.db')
      expect(examine(database, clients.acknowledged)).toEqual({ lost: 0, integrity: 'ok' })
      const rows = stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get() as number)
      expect(out).toContain(`spans: ${rows.toLocaleString('en-US')} added, 0 updated, 0 unchanged`)
      expect(out).toContain(`  ${(rows / 10).toLocaleString('en-US')} requests taken`)
      const [, ...forwarded] = /forwarded ([\d,]+) requests to \S+, ([\d,]+) failed, ([\d,]+) pending/.exec(out)!
      expect(forwarded.reduce((sum, count) => sum + Number(count.replaceAll(',', '')), 0)).toBe(rows / 10)
      await pause(200)
      expect(stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get())).toBe(rows)
    },
  )

  it('is gone in five seconds where the platform never answers, and says what is pending', async () => {
    const platform = createServer(() => {})
    await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      platform.closeAllConnections()
      platform.close()
    })
    const to = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`
    const { child, url, ended } = await startReceiver(project({}), '--forward', `${to}/otlp?key=secret`)
    for (let first = 1; first <= 9; first++) await send(url, { body: bodyOf(spansFrom(first, 1)) })
    const startedMs = performance.now()
    child.kill('SIGTERM')
    const { end, out, err } = await ended
    expect(performance.now() - startedMs).toBeLessThan(5000)
    expect(out).toContain(`  forwarded 0 requests to ${to}/otlp, 0 failed, 9 pending\n`)
    expect(out + err).not.toContain('secret')
    expect(end).toBe(0)
  })

  it('waits no longer than it may for a client that never ends its request', async () => {
    const { url, stop } = await receiver()
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) })
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' } as const
    const hanging = fetch(`${url}/v1/traces`, options as RequestInit).catch(() => 'cut off')
    await pause(100)
    const startedMs = performance.now()
    await stop()
    expect(performance.now() - startedMs).toBeLessThan(5000)
    expect(await hanging).toBe('cut off')
  })
})

describe('a store that', () => {
  /** Another command that writes for so long. */
  function occupy(cwd: string, ms: number): void {
    const db = new Database(join(cwd, '.pilot/pilot.db'))
    db.exec('BEGIN IMMEDIATE')
    const timer = setTimeout(() => db.close(), ms)
    onTestFinished(() => {
      clearTimeout(timer)
      db.close()
    })
  }

  it('is written by another command for a while lets the request wait, and the others that only ask', async () => {
    const { cwd, send } = await receiver()
    occupy(cwd, 700)
    const startedMs = performance.now()
    const stored = send({ body: bodyOf(spansFrom(1, 1)) }).then(({ status }) => [status, performance.now() - startedMs])
    expect((await send({ method: 'GET' })).status).toBe(405)
    expect(performance.now() - startedMs).toBeLessThan(600)
    const [status, ms] = await stored
    expect(status).toBe(200)
    expect(ms).toBeGreaterThan(600)
  })

  it('has what was purged taken out under it keeps it out from then on, and says so', async () => {
    const { cwd, send, stop } = await receiver()
    const body = bodyOf(spansFrom(1, 10))
    await send({ body })
    const id = stored(cwd, (db) => db.prepare('SELECT DISTINCT trace_id FROM span').pluck().all()) as string[]
    expect(id).toHaveLength(1)
    expect((await pilot(cwd, ['purge', '--trace', ...id, '--yes'])).code).toBe(0)
    const again = await send({ body })
    expect([again.status, JSON.parse(again.body.toString())]).toEqual([
      200,
      { partialSuccess: { rejectedSpans: '0', errorMessage: '10 left out: purged before' } },
    ])
    expect(stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get())).toBe(0)
    expect((await stop()).stored).toMatchObject({ spans: { added: 10 }, purged: 10 })
  })

  it('is written for longer makes the client come again, and is told as busy', async () => {
    const { cwd, send, stop } = await receiver()
    occupy(cwd, 5500)
    const got = await send({ body: bodyOf(spansFrom(1, 1)) })
    expect([got.status, got.headers['retry-after']]).toEqual([503, '2'])
    expect(stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get())).toBe(0)
    await pause(2000)
    expect((await send({ body: bodyOf(spansFrom(1, 1)) })).status).toBe(200)
    expect(await stop()).toMatchObject({
      taken: 1,
      refused: { '503 The store is busy.': 1 },
      stored: { spans: { added: 1 } },
    })
  })

  it.runIf(process.platform === 'linux')('has no room left is never answered with 200', async () => {
    const cwd = project({})
    const script = `trap '' XFSZ; ulimit -f 4096; exec "$0" "$@"`
    const argv = ['-c', script, process.execPath, bin, 'receive', '--port', '0']
    const { child, url, ended } = await start('sh', argv, cwd)
    const acknowledged: string[] = []
    const refusals: (string | undefined)[] = []
    for (let first = 1; first < 60; first++) {
      const attributes = [{ key: 'output', value: { stringValue: randomBytes(100_000).toString('base64') } }]
      const got = await send(url, { body: bodyOf(spansFrom(first, 1, { attributes })) })
      if (got.status === 200) acknowledged.push(idOf(first, 8))
      else refusals.push(`${got.status} ${got.headers['retry-after']}`)
    }
    expect(acknowledged.length).toBeGreaterThan(0)
    expect(new Set(refusals)).toEqual(new Set(['503 5']))
    child.kill('SIGTERM')
    const { end, out } = await ended
    expect(examine(join(cwd, '.pilot/pilot.db'), acknowledged)).toEqual({ lost: 0, integrity: 'ok' })
    expect(out).toContain(`spans: ${acknowledged.length} added, 0 updated, 0 unchanged`)
    expect(out).toContain(`refused ${refusals.length} requests: 503 The store cannot be written.`)
    expect(end).toBe(0)
  })
})

describe('the memory of a receiver', () => {
  const peakMb = (pid: number) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

  it.runIf(process.platform === 'linux')('stays flat under bodies that are too large', async () => {
    const { child, url } = await startReceiver(project({}))
    const bomb = gzipSync(Buffer.alloc(1024 ** 3))
    const large = Buffer.alloc(64 * 1024 ** 2 + 1, ' ')
    const statuses: number[] = []
    for (let times = 0; times < 3; times++) {
      statuses.push((await send(url, { body: bomb, headers: { 'content-encoding': 'gzip' } })).status)
      statuses.push((await send(url, { body: large })).status)
      statuses.push((await send(url, { body: large, headers: { 'transfer-encoding': 'chunked' } })).status)
    }
    expect(new Set(statuses)).toEqual(new Set([413]))
    expect(peakMb(child.pid!)).toBeLessThan(256)
  })
})
