import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type PostOptions, postJson } from '../src/io/post-json.js'
import { type Answerer, answer, breakOff, drip, hang, reset, serve } from './fault-server.js'

/** Waits for nothing, and keeps what it was asked to wait. */
function patience(more: Partial<PostOptions> = {}): PostOptions & { waitsMs: number[] } {
  const waitsMs: number[] = []
  return {
    timeoutMs: 5000,
    limitBytes: 1000,
    retries: 3,
    random: () => 0,
    sleep: async (ms) => void waitsMs.push(ms),
    waitsMs,
    ...more,
  }
}

const ok = answer(200, '{"a":1}')

describe('an answer', () => {
  it('is handed on with its status, its type and the number of attempts', async () => {
    const { url, received } = await serve(answer(201, '{"ü":1}', { 'content-type': 'Application/JSON; charset=utf-8' }))
    const posted = await postJson(url, { text: 'ß"\n\ud800' }, patience({ headers: { authorization: 'Bearer k1' } }))
    expect(posted).toEqual({
      status: 201,
      bytes: Buffer.from('{"ü":1}'),
      text: '{"ü":1}',
      contentType: 'application/json; charset=utf-8',
      latencyMs: expect.any(Number),
      attempts: 1,
    })
    expect(received).toMatchObject([
      {
        method: 'POST',
        path: '/v1',
        headers: { authorization: 'Bearer k1', 'content-type': 'application/json' },
        body: '{"text":"ß\\"\\n\\ud800"}',
      },
    ])
  })

  it.each([
    ['of nothing', '', 1000, ''],
    ['of exactly the limit', 'x'.repeat(1000), 1000, 'x'.repeat(1000)],
  ])('%s is whole', async (_, body, limitBytes, text) => {
    const { url } = await serve(answer(200, body))
    expect(await postJson(url, {}, patience({ limitBytes }))).toMatchObject({ text })
  })

  it.each([
    ['one byte over the limit', answer(200, 'x'.repeat(1001)), 'answer larger than 1 KB'],
    [
      'that is small only while it is packed',
      answer(200, gzipSync('x'.repeat(5_000_000)), { 'content-encoding': 'gzip' }),
      'answer larger than 1 KB',
    ],
  ])('%s is a failure after one attempt', async (_, answerer, failure) => {
    const { url, received } = await serve(answerer)
    expect(await postJson(url, {}, patience())).toEqual({ failure, attempts: 1, isRetryable: false })
    expect(received).toHaveLength(1)
  })

  it('without an end is read no further than the limit', async () => {
    let isClosed = false
    const endless: Answerer = (response) => {
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', pour)
      response.on('close', () => {
        isClosed = true
      })
      pour()
    }
    const { url } = await serve(endless)
    const posted = await postJson(url, {}, patience({ limitBytes: 10_000_000 }))
    expect(posted).toEqual({ failure: 'answer larger than 10 MB', attempts: 1, isRetryable: false })
    await expect.poll(() => isClosed).toBe(true)
  })
})

describe('a failure that may pass', () => {
  it.each([408, 409, 429, 500, 502, 503, 504, 529])('HTTP %i is tried again', async (status) => {
    const { url, received } = await serve(answer(status, 'no'), ok)
    expect(await postJson(url, {}, patience())).toMatchObject({ text: '{"a":1}', attempts: 2 })
    expect(received).toHaveLength(2)
  })

  it.each<[string, Answerer, string]>([
    ['500 for ever', answer(500), 'HTTP 500 after 4 attempts'],
    ['silence', hang, 'no answer within 0.1 s after 4 attempts'],
    ['one byte a second', drip, 'no answer within 0.1 s after 4 attempts'],
    [
      'a reset before the answer',
      (response) => response.socket?.resetAndDestroy(),
      'the connection was reset after 4 attempts',
    ],
    [
      'an end before the answer',
      (response) => response.socket?.end(),
      'the connection was closed without an answer after 4 attempts',
    ],
    ['a reset in mid-answer', reset('{"a'), 'the connection was reset after 4 attempts'],
    ['an end in mid-answer', breakOff('{"a'), 'half an answer after 4 attempts'],
  ])('%s is told after the last of four attempts', async (_, answerer, failure) => {
    const { url, received } = await serve(answerer)
    const posted = await postJson(url, {}, patience({ timeoutMs: 100 }))
    expect(posted).toMatchObject({ failure, attempts: 4, isRetryable: true })
    expect(received).toHaveLength(4)
  })

  it('a server that is not there refuses each attempt', async () => {
    const { port, close } = await listen(() => {})
    await close()
    const given = patience()
    expect(await postJson(new URL(`http://127.0.0.1:${port}`), {}, given)).toEqual({
      failure: 'connection refused after 4 attempts',
      attempts: 4,
      isRetryable: true,
    })
    expect(given.waitsMs).toEqual([500, 1000, 2000])
  })

  it('is not tried again where no retries are allowed', async () => {
    const { url, received } = await serve(answer(503))
    expect(await postJson(url, {}, patience({ retries: 0 }))).toMatchObject({ failure: 'HTTP 503', attempts: 1 })
    expect(received).toHaveLength(1)
  })
})

describe('the wait between two attempts', () => {
  it('doubles up to 30 s, of which chance leaves out up to a half', async () => {
    const { url } = await serve(answer(500))
    const [whole, half] = [patience({ retries: 8 }), patience({ retries: 8, random: () => 1 - 2 ** -40 })]
    await postJson(url, {}, whole)
    await postJson(url, {}, half)
    expect(whole.waitsMs).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    expect(half.waitsMs.map(Math.round)).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000])
  })

  it.each([
    ['2', 2000],
    ['0', 0],
    ['60', 60_000],
    ['61', 60_000],
    ['999999999999999999999', 60_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 2100 23:59:59 GMT', 60_000],
    ['soon', 500],
    ['', 500],
  ])('is what Retry-After %j asks for, at most 60 s', async (header, ms) => {
    const { url } = await serve(answer(429, '', { 'retry-after': header }), ok)
    const given = patience()
    expect(await postJson(url, {}, given)).toMatchObject({ attempts: 2 })
    expect(given.waitsMs).toEqual([ms])
  })
})

describe('a failure that stays', () => {
  it.each([400, 401, 403, 404, 413, 422])(
    'HTTP %i is told after one attempt, with what the server says',
    async (status) => {
      const { url, received } = await serve(answer(status, 'because'))
      expect(await postJson(url, {}, patience())).toEqual({
        failure: `HTTP ${status}`,
        attempts: 1,
        isRetryable: false,
        status,
        explanation: 'because',
      })
      expect(received).toHaveLength(1)
    },
  )

  it.each([301, 302, 303, 307, 308])(
    'HTTP %i is not followed, so that no key goes to another place',
    async (status) => {
      const other = await serve(ok)
      const { url, received } = await serve(answer(status, '', { location: other.url.href }))
      const posted = await postJson(url, {}, patience({ headers: { authorization: 'Bearer k1' } }))
      expect(posted).toMatchObject({ failure: 'it redirects to another place', attempts: 1, isRetryable: false })
      expect([received.length, other.received.length]).toEqual([1, 0])
    },
  )

  it('a server that speaks no HTTP is told as such', async () => {
    const { port } = await listen((socket) => socket.end('220 mail.example ESMTP\r\n'))
    const posted = await postJson(new URL(`http://127.0.0.1:${port}`), {}, patience())
    expect(posted).toEqual({ failure: 'the answer is not HTTP', attempts: 1, isRetryable: false })
  })

  it('a server that speaks no TLS is told as such', async () => {
    const { port } = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const posted = await postJson(new URL(`https://127.0.0.1:${port}`), {}, patience())
    expect(posted).toMatchObject({ failure: expect.stringMatching(/^no secure connection: [A-Z_]+$/), attempts: 1 })
  })

  it.each(['a\nb', 'a\0b', 'kéy€'])('a key that no header may hold (%j) is not shown and not sent', async (key) => {
    const { url, received } = await serve(ok)
    expect(await postJson(url, {}, patience({ headers: { authorization: `Bearer ${key}` } }))).toEqual({
      failure: 'a key or header holds a character that none may',
      attempts: 0,
      isRetryable: false,
    })
    expect(received).toHaveLength(0)
  })
})

describe('an abort', () => {
  it('before the first attempt sends nothing', async () => {
    const { url, received } = await serve(ok)
    const posted = await postJson(url, {}, patience({ signal: AbortSignal.abort() }))
    expect(posted).toEqual({ failure: 'interrupted', attempts: 0, isRetryable: true })
    expect(received).toHaveLength(0)
  })

  it('ends an attempt under way, and is the last', async () => {
    const controller = new AbortController()
    const { url, received } = await serve(() => controller.abort())
    const posted = await postJson(url, {}, patience({ signal: controller.signal }))
    expect(posted).toEqual({ failure: 'interrupted', attempts: 1, isRetryable: true })
    expect(received).toHaveLength(1)
  })

  it('ends the wait between two attempts', async () => {
    const controller = new AbortController()
    const { url, received } = await serve((response, one) => {
      answer(429, '', { 'retry-after': '60' })(response, one)
      setTimeout(() => controller.abort(), 100)
    })
    const posted = await postJson(url, {}, patience({ signal: controller.signal, sleep: undefined }))
    expect(posted).toEqual({ failure: 'interrupted', attempts: 1, isRetryable: true })
    expect(received).toHaveLength(1)
  })
})

/** A bare TCP server on loopback. */
async function listen(onConnection: (socket: Socket) => void): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => {}) // the other side may be gone
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()))
  onTestFinished(() => void server.close())
  return { port: typeof address === 'object' && address ? address.port : 0, close }
}
