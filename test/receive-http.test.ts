import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { listenOtlp } from '../src/io/otlp-http.js'
import { formatReceived } from '../src/reports/receive.js'
import { pilot } from './pilot.js'
import { stored } from './project.js'
import { bodyOf, idOf, receiver, type Sent, send, spansFrom } from './receiver.js'

const spansIn = (cwd: string) => stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get() as number)

const one = bodyOf(spansFrom(1, 1))
const token = 'a-token-of-24-characters'

/** The addresses on which something listens at a port, as the kernel lists them: IPv4, lowest byte first. */
function listening(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local = '', , state]) => local.endsWith(`:${hex}`) && state === '0A')
      .map(([, local = '']) => local.split(':')[0]!),
  )
}

describe('the address', () => {
  const hasIpv6 = networkInterfaces().lo?.some(({ address }) => address === '::1')
  const addresses: [host: string, token: string | undefined, found: string][] = [
    ['127.0.0.1', undefined, '0100007F'],
    ['0.0.0.0', token, '00000000'],
  ]
  if (hasIpv6) addresses.push(['::1', undefined, '00000000000000000000000001000000'])
  it.runIf(process.platform === 'linux').each(addresses)(
    'that is listened on is %s and no other',
    async (host, token, found) => {
      const { url } = await receiver({ host, token })
      expect(listening(Number(new URL(url).port))).toEqual([found])
    },
  )

  it('that is taken is named, and what to do', async () => {
    const { url } = await receiver()
    const port = Number(new URL(url).port)
    await expect(receiver({ port })).rejects.toMatchObject({
      message: `127.0.0.1:${port} is taken by another program.`,
      hint: '--port takes another one; 0 takes any that is free.',
      exitCode: 3,
    })
  })
})

describe('a request', () => {
  const json = 'application/json'
  const withId = (traceId: string) => bodyOf([{ traceId, spanId: 'eee19b7ec3c1b174', name: 'a' }])
  const cases: [what: string, sent: Sent, status: number][] = [
    ['with no content type', { headers: { 'content-type': '' }, body: one }, 415],
    ['with a content type that is none', { headers: { 'content-type': 'invalid' }, body: one }, 415],
    ['as plain text', { headers: { 'content-type': 'text/plain' }, body: one }, 415],
    ['that is no object', { body: '1234' }, 400],
    ['that is no JSON', { body: '{"resourceSpans":[' }, 400],
    ['whose list is none', { body: '{"resourceSpans":{}}' }, 400],
    ['whose span is none', { body: bodyOf([5 as unknown as object]) }, 400],
    ['of metrics with no content type', { path: '/v1/metrics', headers: { 'content-type': '' }, body: '{}' }, 415],
    ['of logs with no content type', { path: '/v1/logs', headers: { 'content-type': '' }, body: '{}' }, 415],
    ['by PATCH', { method: 'PATCH', body: one }, 405],
    ['by GET', { method: 'GET' }, 405],
    ['by OPTIONS', { method: 'OPTIONS' }, 405],
    ['elsewhere', { path: '/v1/traces/', body: one }, 404],
    ['with a charset', { headers: { 'content-type': `${json}; charset=utf-8` }, body: '{}' }, 200],
    ['in capitals', { headers: { 'content-type': json.toUpperCase() }, body: '{}' }, 200],
    ['with an unknown field', { body: '{"resourceSpans":[],"other":"value"}' }, 200],
    ['with an unknown field within', { body: '{"resourceSpans":[{"resource":{},"other":"value"}]}' }, 200],
    ['whose trace id is no hex', { body: withId('nothex') }, 400],
    ['whose trace id has one digit', { body: withId('1') }, 400],
    ['whose trace id has three digits', { body: withId('123') }, 400],
    ['that names another encoding', { headers: { 'content-encoding': 'br' }, body: one }, 415],
    ['that names an encoding that objects have', { headers: { 'content-encoding': 'constructor' }, body: one }, 415],
    ['that is not packed as it says', { headers: { 'content-encoding': 'gzip' }, body: one }, 400],
    ['that breaks off packed', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(one).subarray(0, 40) }, 400],
  ]

  it.each(cases)('%s is answered', async (_, sent, status) => {
    const { cwd, send, stop } = await receiver()
    const got = await send(sent)
    expect(got.status).toBe(status)
    expect(got.headers['content-type']).toBe(json)
    const answer = JSON.parse(got.body.toString())
    if (status === 200) expect(answer).toEqual({})
    else expect(answer).toEqual({ code: expect.any(Number), message: expect.stringMatching(/\w/) })
    if (status === 405) expect(got.headers.allow).toBe('POST')
    const { taken, refused } = await stop()
    expect([taken, Object.values(refused)]).toEqual(status === 200 ? [1, []] : [0, [1]])
    expect(spansIn(cwd)).toBe(0)
  })

  it('that is fine is stored, which the cases above are held against', async () => {
    const { cwd, send } = await receiver()
    expect(await send({ body: one })).toMatchObject({ status: 200, body: Buffer.from('{}') })
    expect(spansIn(cwd)).toBe(1)
  })

  it('with metrics or logs is taken and left out', async () => {
    const { cwd, send, stop } = await receiver()
    for (const path of ['/v1/metrics', '/v1/logs', '/v1/logs'])
      expect(await send({ path, body: one })).toMatchObject({ status: 200, body: Buffer.from('{}') })
    expect(await stop()).toMatchObject({
      taken: 3,
      skipped: { 'requests with metrics': 1, 'requests with logs': 2 },
      lockedNow: false,
    })
    expect(spansIn(cwd)).toBe(0)
  })
})

describe('from a web page', () => {
  it.each<[string, Record<string, string>, number]>([
    ['a name of theirs that leads here', { host: 'evil.example' }, 403],
    ['the same with our port', { host: 'evil.example:4318' }, 403],
    ['a name that begins like ours', { host: '127.0.0.1.evil.example' }, 403],
    ['an origin', { origin: 'https://evil.example' }, 403],
    ['an origin of this machine', { origin: 'http://localhost:3000' }, 403],
    ['the origin of a file', { origin: 'null' }, 403],
    ['none of it, which is let in', { host: 'LOCALHOST:4318' }, 200],
    ['none of it, by IPv6, which is let in', { host: '[::1]:4318' }, 200],
  ])('%s', async (_, headers, status) => {
    const { cwd, send } = await receiver()
    const got = await send({ headers, body: one })
    expect(got.status).toBe(status)
    expect(Object.keys(got.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(spansIn(cwd)).toBe(status === 200 ? 1 : 0)
  })

  it('a question whether it may is answered with no', async () => {
    const { send } = await receiver()
    const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
    const got = await send({ method: 'OPTIONS', headers })
    expect(got.status).toBe(403)
    expect(got.headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('with a token', () => {
  it.each<[string, Sent, number]>([
    ['none', {}, 401],
    ['a wrong one', { headers: { authorization: `Bearer ${token.replace('24', '25')}` } }, 401],
    ['its beginning', { headers: { authorization: `Bearer ${token.slice(0, -1)}` } }, 401],
    ['it as a password', { headers: { authorization: `Basic ${token}` } }, 401],
    ['it in the address', { path: `/v1/traces?token=${token}` }, 401],
    ['none, where nothing is', { path: '/' }, 401],
    ['it', { headers: { authorization: `Bearer ${token}` } }, 200],
    ['it in other words', { headers: { authorization: `bearer  ${token}` } }, 200],
  ])('%s is sent', async (_, sent, status) => {
    const { cwd, send, stop } = await receiver({ token })
    const got = await send({ ...sent, body: one })
    expect(got.status).toBe(status)
    if (status === 401) expect(got.headers['www-authenticate']).toBe('Bearer')
    const report = await stop()
    expect(JSON.stringify(report)).not.toContain(token)
    expect(spansIn(cwd)).toBe(status === 200 ? 1 : 0)
  })
})

/** A frame of zstd (RFC 8878) by hand: bytes as they are, in one block. */
function zstdOf(text: string): Buffer {
  const body = Buffer.from(text)
  const head = Buffer.from('28b52ffd60000000000000', 'hex').subarray(0, 10)
  head.writeUInt16LE(body.length - 256, 5)
  head.writeUIntLE(1 | (body.length << 3), 7, 3)
  return Buffer.concat([head, body])
}

/** A frame of zstd of some KB that unpacks to 131 MB: a thousand blocks of one byte repeated. */
function zstdBomb(): Buffer {
  const block = (isLast: boolean) => {
    const bytes = Buffer.from('00000020', 'hex')
    bytes.writeUIntLE((isLast ? 1 : 0) | (1 << 1) | (131_072 << 3), 0, 3)
    return bytes
  }
  return Buffer.concat([
    Buffer.from('28b52ffd0048', 'hex'),
    ...Array.from({ length: 1000 }, (_, index) => block(index === 999)),
  ])
}

describe('a body', () => {
  const limit = 20 * 1024 ** 2
  /** A request of exactly so many bytes. */
  const sized = (bytes: number) => one.padEnd(bytes, ' ')

  it.each<[string, string | Buffer, Record<string, string>, number]>([
    ['of the limit', sized(limit), {}, 200],
    ['of a byte more', sized(limit + 1), {}, 413],
    ['of a byte more, in pieces of no stated length', sized(limit + 1), { 'transfer-encoding': 'chunked' }, 413],
    ['of 64 MiB and one', sized(64 * 1024 ** 2 + 1), {}, 413],
    ['that unpacks to the limit', gzipSync(sized(limit)), { 'content-encoding': 'gzip' }, 200],
    ['that unpacks to a byte more', gzipSync(sized(limit + 1)), { 'content-encoding': 'gzip' }, 413],
    ['in zstd', zstdOf(one), { 'content-encoding': 'zstd' }, 200],
    ['in zstd that unpacks to 131 MB', zstdBomb(), { 'content-encoding': 'zstd' }, 413],
    ['in gzip by another spelling', gzipSync(one), { 'content-encoding': ' GZIP' }, 200],
    ['that unpacks to a gigabyte', gzipSync(Buffer.alloc(1024 ** 3)), { 'content-encoding': 'gzip' }, 413],
  ])('%s', async (_, body, headers, status) => {
    const { cwd, send } = await receiver()
    const got = await send({ body, headers })
    expect(got.status).toBe(status)
    expect(spansIn(cwd)).toBe(status === 200 ? 1 : 0)
    expect((await send({ body: bodyOf(spansFrom(9, 1)) })).status).toBe(200)
  })

  it('that would fill the memory together with others is to come again', async () => {
    const limits = { maxHeldBytes: 1000 }
    const { url } = await server({ limits })
    expect((await send(url, { body: 'x'.repeat(1000) })).status).toBe(200)
    const got = await send(url, { body: 'x'.repeat(1001) })
    expect([got.status, got.headers['retry-after']]).toEqual([503, '1'])
    // What was held is given back, else the third thousand would not fit.
    for (let times = 0; times < 3; times++) expect((await send(url, { body: 'x'.repeat(900) })).status).toBe(200)
  })
})

/** A server alone, that takes everything, with limits of its own. */
async function server({ limits }: { limits: Parameters<typeof listenOtlp>[0]['limits'] }) {
  const errors: unknown[] = []
  const { port, close } = await listenOtlp({
    ...{ host: '127.0.0.1', port: 0, token: undefined, ...(limits && { limits }) },
    answer: async () => ({ partialSuccess: undefined }),
    onRefused: () => {},
    onError: (error) => void errors.push(error),
  })
  onTestFinished(() => close(100))
  return { url: `http://127.0.0.1:${port}`, port, errors, close }
}

describe('a connection', () => {
  /** What a raw connection hears until it is closed, and after how long. */
  function heard(port: number, work: (write: (text: string) => void) => void): Promise<{ text: string; ms: number }> {
    const startedMs = performance.now()
    return new Promise((resolve) => {
      let text = ''
      const socket = connect(port, '127.0.0.1', () => work((more) => void (socket.writable && socket.write(more))))
      socket.on('data', (bytes) => {
        text += bytes.toString()
      })
      socket.on('error', () => {})
      socket.on('close', () => resolve({ text, ms: performance.now() - startedMs }))
    })
  }

  it('that drips its headers is closed in time', async () => {
    const { port } = await server({ limits: { headersTimeoutMs: 300 } })
    const { text, ms } = await heard(port, (write) => {
      write('POST /v1/traces HTTP/1.1\r\n')
      const timer = setInterval(() => write('x: y\r\n'), 50)
      onTestFinished(() => clearInterval(timer))
    })
    expect(text).toMatch(/^HTTP\/1.1 408 /)
    expect(ms).toBeGreaterThan(250)
    expect(ms).toBeLessThan(3000)
  })

  it('that drips its body is closed in time', async () => {
    const { port } = await server({ limits: { headersTimeoutMs: 300, requestTimeoutMs: 600 } })
    const { text, ms } = await heard(port, (write) => {
      write(
        'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n',
      )
      const timer = setInterval(() => write(' '), 50)
      onTestFinished(() => clearInterval(timer))
    })
    expect(text).toMatch(/^HTTP\/1.1 408 /)
    expect(ms).toBeGreaterThan(550)
    expect(ms).toBeLessThan(3000)
  })

  it('that says nothing is closed in time', async () => {
    const { port } = await server({ limits: { idleTimeoutMs: 300 } })
    const { ms } = await heard(port, () => {})
    expect(ms).toBeLessThan(3000)
  })

  it.each([
    ['10,000 headers', 'x: y\r\n'.repeat(10_000)],
    ['a header of 64 KB', `x: ${'y'.repeat(65_536)}\r\n`],
  ])('with %s is refused', async (_, headers) => {
    const { port } = await server({ limits: {} })
    const { text } = await heard(port, (write) =>
      write(`POST /v1/traces HTTP/1.1\r\nhost: localhost\r\n${headers}\r\n`),
    )
    expect(text).toMatch(/^HTTP\/1.1 431 /)
  })

  it('of a thousand that do nothing does not keep the others out for longer than they may idle', async () => {
    const { port, url } = await server({ limits: { idleTimeoutMs: 400 } })
    const idle = Array.from({ length: 1000 }, () => heard(port, () => {}))
    await Promise.all(idle)
    expect((await send(url, { body: one })).status).toBe(200)
  })

  it('over 128 is not taken, and the 128th is', async () => {
    const { port } = await server({ limits: { idleTimeoutMs: 2000 } })
    const ends = Array.from({ length: 140 }, () => heard(port, () => {}))
    const times = (await Promise.all(ends)).map(({ ms }) => ms)
    expect(times.filter((ms) => ms >= 1500)).toHaveLength(128)
  })

  it('that is left before the end is no error', async () => {
    const { port, url, errors } = await server({ limits: {} })
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    )
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.destroy()
    expect((await send(url, { body: one })).status).toBe(200)
    expect(errors).toEqual([])
  })
})

describe('spans', () => {
  it('whose ids are none are rejected with their number, the others are stored', async () => {
    const { cwd, send, stop } = await receiver()
    const id = (traceId: unknown, spanId: unknown) => ({ traceId, spanId, name: 'answer' })
    const [trace, span] = [idOf(7, 16), idOf(7, 8)]
    const body = bodyOf([
      id(trace, span),
      id(trace.slice(2), span),
      id(`${trace}00`, span),
      id(idOf(0, 16), span),
      id('', span),
      id(trace, span.slice(2)),
      id(trace, idOf(0, 8)),
      id(trace, undefined),
    ])
    const got = await send({ body })
    expect(got.status).toBe(200)
    const { partialSuccess } = JSON.parse(got.body.toString())
    expect(partialSuccess.rejectedSpans).toBe('7')
    expect(partialSuccess.errorMessage).toBe(
      '3 spans rejected: trace id is not 16 bytes long; 1 spans rejected: trace id is all zeros; 2 spans rejected: span id is not 8 bytes long; 1 spans rejected: span id is all zeros',
    )
    const { rejectedSpans, stored: found } = await stop()
    expect(rejectedSpans).toEqual({
      'trace id is not 16 bytes long': 3,
      'trace id is all zeros': 1,
      'span id is not 8 bytes long': 2,
      'span id is all zeros': 1,
    })
    expect(found.spans).toEqual({ added: 1, updated: 0, unchanged: 0 })
    expect(spansIn(cwd)).toBe(1)
  })

  it('all rejected store nothing and lock nothing', async () => {
    const { send, stop } = await receiver()
    const got = await send({ body: bodyOf([{ traceId: idOf(0, 16), spanId: idOf(1, 8) }]) })
    expect(JSON.parse(got.body.toString()).partialSuccess.rejectedSpans).toBe('1')
    expect(await stop()).toMatchObject({ lockedNow: false, stored: { records: 0 } })
  })

  it('in all the spellings that producers have are read', async () => {
    const { cwd, send } = await receiver()
    const snake = {
      resource_spans: [
        {
          scope_spans: [
            {
              spans: [
                {
                  trace_id: '5B8EFFF798038103D269B633813FC60C',
                  span_id: 'EEE19B7EC3C1B174',
                  name: 'snake',
                  kind: 'SPAN_KIND_CLIENT',
                  start_time_unix_nano: 1772445600000000000,
                  end_time_unix_nano: '1772445601000000000',
                  status: { code: 'STATUS_CODE_ERROR' },
                  attributes: [
                    { key: 'a', value: { intValue: '5' } },
                    { key: 'b', value: { intValue: 5 } },
                  ],
                  invented: { deep: [1] },
                },
              ],
            },
          ],
        },
      ],
    }
    expect(await send({ body: JSON.stringify(snake) })).toMatchObject({ status: 200, body: Buffer.from('{}') })
    const found = stored(cwd, (db) =>
      db
        .prepare(
          'SELECT trace_id, span_id, name, status, start_ms, end_ms, body FROM span JOIN span_content USING (id)',
        )
        .get(),
    ) as { body: string }
    expect(found).toMatchObject({
      trace_id: '5b8efff798038103d269b633813fc60c',
      span_id: 'eee19b7ec3c1b174',
      name: 'snake',
      status: 'error',
      start_ms: 1772445600000,
      end_ms: 1772445601000,
    })
    expect(JSON.parse(found.body).attributes).toMatchObject({ a: 5, b: 5, 'span.kind': 'client' })
  })

  it('that come again and again are stored once', async () => {
    const { cwd, send, stop } = await receiver()
    for (let times = 0; times < 5; times++) expect((await send({ body: bodyOf(spansFrom(1, 10)) })).status).toBe(200)
    expect(spansIn(cwd)).toBe(10)
    expect((await stop()).stored.spans).toEqual({ added: 10, updated: 0, unchanged: 40 })
  })

  it('that are not the same are not taken for it', async () => {
    const { cwd, send } = await receiver()
    for (let times = 0; times < 5; times++) await send({ body: bodyOf(spansFrom(1 + times * 10, 10)) })
    expect(spansIn(cwd)).toBe(50)
  })
})

describe('spans of a trace that was purged', () => {
  it('stay out, and the summary says how many', async () => {
    const { cwd, send: sent, stop } = await receiver()
    const spans = spansFrom(1, 2) as { traceId: string }[]
    await sent({ body: bodyOf(spans) })
    expect((await pilot(cwd, ['purge', '--trace', spans[0]!.traceId, '--yes'])).code).toBe(0)
    const left = spansIn(cwd)
    expect((await sent({ body: bodyOf(spans) })).status).toBe(200)
    const report = await stop()
    expect(spansIn(cwd)).toBe(left)
    expect(report.stored.purged).toBe(2 - left)
    expect(formatReceived(report)).toContain(`\n  left out ${2 - left}: purged before\n`)
  })
})
