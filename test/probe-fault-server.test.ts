import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type FaultOptions, startFaultServer } from '../src/probes/fault-server.js'

async function start(fault: string, more: Partial<FaultOptions> = {}) {
  const server = await startFaultServer(fault, {
    ...{ lifeMs: 20_000, path: undefined, answer: undefined, recoverAfterMs: 0 },
    ...more,
  })
  onTestFinished(server.close)
  return server
}

const spans = (...ids: string[]) =>
  JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ spans: ids.map((id) => ({ traceId: `t-${id}`, spanId: id })) }] }],
  })

/** Posts spans; the status and text of the answer, or the code of the failure. */
async function post(endpoint: string, body: string | Buffer = spans('a'), headers: Record<string, string> = {}) {
  try {
    const answer = await fetch(`${endpoint}/v1/traces`, {
      ...{ method: 'POST', body, signal: AbortSignal.timeout(2500) },
      headers: { 'content-type': 'application/json', ...headers },
    })
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    return { failure: cause?.code ?? name }
  }
}

describe('the server that stands in for the platform', () => {
  it('works without a fault, on loopback alone', async () => {
    const { endpoint, received } = await start('ok')
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await post(endpoint, spans('a', 'b'))).toMatchObject({ status: 200 })
    expect(await post(endpoint, gzipSync(spans('c')), { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 })
    expect(received()).toMatchObject({ posts: 2, traces: 3, records: 3, twice: 0, unread: 0, refusedRecords: 0 })
  })

  it('counts what it is sent twice, and what it cannot read', async () => {
    const { endpoint, received } = await start('ok')
    for (const _ of [1, 2, 3]) await post(endpoint)
    await post(endpoint, 'no gzip', { 'content-encoding': 'gzip' })
    expect(received()).toMatchObject({ posts: 4, records: 1, twice: 2, unread: 1 })
  })

  it('counts what is sent below its path alone, and answers as it is told', async () => {
    const { endpoint, received } = await start('ok', { path: '/elsewhere', answer: '{"id": 7}' })
    expect(await post(endpoint)).toMatchObject({ status: 200, text: '{"id": 7}' })
    expect(received()).toMatchObject({ posts: 0, records: 0 })
  })

  it.each(['401', '408', '413', '429', '500', '503'])('answers %s, and keeps nothing', async (fault) => {
    const { endpoint, received } = await start(fault)
    const answer = await post(endpoint)
    expect(answer).toMatchObject({ status: Number(fault) })
    expect(answer.headers?.get('retry-after')).toBe(fault === '429' ? '30' : null)
    expect(received()).toMatchObject({ posts: 1, records: 0, refusedRecords: 1, refusedTraces: 1 })
  })

  it.each([
    ['refused', 'ECONNREFUSED', 0],
    ['reset', 'UND_ERR_SOCKET', 1],
    ['tls', /^(?:ERR_SSL|EPROTO|ECONNRESET)/, 0],
    ['dns', /^(?:ENOTFOUND|EAI_AGAIN|TimeoutError)$/, 0],
    ['hang', 'TimeoutError', 1],
  ])('gives no answer under %s', async (fault, failure, posts) => {
    const { endpoint, received } = await start(fault)
    const answer = await post(endpoint)
    expect(answer.failure === 'ECONNRESET' && fault === 'reset' ? 'UND_ERR_SOCKET' : answer.failure).toMatch(failure)
    expect(received()).toMatchObject({ posts, records: 0 })
  })

  it('answers late, in part or with something else', async () => {
    const [slow, half, drip, garbage] = await Promise.all(
      ['slow', 'half', 'drip', 'garbage'].map((fault) => start(fault)),
    )
    const startedMs = performance.now()
    const late = post(slow!.endpoint).then((answer) => ({ ...answer, ms: performance.now() - startedMs }))
    const broken = await post(half!.endpoint)
    const page = await post(garbage!.endpoint)
    expect(broken.failure).toBeDefined()
    expect(page.text).toHaveLength(600_000)
    expect(await post(drip!.endpoint)).toEqual({ failure: 'TimeoutError' })
    const { status, ms } = await late
    expect({ status, isLate: ms > 1900 && ms < 2500 }).toEqual({ status: 200, isLate: true })
    expect([slow, half, drip, garbage].map((each) => each!.received().records)).toEqual([1, 1, 1, 0])
  })

  it('dies in the middle of the run, and not before', async () => {
    const { endpoint, onProgress, received } = await start('dies')
    onProgress(0.4)
    expect(await post(endpoint)).toMatchObject({ status: 200 })
    onProgress(0.5)
    await wait(20)
    expect((await post(endpoint, spans('b'))).failure).toBe('ECONNREFUSED')
    expect(received()).toMatchObject({ records: 1 })
  })

  it('recovers in the middle of the run, and knows what it turned away before', async () => {
    const { endpoint, onProgress, received } = await start('recovery', { recoverAfterMs: 5000 })
    expect(await post(endpoint, spans('a', 'b'))).toMatchObject({ status: 503 })
    expect(received()).toMatchObject({ isBack: false })
    onProgress(0.5)
    expect(await post(endpoint, spans('a', 'c'))).toMatchObject({ status: 200 })
    expect(received()).toMatchObject({ records: 2, recovered: 1, refusedRecords: 1, isBack: true })
  })

  it('refuses for a while what first comes after the middle', async () => {
    const { endpoint, onProgress } = await start('recovery', { recoverAfterMs: 150 })
    onProgress(0.9)
    expect(await post(endpoint)).toMatchObject({ status: 503 })
    await wait(200)
    expect(await post(endpoint)).toMatchObject({ status: 200 })
  })

  it('ends by itself', async () => {
    const { endpoint } = await start('ok', { lifeMs: 100 })
    await wait(150)
    expect((await post(endpoint)).failure).toBe('ECONNREFUSED')
  })
})
