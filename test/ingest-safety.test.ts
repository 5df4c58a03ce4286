import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPolicy, type Policy } from '../src/core/privacy/policy.js'
import type { Json } from '../src/core/span.js'
import { detectFormat, formats } from '../src/formats/index.js'
import { readRecords } from '../src/io/records.js'
import { createRecordReader } from '../src/jobs/read-block.js'
import { openStore } from '../src/store/open.js'
import { applicationId, migrations } from '../src/store/schema.js'
import { pilot, type Ran, temporaryFolder } from './pilot.js'
import { json, jsonLines, project, span } from './project.js'
import { seeded } from './seed.js'

const bin = fileURLToPath(new URL('../bin/pilot.js', import.meta.url))

/** Runs the built program itself. */
function run(cwd: string, argv: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...argv], { cwd }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })
}

const ended = (child: ChildProcess) =>
  new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (code, signal) => resolve([code, signal])),
  )
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** All that lies in the folder of the store, whatever it is called. */
const bytesOf = (folder: string) =>
  readdirSync(join(folder, '.pilot')).map((name) => [name, readFileSync(join(folder, '.pilot', name))] as const)

describe('secrets', () => {
  /** A token of its own for each way in, so that a leak names its path. */
  const canaries = new Map<string, string>()
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  const canary = (channel: string): string => {
    const at = (index: number) => letters[(index * index * 7 + index * 31 + canaries.size * 17 + 5) % 62]
    const token = `ghp_${Array.from({ length: 36 }, (_, index) => at(index)).join('')}`
    canaries.set(channel, token)
    return token
  }
  /** A token, or what encodings make of it. */
  const traces = (token: string) => {
    const core = token.slice(4)
    return [core, Buffer.from(core).toString('hex'), Buffer.from(token).toString('base64').slice(8, -4)]
  }

  it('leave no trace in the database, its log, reports, errors and the trace view, by whatever way they come in', async () => {
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    const otlpSpan = {
      traceId: 'a1'.repeat(16),
      spanId: 'b2'.repeat(8),
      name: `call ${canary('span name')}`,
      startTimeUnixNano: '1772445600000000000',
      status: { code: 2, message: `refused ${canary('status message')}` },
      attributes: [
        attribute('gen_ai.input.messages', JSON.stringify([{ role: 'user', content: `my key ${canary('prompt')}` }])),
        attribute('gen_ai.output.messages', JSON.stringify([{ role: 'assistant', content: canary('completion') }])),
        attribute(
          'gen_ai.tool.call.arguments',
          JSON.stringify({ inner: JSON.stringify({ key: canary('JSON in JSON') }) }),
        ),
        attribute('metadata', JSON.stringify({ note: canary('metadata') })),
        attribute(canary('key name'), 'value'),
        attribute('http.url', `https://example.com/?token=${canary('query of an address')}&a=1`),
        attribute('http.request.header.authorization', `Bearer ${canary('header')}`),
        attribute('image', `data:text/plain;base64,${Buffer.from(canary('data address')).toString('base64')}`),
        attribute('encoded', Buffer.from(`token=${canary('base64')}`).toString('base64')),
        attribute('zero', `\0${canary('behind a zero byte')}`),
        attribute('escaped', `\u00e9${canary('behind an escape')}\n`),
      ],
      events: [{ name: `event ${canary('event name')}`, attributes: [attribute('e', canary('event attribute'))] }],
      links: [{ traceId: 'a1'.repeat(16), spanId: 'c3'.repeat(8), attributes: [attribute('l', canary('link'))] }],
    }
    const resource = { attributes: [attribute('service.name', 'bot'), attribute('env', `KEY=${canary('resource')}`)] }
    const native = span('t1', 'a', {
      input: { question: canary('native input') },
      output: canary('native output'),
      tags: [canary('tag')],
      error: canary('native error'),
      prompt: { name: 'p', version: '1', template: canary('template'), variables: { v: canary('variable') } },
      documents: [{ id: 'd', content: canary('document'), metadata: { m: canary('document metadata') } }],
      tool: { name: 'x', arguments: canary('tool arguments'), result: canary('tool result') },
      scores: [{ name: 's', value: 1, comment: canary('score comment'), label: canary('score label') }],
      feedback: [{ kind: 'comment', comment: canary('feedback comment') }],
    })
    const doubled = JSON.stringify(span('t2', 'a', { output: 'last' }))
    const lines = [
      JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [otlpSpan] }] }] }),
      JSON.stringify(native),
      doubled.replace('"output"', `"output":"${canary('duplicate key')}","output"`),
      `{"bad":"${canary('bad line')}"`,
      `{"${canary('bad key')}":}`,
      JSON.stringify({ [canary('key of an unknown record')]: canary('value of an unknown record') }),
      JSON.stringify(span('t3', 'a', { start: canary('wrong type') })),
      `{"x":"${canary('line over the limit')}${' '.repeat(17 * 1024 ** 2)}"}`,
      `{"trace_id":"t4","output":"${canary('line that breaks off')}`,
    ]
    const good = `r1,2026-03-02,${canary('tenant')},${canary('user')},${canary('release')}`
    const cwd = project({
      'traces.jsonl': lines.join('\n'),
      'unknown.jsonl': `${JSON.stringify({ [canary('only key')]: 1 })}\n`,
      'requests.csv': `id,time,tenant,user,release\n${good}\nr2,${canary('bad time')},a,b,c\n`,
      'feedback.jsonl': jsonLines([
        { kind: 'comment', comment: canary('comment'), trace_id: 't1' },
        { kind: canary('bad kind') },
      ]),
    })
    await pilot(cwd, ['ingest', '--as', 'requests', 'requests.csv'])
    // A reader keeps the write-ahead log from being taken in, so that it is searched too.
    const reader = openStore(join(cwd, '.pilot/pilot.db'), 'read')
    // The built program: a line of 17 MiB makes a file that is read in two threads.
    const first = await run(cwd, ['ingest', 'traces.jsonl'])
    expect(first.code).toBe(0)
    const printed = [first.out, first.err]
    for (const argv of [
      ['ingest', 'unknown.jsonl'],
      ['ingest', '--as', 'requests', 'requests.csv', '--json'],
      ['ingest', '--as', 'feedback', 'feedback.jsonl'],
      ['ingest', '--as', 'feedback', 'unknown.jsonl'],
      ['data', '--json'],
      ['traces', '--json'],
      ['trace', 't1'],
      ['trace', 'a1a1', '--json'],
    ]) {
      const { out, err } = await pilot(cwd, argv)
      printed.push(out, err)
    }
    const files = bytesOf(cwd).map(([name, bytes]) => [name, bytes.toString('latin1')] as const)
    reader.close()
    const leaks = [...canaries].flatMap(([channel, token]) =>
      [...files, ['what was printed', printed.join()] as const]
        .filter(([, text]) => traces(token).some((part) => text.includes(part)))
        .map(([where]) => `${channel} in ${where}`),
    )
    expect(leaks).toEqual([])
    expect(files.map(([name]) => name)).toEqual(expect.arrayContaining(['pilot.db', 'pilot.db-wal', 'pilot.db-shm']))
    expect(files.find(([name]) => name === 'pilot.db-wal')?.[1]).toContain('redacted:api-key')
    expect((await json(cwd, 'data')).total.spans).toBe(3)
  })

  it('would be found by that search: one that a rule stores is', async () => {
    const token = canary('stored')
    const rule = 'capture:\n  privacy:\n    - { detect: [api-key], do: store }\n'
    const cwd = project({ a: jsonLines([span('t1', 'a', { output: token })]) }, rule)
    await pilot(cwd, ['ingest', 'a'])
    const found = bytesOf(cwd).filter(([, bytes]) => bytes.includes(token.slice(4)))
    expect(found.map(([name]) => name)).toEqual(['pilot.db'])
  })

  it.each([
    ['traces', jsonLines([span('t1', 'a', { user: 'jane-canary' })])],
    ['requests', jsonLines([{ id: 'r1', time: '2026-03-02', user: 'jane-canary' }])],
    ['feedback', jsonLines([{ thumbs: 'up', trace_id: 't1', user: 'jane-canary' }])],
  ])('stay out with everything else where the salt is damaged: exit 3, no %s written', async (kind, file) => {
    const cwd = project({ file }, 'capture:\n  privacy:\n    - { field: user.id, do: hash }\n')
    mkdirSync(join(cwd, '.pilot'))
    writeFileSync(join(cwd, '.pilot/salt'), 'no salt')
    expect(await pilot(cwd, ['ingest', '-q', '--as', kind, 'file'])).toEqual({
      code: 3,
      out: '',
      err: `error The salt ${cwd}/.pilot/salt is damaged.\nRestore it from a copy: with another salt, hashes no longer match those in the store.\n`,
    })
    const { sources, total } = await json(cwd, 'data')
    expect([sources, total.spans, total.requests, total.feedback]).toEqual([[], 0, 0, 0])
    expect(Buffer.concat(bytesOf(cwd).map(([, bytes]) => bytes)).includes('canary')).toBe(false)
  })

  it('stay out in the same way where a large file is read in two threads', async () => {
    const spans = Array.from({ length: 9000 }, (_, at) => span('t1', `s${at}`, { output: 'x'.repeat(1000) }))
    const cwd = project({ file: jsonLines(spans) })
    mkdirSync(join(cwd, '.pilot'))
    writeFileSync(join(cwd, '.pilot/salt'), 'no salt')
    expect(await run(cwd, ['ingest', '-q', 'file'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('is damaged.'),
    })
    expect((await json(cwd, 'data')).total.spans).toBe(0)
  })

  it('a policy that throws on one span throws away its whole block', async () => {
    const policy = await createPolicy([], (value) => value)
    let calls = 0
    const throwing: Policy = {
      ...policy,
      applySpan: (one) => {
        calls += 1
        if (calls === 3) throw new Error('the detector broke')
        return policy.applySpan(one)
      },
    }
    const { read } = createRecordReader({ format: undefined, keys: {}, policy: throwing })
    const records = [1, 2, 3, 4].map((at) => ({ line: at, bytes: 1, value: span('t1', `s${at}`) as Json }))
    expect(() => read(records)).toThrow('the detector broke')
    expect(calls).toBe(3)
  })
})

it('records that must be read in order are, where a large file holds them behind others', async () => {
  const transcript = readFileSync(new URL('../fixtures/formats/codex.jsonl', import.meta.url), 'utf8')
  const filler = (at: string, size: number) => span('filler', at, { output: 'x'.repeat(size) })
  const lines = transcript.split('\n').filter(Boolean)
  // Each line stands in another block than the one before it.
  const mixed = lines.map((line, at) => `${line}\n${jsonLines([filler(`b${at}`, 600_000)])}`).join('')
  const head = jsonLines(Array.from({ length: 9 }, (_, at) => filler(`a${at}`, 1_000_000)))
  const cwd = project({ 'alone.jsonl': transcript, 'mixed.jsonl': head + mixed })
  const counted = async (file: string) => JSON.parse((await run(cwd, ['ingest', '--json', file])).out).files[0]
  const alone = await counted('alone.jsonl')
  const { spans, records, problems } = await counted('mixed.jsonl')
  expect([records, problems]).toEqual([alone.records + 9 + lines.length, []])
  expect(spans).toEqual({ added: 9 + lines.length, updated: 0, unchanged: alone.spans.added })
})

it('a thread that reads and has ended answers with an error, and never leaves one waiting', () => {
  const script = `
    import { startReaderThread } from ${JSON.stringify(new URL('../dist/jobs/reader-thread.js', import.meta.url).href)}
    const block = () => ({ shape: 'lines', bytes: new Uint8Array(8), isLast: true })
    const thread = startReaderThread()
    const asked = thread.read(block()).catch(({ message }) => message)
    await thread.stop()
    console.log(JSON.stringify([await asked, await thread.read(block()).catch(({ message }) => message)]))`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 10_000,
  })
  const message = 'the thread that reads has ended'
  expect(JSON.parse(stdout)).toEqual([message, message])
})

it.each(['000', '022'])(
  'under umask %s the folder is 0700 and its files 0600, while they are written and after',
  async (umask) => {
    const cwd = project({})
    const command = `umask ${umask}; exec "${process.execPath}" "${bin}" ingest -q -`
    const child = spawn('sh', ['-c', command], { cwd, stdio: ['pipe', 'ignore', 'ignore'] })
    const end = ended(child)
    const names = ['pilot.db', 'pilot.db-shm', 'pilot.db-wal', 'salt']
    const path = (name: string) => join(cwd, '.pilot', name)
    const modeOf = (name: string) => (statSync(path(name)).mode & 0o777).toString(8)
    // More than is looked at to see what it is.
    child.stdin!.write(jsonLines([span('t1', 'a'), span('t1', 'b', { output: 'x'.repeat(5000) })]))
    for (let waited = 0; !names.every((name) => existsSync(path(name))) && waited < 10_000; waited += 20)
      await pause(20)
    expect(names.map(modeOf)).toEqual(['600', '600', '600', '600'])
    child.stdin!.end()
    expect(await end).toEqual([0, null])
    expect(readdirSync(join(cwd, '.pilot')).sort()).toEqual(['pilot.db', 'salt'])
    expect(['', 'pilot.db', 'salt'].map(modeOf)).toEqual(['700', '600', '600'])
  },
)

describe('several processes', () => {
  it('may make the store at the same moment', async () => {
    const names = ['a', 'b', 'c', 'd']
    const lines = (name: string) => jsonLines([span(`t-${name}`, name), span('shared', 'x')])
    for (let round = 0; round < 2; round++) {
      const cwd = project(Object.fromEntries(names.map((name) => [name, lines(name)])))
      const runs = await Promise.all(names.map((name) => run(cwd, ['ingest', '-q', name])))
      expect(runs).toMatchObject(names.map(() => ({ code: 0, err: '' })))
      expect((await json(cwd, 'data')).total.spans).toBe(5)
      expect(readdirSync(join(cwd, '.pilot')).filter((name) => name.startsWith('new-'))).toEqual([])
    }
  })

  it.each([2, 4])(
    '%i ingest at once while one reads: each finishes or says busy, nothing is lost or doubled',
    async (writers) => {
      // Each has half of its spans in common with the next.
      const spans = (writer: number) =>
        Array.from({ length: 12_000 }, (_, at) => span(`t${at % 500}`, `s${at + writer * 6000}`))
      const numbers = Array.from({ length: writers }, (_, at) => at)
      const cwd = project({
        ...Object.fromEntries(numbers.map((at) => [`${at}`, jsonLines(spans(at))])),
        first: jsonLines([span('t0', 's0')]),
      })
      await pilot(cwd, ['ingest', 'first'])
      const writing = Promise.all(numbers.map((at) => run(cwd, ['ingest', '-q', `${at}`])))
      let isWriting = true
      const reading = (async () => {
        const seen: number[] = []
        for (; isWriting; await pause(50)) seen.push((await json(cwd, 'data')).total.spans)
        return seen
      })()
      const runs = await writing
      isWriting = false
      for (const [index, { code, err }] of runs.entries()) {
        if (code === 0) continue
        expect([code, err]).toEqual([3, expect.stringContaining('is busy: another pilot command is writing.')])
        expect((await run(cwd, ['ingest', '-q', `${index}`])).code).toBe(0)
      }
      const seen = await reading
      expect(seen).toEqual([...seen].sort((a, b) => a - b))
      const db = new Database(join(cwd, '.pilot/pilot.db'), { readonly: true })
      const ids = "count(DISTINCT trace_id || ' ' || span_id)"
      const found = db.prepare(`SELECT count(*), ${ids} FROM span JOIN span_content USING (id)`).raw().get()
      const integrity = db.pragma('integrity_check', { simple: true })
      db.close()
      // 6,000 is a multiple of 500: a span has the same trace in both files that hold it.
      const all = 6000 * (writers + 1)
      expect([found, integrity]).toEqual([[all, all], 'ok'])
    },
  )
})

describe('a database that is not one of ours, or not whole', () => {
  const restore = 'Restore it from a copy, or delete it and ingest again.\n'

  function overwrite(path: string, at: number, bytes: Buffer): void {
    writeSync(openSync(path, 'r+'), bytes, 0, bytes.length, at)
  }

  const cases: [string, (path: string) => void, string][] = [
    ['a bad header', (path) => overwrite(path, 0, Buffer.alloc(100, 7)), `is not a readable database.\n${restore}`],
    [
      'a page that was overwritten',
      (path) => {
        const db = new Database(path, { readonly: true })
        const page = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'span'").pluck().get() as number
        db.close()
        overwrite(path, (page - 1) * 16_384, Buffer.alloc(16_384, 0x5a))
      },
      `is not a readable database.\n${restore}`,
    ],
    [
      'half of it',
      (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
      `is not a readable database.\n${restore}`,
    ],
    ['no bytes', (path) => truncateSync(path, 0), `is empty: not a store, or one that was cut to nothing.\n${restore}`],
    ['a text', (path) => writeFileSync(path, 'no database\n'.repeat(99)), `is not a readable database.\n${restore}`],
    [
      'a newer schema',
      (path) => {
        const db = new Database(path)
        db.pragma('user_version = 99')
        db.close()
      },
      `was written by a newer pilot (schema 99, this one knows ${migrations.length}).\nUpdate pilot.\n`,
    ],
    [
      "another program's tables",
      (path) => {
        writeFileSync(path, '')
        const db = new Database(path)
        db.exec('CREATE TABLE theirs (x)')
        db.close()
      },
      'is not a pilot store: it belongs to another program.\nMove it away, then run the command again.\n',
    ],
  ]

  it.each(cases)(
    'with %s is refused by what reads and what writes, exit 3, and left as it is',
    async (_, damage, message) => {
      const spans = Array.from({ length: 2000 }, (_, at) => span(`t${at}`, 'a', { output: 'x'.repeat(50) }))
      const cwd = project({ a: jsonLines(spans) })
      await pilot(cwd, ['ingest', 'a'])
      const path = join(cwd, '.pilot/pilot.db')
      damage(path)
      const before = readFileSync(path)
      for (const argv of [['data'], ['ingest', '-q', 'a']]) {
        const { code, out, err } = await pilot(cwd, argv)
        expect([argv, code, out, err.replace(path, 'The store')]).toEqual([argv, 3, '', `error The store ${message}`])
      }
      expect(readFileSync(path).equals(before)).toBe(true)
    },
  )
})

/** Puts a store of the first pilot in the place of another one, with one span and one score. */
function makeOlder(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma(`application_id = ${applicationId}`)
  db.exec(migrations[0]!)
  db.exec(`
    INSERT INTO source (kind, platform, path, state, policy, ingested_ms) VALUES ('traces', 'lantern', 'a', 'complete', '', 0);
    INSERT INTO span (platform, trace_id, span_id, name, kind, status, fields) VALUES ('lantern', 't1', 'a', 'answer', 'llm', 'ok', 0);
    INSERT INTO score (key, platform, trace_id, name, value, origin) VALUES ('k', 'lantern', 't1', 'tone', 1, 1);
  `)
  db.pragma('user_version = 1')
  db.close()
}

it('a store of an older pilot is read, and holds what it held', async () => {
  const cwd = project({ a: jsonLines([span('t1', 'b')]) })
  await pilot(cwd, ['ingest', 'a'])
  makeOlder(join(cwd, '.pilot/pilot.db'))
  const { total } = await json(cwd, 'data')
  expect([total.spans, total.scores, total.deployments]).toEqual([1, 1, 0])
  expect((await pilot(cwd, ['trace', 't1'])).out).toContain('tone 1')
  expect((await json(cwd, 'ingest', 'a')).totals.spans.added).toBe(1)
})

const mayBecomeOther = process.getuid?.() === 0 && spawnSync('setpriv', ['--version']).status === 0

describe.skipIf(!mayBecomeOther)('another user (tried as root, with setpriv)', () => {
  const as = (cwd: string, argv: readonly string[]) => {
    const command = ['--reuid=65534', '--clear-groups', process.execPath, bin, ...argv]
    const { status, stdout, stderr } = spawnSync('setpriv', command, { cwd, encoding: 'utf8' })
    return { code: status, out: stdout, err: stderr }
  }
  const permissions = 'Check the permissions of the file and its folder.\n'

  /** A pilot that others may look into, with these modes of its folder and its database. */
  async function open(folderMode: number, mode: number): Promise<{ cwd: string; path: string }> {
    const cwd = project({ a: jsonLines([span('t1', 'a')]) })
    chmodSync(cwd, 0o755)
    await pilot(cwd, ['ingest', 'a'])
    const path = join(cwd, '.pilot/pilot.db')
    chmodSync(path, mode)
    chmodSync(join(cwd, '.pilot'), folderMode)
    return { cwd, path }
  }

  it('in a read-only folder reads the store as it stands, and cannot ingest', async () => {
    const { cwd, path } = await open(0o755, 0o644)
    const read = as(cwd, ['data', '--json'])
    expect([read.code, JSON.parse(read.out).total.spans, read.err]).toEqual([0, 1, ''])
    expect(as(cwd, ['ingest', '-q', 'a'])).toEqual({
      code: 3,
      out: '',
      err: `error ${path} cannot be written.\n${permissions}`,
    })
  })

  it.each([
    ['a store that it may not read', 0o755, 0o600],
    ['a folder that it may not enter', 0o700, 0o600],
  ])('with %s is told so, and never that there is no data', async (_, folderMode, mode) => {
    const { cwd, path } = await open(folderMode, mode)
    expect(as(cwd, ['data'])).toEqual({ code: 3, out: '', err: `error ${path} cannot be read.\n${permissions}` })
  })

  it.each([0o755, 0o777])(
    'reads a store of an older pilot that it may not change, in a folder of mode %o',
    async (mode) => {
      const { cwd, path } = await open(mode, 0o644)
      makeOlder(path)
      chmodSync(path, 0o644)
      const before = readFileSync(path)
      const read = as(cwd, ['data', '--json'])
      expect([read.code, JSON.parse(read.out).total.scores, read.err]).toEqual([0, 1, ''])
      expect(readFileSync(path).equals(before)).toBe(true)
    },
  )

  it('in a folder of its own with a read-only store reads it, and cannot ingest', async () => {
    const { cwd } = await open(0o755, 0o444)
    chownSync(join(cwd, '.pilot'), 65_534, 65_534)
    expect([as(cwd, ['data', '--json']).code, as(cwd, ['ingest', '-q', 'a']).code]).toEqual([0, 3])
  })
})

describe('an interrupt', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends an ingest within two seconds, without a stack, and a second run completes it',
    async (wanted) => {
      const spans = Array.from({ length: 30_000 }, (_, at) =>
        span(`t${at % 900}`, `s${at}`, { output: 'x'.repeat(300) }),
      )
      const cwd = project({ big: jsonLines(spans) })
      const child = spawn(process.execPath, [bin, 'ingest', '-q', 'big'], { cwd, stdio: ['ignore', 'ignore', 'pipe'] })
      let err = ''
      child.stderr.on('data', (text) => {
        err += text
      })
      const end = ended(child)
      while (!existsSync(join(cwd, '.pilot/pilot.db-wal')) && child.exitCode === null) await pause(10)
      const sent = performance.now()
      child.kill(wanted)
      const [code, signal] = await end
      expect([code, signal, err]).toEqual([null, wanted, ''])
      expect(performance.now() - sent).toBeLessThan(2000)
      expect((await run(cwd, ['ingest', '-q', 'big'])).code).toBe(0)
      expect((await json(cwd, 'data')).total.spans).toBe(30_000)
    },
  )

  it('of the reader of its output (| head) is no error', () => {
    const command = `"${process.execPath}" "${bin}" ingest --schema | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8', cwd: temporaryFolder() })
    expect([stdout, stderr]).toEqual(['0\n', ''])
  })
})

describe('good lines that were changed at random', () => {
  const fixtures = new URL('../fixtures/formats/', import.meta.url)
  const lines = ['otlp.jsonl', 'native.jsonl'].flatMap((name) =>
    readFileSync(new URL(name, fixtures), 'utf8').split('\n').filter(Boolean),
  )
  const wrong: Json[] = [
    ...[null, true, 0, -1, 1e308, -0.5, '', '\0', 'x'.repeat(300), '9'.repeat(30)],
    ...[[], {}, [[]], [null], { a: 1 }, ['a', { b: [] }]],
  ]

  /** One value inside a value, picked by a number, replaced by another. */
  function replaceAt(value: Json, pick: number, by: Json): Json {
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
    if (keys.length === 0 || pick % 5 === 0) return by
    const key = keys[pick % keys.length]!
    const changed = replaceAt((value as Record<string, Json>)[key]!, Math.floor(pick / keys.length), by)
    if (Array.isArray(value)) return value.map((item, at) => (String(at) === key ? changed : item))
    return { ...(value as object), [key]: changed }
  }

  const mutation = fc.record({
    line: fc.nat({ max: lines.length - 1 }),
    kind: fc.constantFrom('value', 'value', 'value', 'byte', 'cut', 'double', 'key'),
    pick: fc.nat(),
    by: fc.oneof(fc.constantFrom(...wrong), fc.jsonValue() as fc.Arbitrary<Json>),
  })

  const mutations: Record<string, (text: string, pick: number, by: Json) => string> = {
    value: (text, pick, by) => JSON.stringify(replaceAt(JSON.parse(text), pick, by)),
    byte: (text, pick) => {
      const at = pick % text.length
      return text.slice(0, at) + '{}[]",:\\\r\t 0e-'[pick % 14] + text.slice(at + 1)
    },
    cut: (text, pick) => text.slice(0, pick % text.length),
    double: (text, pick) => text + text.slice(pick % text.length),
    key: (text, pick) => text.replace(/"(\w+)":/, pick % 2 === 0 ? '"__proto__":' : '"constructor":'),
  }

  /** What stands in a text, read without the store. */
  async function readAll(text: string) {
    async function* chunks() {
      yield Buffer.from(text)
    }
    const containers = new Set(formats.flatMap((format) => format.containers))
    const records = readRecords(chunks(), { containers })
    const values: Json[] = []
    for await (const batch of records.batches)
      for (const framed of batch) if ('value' in framed) values.push(framed.value)
    return { values, totals: records.totals() }
  }

  it('never crash it, and every line and every span is accounted for, in 10,000 of them', async () => {
    const seed = seeded('mutations')
    const changed = fc
      .sample(mutation, { seed, numRuns: 10_000 })
      .map(({ line, kind, pick, by }) => mutations[kind]!(lines[line]!, pick, by))
    const cwd = project({})
    let seen = 0
    for (let from = 0; from < changed.length; from += 500) {
      // A good line first: what is tried is lines, not what a file is.
      const text = `${[lines[0], ...changed.slice(from, from + 500)].join('\n')}\n`
      writeFileSync(join(cwd, 'file'), text)
      const { code, out } = await pilot(cwd, ['ingest', '--json', 'file'])
      expect([seed, from, code]).toEqual([seed, from, 0])
      const [report] = JSON.parse(out).files
      const { totals, values } = await readAll(text)
      const { parsed, rejected, blank, pending } = totals
      expect([seed, from, totals.lines]).toEqual([seed, from, text.split('\n').length - 1])
      expect([seed, from, parsed + rejected + blank + pending]).toEqual([seed, from, totals.lines])
      const spans = values.flatMap((value) => detectFormat(value)?.read(value, {}).spans ?? [])
      const { added, updated, unchanged } = report.spans
      expect([seed, from, added + updated + unchanged]).toEqual([seed, from, spans.length])
      expect([seed, from, report.records]).toEqual([seed, from, values.length])
      expect(report.problems.length + report.problemsOmitted).toBeGreaterThanOrEqual(rejected)
      seen += spans.length
    }
    expect(seen).toBeGreaterThan(2000)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    const db = new Database(join(cwd, '.pilot/pilot.db'), { readonly: true })
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
    expect((await pilot(cwd, ['data', '--json'])).code).toBe(0)
  })
})
