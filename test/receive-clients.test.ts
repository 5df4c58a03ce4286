import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { describe, expect, it } from 'vitest'
import { main } from '../src/cli/main.js'
import { decodeTraces } from '../src/io/otlp-protobuf.js'
import { readForward, readListen, readToken } from '../src/jobs/receive-options.js'
import { answer, hang, serve } from './fault-server.js'
import { pilot } from './pilot.js'
import { project, stored } from './project.js'
import { bodyOf, receiver, send, spansFrom } from './receiver.js'

type ExporterOptions = NonNullable<ConstructorParameters<typeof JsonExporter>[0]>
const gzip = 'gzip' as NonNullable<ExporterOptions['compression']> // its enum is no export of this package

/** An application of one call and a retrieval, instrumented with the SDK of OpenTelemetry. */
async function runApplication(exporter: JsonExporter): Promise<void> {
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  provider.register() // so that spans find their parents
  const tracer = provider.getTracer('shop')
  tracer.startActiveSpan('answer', (root) => {
    root.setAttribute('request.id', 'r-1')
    tracer.startActiveSpan('retrieve', { attributes: { 'openinference.span.kind': 'RETRIEVER' } }, (span) => span.end())
    tracer.startActiveSpan('chat gpt-4.1', (span) => {
      span.setAttributes({
        'gen_ai.operation.name': 'chat',
        'gen_ai.request.model': 'gpt-4.1',
        'gen_ai.usage.input_tokens': 1200,
        'gen_ai.usage.output_tokens': 30,
        'gen_ai.request.temperature': 0.5,
        'gen_ai.response.finish_reasons': ['stop'],
        'user.email': 'jane@example.com',
      })
      span.recordException(new Error('timed out'))
      span.setStatus({ code: 2, message: 'timed out' })
      span.end()
    })
    root.end()
  })
  await provider.shutdown()
}

describe('an application with the SDK of OpenTelemetry', () => {
  it.each<[string, (url: string) => JsonExporter]>([
    ['JSON', (url) => new JsonExporter({ url: `${url}/v1/traces` })],
    ['packed JSON', (url) => new JsonExporter({ url: `${url}/v1/traces`, compression: gzip })],
    ['protobuf', (url) => new ProtobufExporter({ url: `${url}/v1/traces` })],
    ['packed protobuf', (url) => new ProtobufExporter({ url: `${url}/v1/traces`, compression: gzip })],
  ])('is received by %s, under the privacy rules', async (_, exporterFor) => {
    const rules = 'capture:\n  privacy:\n    - { detect: [email], do: redact }\n'
    const { cwd, url, stop } = await receiver({}, project({}, rules))
    await runApplication(exporterFor(url))
    const report = await stop()
    expect(report).toMatchObject({ taken: 1, refused: {}, rejectedSpans: {}, lockedNow: true })
    expect(report.stored).toMatchObject({
      spans: { added: 3, updated: 0, unchanged: 0 },
      problems: [],
      redacted: { email: 1 },
    })
    const rows = stored(cwd, (db) =>
      db
        .prepare(
          `SELECT span.name, parent.name AS parent, span.kind, span.status, span.request_model AS model, span.input_tokens AS input, body
           FROM span JOIN span_content USING (id) LEFT JOIN span AS parent ON parent.span_id = span.parent_id ORDER BY span.name`,
        )
        .all(),
    ) as { body: string }[]
    expect(rows).toMatchObject([
      { name: 'answer', parent: null, status: 'unset' },
      { name: 'chat gpt-4.1', parent: 'answer', kind: 'llm', status: 'error', model: 'gpt-4.1', input: 1200 },
      { name: 'retrieve', parent: 'answer', kind: 'retriever' },
    ])
    expect(rows[1]!.body).toContain('"finishReasons":["stop"]')
    expect(rows.map(({ body }) => body).join()).not.toContain('jane@')
    const source = stored(cwd, (db) =>
      db.prepare('SELECT path, kind, state, format, records, redacted FROM source').all(),
    )
    expect(source).toEqual([
      {
        path: 'receive:127.0.0.1',
        kind: 'traces',
        state: 'complete',
        format: 'otlp',
        records: 1,
        redacted: '{"email":1}',
      },
    ])
  })

  it('sends its token, and is not received without', async () => {
    const token = 'a-token-of-24-characters'
    const { url, stop } = await receiver({ token })
    await runApplication(new ProtobufExporter({ url: `${url}/v1/traces` })).catch(() => {})
    const headers = { authorization: `Bearer ${token}` }
    await runApplication(new ProtobufExporter({ url: `${url}/v1/traces`, headers }))
    expect(await stop()).toMatchObject({ taken: 1, stored: { spans: { added: 3 } } })
  })
})

describe('--forward', () => {
  const accepted = answer(200, '{}')
  const forwardTo = (url: URL, headers = {}) => ({ forward: { base: new URL(url.origin), headers } })
  const rules = 'capture:\n  privacy:\n    - { detect: [email], do: redact }\n'

  it('sends on the very bytes, before any privacy rule, with the headers of the platform and none of the client', async () => {
    const { url: to, received } = await serve(accepted)
    const headers = { authorization: 'Bearer platform-key' }
    const { cwd, url, stop } = await receiver(forwardTo(to, headers), project({}, rules))
    const own = { authorization: 'Bearer of-the-application' }
    await runApplication(new ProtobufExporter({ url: `${url}/v1/traces`, compression: gzip, headers: own }))
    const { forward } = await stop()
    expect(forward).toEqual({
      to: `${to.origin}/`,
      forwarded: 1,
      failed: 0,
      pending: 0,
      failures: {},
      rejectedSpans: 0,
    })
    expect(received[0]).toMatchObject({ method: 'POST', path: '/v1/traces' })
    expect(received[0]!.headers).toMatchObject({
      authorization: 'Bearer platform-key',
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    })
    const sent = JSON.stringify(decodeTraces(gunzipSync(received[0]!.bytes)))
    expect(sent).toContain('jane@example.com')
    expect(stored(cwd, (db) => db.prepare('SELECT group_concat(body) FROM span_content').pluck().get())).not.toContain(
      'jane@',
    )
  })

  it('sends on metrics and logs too, and nothing that was not taken', async () => {
    const { url: to, received } = await serve(accepted)
    const { send, stop } = await receiver(forwardTo(to))
    for (const path of ['/v1/metrics', '/v1/logs']) await send({ path, body: '{"of":"the application"}' })
    await send({ body: '{' })
    expect((await stop()).forward).toMatchObject({ forwarded: 2, failed: 0 })
    expect(received.map(({ path, body }) => [path, body]).sort()).toEqual([
      ['/v1/logs', '{"of":"the application"}'],
      ['/v1/metrics', '{"of":"the application"}'],
    ])
  })

  it('tries again what may pass, after the time that it is asked for', async () => {
    const { url: to, received } = await serve(
      answer(429, '', { 'retry-after': '0' }),
      answer(503, '', { 'retry-after': '0' }),
      accepted,
    )
    const { send, stop } = await receiver(forwardTo(to))
    await send({ body: bodyOf(spansFrom(1, 1)) })
    expect((await stop()).forward).toMatchObject({ forwarded: 1, failed: 0, pending: 0 })
    expect(received).toHaveLength(3)
  })

  it.each([400, 401, 404, 500])(
    'gives up after %i, which OTLP does not repeat, and the application hears nothing of it',
    async (code) => {
      const { url: to, received } = await serve(answer(code, 'no'))
      const { cwd, send, stop } = await receiver(forwardTo(to))
      expect((await send({ body: bodyOf(spansFrom(1, 1)) })).status).toBe(200)
      expect((await stop()).forward).toMatchObject({
        forwarded: 0,
        failed: 1,
        pending: 0,
        failures: { [`traces: HTTP ${code}`]: 1 },
      })
      expect(received).toHaveLength(1)
      expect(stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get())).toBe(1)
    },
  )

  it('waits at a stop no longer than it may, and says what is pending', async () => {
    const { url: to } = await serve(hang)
    const { send, stop } = await receiver(forwardTo(to))
    for (let first = 1; first <= 6; first++)
      expect((await send({ body: bodyOf(spansFrom(first, 1)) })).status).toBe(200)
    const startedMs = performance.now()
    expect(await stop()).toMatchObject({ taken: 6, forward: { forwarded: 0, failed: 0, pending: 6 } })
    expect(performance.now() - startedMs).toBeLessThan(5000)
  })

  it('counts what the platform says it has not taken, in either encoding', async () => {
    const binary = Buffer.from([0x0a, 0x02, 0x08, 0x05]) // partial_success { rejected_spans: 5 }
    const { url: to } = await serve(
      answer(200, '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"quota"}}'),
      answer(200, binary, { 'content-type': 'application/x-protobuf' }),
      answer(200, 'fine'),
    )
    const { send, stop } = await receiver(forwardTo(to))
    for (let first = 1; first <= 3; first++) {
      await send({ body: bodyOf(spansFrom(first, 1)) })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect((await stop()).forward).toMatchObject({ forwarded: 3, rejectedSpans: 7 })
  })

  it('holds no more than a thousand, and counts what it drops', async () => {
    const { url: to } = await serve(hang)
    const { send, stop } = await receiver(forwardTo(to))
    for (let batch = 0; batch < 21; batch++)
      await Promise.all(Array.from({ length: 50 }, () => send({ path: '/v1/logs', body: '{}' })))
    expect((await stop()).forward).toMatchObject({
      ...{ forwarded: 0, failed: 50, pending: 1000, failures: { 'logs: too many were waiting': 50 } },
    })
  })

  it.each([
    ['https://otlp.example.com', '/v1/traces'],
    ['https://otlp.example.com/', '/v1/traces'],
    ['https://otlp.example.com/api/otel', '/api/otel/v1/traces'],
    ['https://otlp.example.com/api/otel/v1/traces', '/api/otel/v1/traces'],
    ['https://otlp.example.com/v1/traces/', '/v1/traces'],
  ])('takes %s as applications do', async (written, path) => {
    const { url: to, received } = await serve(accepted)
    const { base } = readForward(written, { headersEnv: undefined, env: {}, port: 4318 })
    const { send, stop } = await receiver({ forward: { base: new URL(base.pathname, to), headers: {} } })
    await send({ body: bodyOf(spansFrom(1, 1)) })
    await stop()
    expect(received.map((one) => one.path)).toEqual([path])
  })
})

describe('what receive is told', () => {
  const port = 4318

  it('as headers is read as OTEL_EXPORTER_OTLP_HEADERS is', () => {
    const env = { HEADERS: ' Authorization=Basic%20YTpi , x-team=a=b,empty=' }
    expect(readForward('https://otlp.example.com', { headersEnv: 'HEADERS', env, port }).headers).toEqual({
      authorization: 'Basic YTpi',
      'x-team': 'a=b',
      empty: '',
    })
  })

  it.each([['secret'], ['a=%E0%A4%A'], ['a b=secret'], ['a=1,,b=2']])(
    'as headers, and is none, is not repeated: %s',
    (text) => {
      const read = () =>
        readForward('https://otlp.example.com', { headersEnv: 'HEADERS', env: { HEADERS: text }, port })
      expect(read).toThrow(/^HEADERS holds no headers\.$/)
    },
  )

  it.each([
    [
      'http://otlp.example.com',
      { H: 'a=b' },
      'otlp.example.com is not asked over https, and the headers would be read on the way.',
    ],
    ['http://169.254.169.254', {}, /which serves machines their credentials/],
    ['http://localhost:4318', {}, '--forward names the receiver itself.'],
    ['http://[::1]:4318/v1/traces', {}, '--forward names the receiver itself.'],
    ['ftp://otlp.example.com', {}, /begins with ftp:/],
    ['otlp.example.com', {}, 'The endpoint is no address.'],
  ])('to forward to %s is refused', (written, env, message) => {
    const headersEnv = 'H' in env ? 'H' : undefined
    expect(() => readForward(written, { headersEnv, env, port })).toThrow(message)
  })

  it('to forward inside this machine is not, with or without headers', () => {
    expect(readForward('http://localhost:4319', { headersEnv: 'H', env: { H: 'a=b' }, port }).headers).toEqual({
      a: 'b',
    })
  })

  it('to listen on where others reach it needs a token', () => {
    expect(readListen('127.0.0.1', undefined)).toEqual({ host: '127.0.0.1', isLoopback: true })
    expect(readListen('::1', undefined)).toEqual({ host: '::1', isLoopback: true })
    for (const host of ['0.0.0.0', '::', '10.0.0.7', '::ffff:10.0.0.7']) {
      expect(() => readListen(host, undefined)).toThrow(`Whoever reaches ${host} could write into the store.`)
      expect(readListen(host, 'a-token-of-24-characters')).toEqual({ host, isLoopback: false })
    }
    for (const host of ['localhost', 'example.com', '', 'fe80::1%eth0', '127.1'])
      expect(() => readListen(host, undefined)).toThrow('--listen takes an address of this machine.')
  })

  it('as a token is long, and never repeated', () => {
    expect(readToken(undefined, {})).toBeUndefined()
    expect(readToken('T', { T: 'x'.repeat(16) })).toBe('x'.repeat(16))
    for (const T of ['x'.repeat(15), 'with a space in between'])
      expect(() => readToken('T', { T })).toThrow(
        /^The token in T is no token: 16 characters or more, none of them a space\.$/,
      )
    expect(() => readToken('T', {})).toThrow('The environment variable T is not set')
  })
})

describe('pilot receive', () => {
  it('stops after its time, with the summary', async () => {
    const { code, out, err } = await pilot(project({}), ['receive', '--port', '0', '--for', '50ms'])
    expect(out).toBe('receive:127.0.0.1: otlp, platform lantern, 0 records\n  nothing new\n  0 requests taken\n')
    expect(err).toMatch(
      /^Receiving on (http:\/\/127\.0\.0\.1:\d+): OTEL_EXPORTER_OTLP_ENDPOINT=\1\. Ctrl-C stops it\.\nNext: /,
    )
    expect(code).toBe(0)
  })

  it('says as JSON what came of it', async () => {
    const { out, err } = await pilot(project({}), ['receive', '--port', '0', '--for', '50ms', '--json'])
    expect(JSON.parse(out)).toMatchObject({
      ...{ schemaVersion: 1, stoppedBy: 'time', taken: 0, skipped: {}, refused: {}, rejectedSpans: {}, forward: null },
      ...{ lockedNow: false, stored: { platform: 'lantern', format: 'otlp', spans: { added: 0 } } },
    })
    expect(err).toBe('')
  })

  it('says that what is forwarded to a candidate is not what the candidate keeps', async () => {
    const { url: to } = await serve(answer(200, '{}'))
    const argv = ['receive', '--port', '0', '--for', '50ms', '--forward', to.origin]
    const cwd = project({}, '', '[{ id: lantern }]\n  baseline: logs')
    const said = 'What comes in counts for lantern, whether or not it keeps it.'
    expect((await pilot(cwd, [...argv, '--platform', 'lantern'])).err).toContain(said)
    expect((await pilot(cwd, [...argv, '--platform', 'logs'])).err).not.toContain(said)
    expect((await pilot(cwd, argv.slice(0, -2))).err).not.toContain(said)
  })

  it('warns where others reach it', async () => {
    const env = { T: 'a-token-of-24-characters' }
    const argv = ['receive', '--listen', '0.0.0.0', '--port', '0', '--token-env', 'T', '--for', '50ms', '-q']
    const { code, err } = await pilot(project({}), argv, { env })
    expect(err).toMatch(
      /^Other machines reach http:\/\/0\.0\.0\.0:\d+; the token keeps them out, and nothing is encrypted\.\n$/,
    )
    expect(code).toBe(0)
  })

  it.each([
    [['--listen', '0.0.0.0'], 'could write into the store'],
    [['--port', '70000'], 'Expected a number from 0 to 65535.'],
    [['--for', 'soon'], 'Expected a duration such as 5m, 30s or 1h.'],
    [['--for', '0s'], 'Expected a duration such as 5m, 30s or 1h.'],
    [['--until-spans', '0'], 'Expected a number from 1 on.'],
    [['--forward-header-env', 'H'], '--forward-header-env is for --forward.'],
    [['--platform', 'lanten'], 'Did you mean lantern?'],
    [['--token-env', 'UNSET'], 'The environment variable UNSET is not set'],
  ])('refuses %s before it listens', async (argv, message) => {
    const { code, err } = await pilot(project({}), ['receive', '--for', '1s', '--port', '0', ...argv])
    expect(code).toBe(2)
    expect(err).toContain(message)
  })

  it('shows on a terminal what has come, and at the end what was wrong with it', async () => {
    const cwd = project({})
    const [out, err]: string[][] = [[], []]
    const write = (text: string) => {
      err!.push(text)
      const [url] = /http:\S+(?=:)/.exec(text) ?? []
      if (url === undefined) return
      const attributes = [{ value: { stringValue: 'without a key' } }]
      void send(url, { body: bodyOf([...spansFrom(1, 1, { attributes }), ...spansFrom(2, 1)]) })
    }
    const code = await main(['receive', '--port', '0', '--until-spans', '2', '--for', '20s'], {
      ...{ stdin: Readable.from([]), stdout: { write: (text) => out!.push(text) }, stderr: { write, isTTY: true } },
      ...{ env: {}, cwd, nowMs: Date.now },
    })
    const problem =
      'resourceSpans.0.scopeSpans.0.spans.0: attributes: 1 not readable as {key, value} within 200 levels; left out'
    expect(err!.join('')).toContain(`\r\u001b[K1 requests, 2 spans\r\u001b[K`)
    expect(err!.join('')).toContain(`\nproblem receive:127.0.0.1: ${problem}\n`.slice(1))
    expect(err!.join('')).toContain('The criteria are locked now')
    expect(existsSync(`${cwd}/pilot.lock`)).toBe(true)
    expect(out!.join('')).toBe(
      'receive:127.0.0.1: otlp, platform lantern, 1 records\n  spans: 2 added, 0 updated, 0 unchanged\n  1 requests taken\n',
    )
    expect(code).toBe(0)
  })

  it('does not listen where pilot.lock was edited by hand', async () => {
    const cwd = project({})
    await pilot(cwd, ['lock'])
    writeFileSync(`${cwd}/pilot.lock`, readFileSync(`${cwd}/pilot.lock`, 'utf8').replace('>= 95 %', '>= 5 %'))
    const { code, err } = await pilot(cwd, ['receive', '--port', '0', '--for', '1s'])
    expect([code, err]).toEqual([2, expect.stringContaining('the file was edited by hand')])
  })

  it('stops when so many spans have come, and they are counted by what was stored of them', async () => {
    const { send, ended } = await receiver({ untilSpans: 7 })
    await send({ body: bodyOf(spansFrom(1, 3)) })
    await send({ body: bodyOf(spansFrom(1, 3)) })
    await send({ body: bodyOf(spansFrom(9, 1)) })
    expect(await ended).toMatchObject({ stoppedBy: 'spans', taken: 3, stored: { spans: { added: 4, unchanged: 3 } } })
  })

  it('adds to the source what comes in later at the same address', async () => {
    const first = await receiver()
    await first.send({ body: bodyOf(spansFrom(1, 2)) })
    await first.stop()
    const again = await receiver({}, first.cwd)
    await again.send({ body: bodyOf(spansFrom(1, 3)) })
    expect(await again.stop()).toMatchObject({ lockedNow: false })
    const sources = stored(first.cwd, (db) => db.prepare('SELECT path, records FROM source').all())
    expect(sources).toEqual([{ path: 'receive:127.0.0.1', records: 2 }])
  })

  it('keeps what came in under other privacy rules, apart from what comes in now', async () => {
    const { cwd, send, stop } = await receiver()
    await send({ body: bodyOf(spansFrom(1, 2)) })
    await stop()
    appendFileSync(`${cwd}/pilot.yaml`, 'capture:\n  privacy:\n    - { detect: [email], do: redact }\n')
    const now = await receiver({}, cwd)
    await now.send({ body: bodyOf(spansFrom(9, 1)) })
    await now.stop()
    const found = stored(cwd, (db) =>
      db
        .prepare(
          'SELECT path, count(*) AS spans FROM source JOIN span_source ON source = source.id GROUP BY path ORDER BY path',
        )
        .all(),
    )
    expect(found).toEqual([
      { path: 'receive:127.0.0.1', spans: 2 },
      { path: expect.stringMatching(/^receive:127\.0\.0\.1 rules [0-9a-f]{16}$/), spans: 1 },
    ])
  })
})
