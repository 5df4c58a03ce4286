import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, Span } from '../src/core/span.js'
import { dialects } from '../src/formats/dialects/dialects.js'
import { resolveSpan } from '../src/formats/dialects/resolve.js'
import { emptyReading, type Format, type KeyPaths, type RawSpan, type Reading } from '../src/formats/format.js'
import { readId, readParentId } from '../src/formats/ids.js'
import { detectFormat, formats } from '../src/formats/index.js'
import { parseJson } from '../src/formats/json.js'
import { nativeSchema } from '../src/formats/native/schema.js'
import { otlp } from '../src/formats/otlp.js'
import { msOfIso, msOfNanos, readNanos } from '../src/formats/time.js'

const fixtures = new URL('../fixtures/formats/', import.meta.url)
const text = (name: string) => readFileSync(new URL(name, fixtures), 'utf8')
const lines = (name: string): Json[] =>
  text(name)
    .trim()
    .split('\n')
    .map((line) => parseJson(line)!)
/** As the store would write it: without undefined fields and without prototypes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

/** The records of one file as its format reads them, in order where it asks for that. */
function readAll(format: Format, records: Json[], keys: KeyPaths = {}): Reading {
  const all = emptyReading()
  const reader = format.open?.(keys)
  const readings = records.map((record) => (reader ? reader.read(record) : format.read(record, keys)))
  for (const reading of [...readings, ...(reader ? [reader.end()] : [])]) {
    for (const list of ['spans', 'scores', 'feedback', 'prompts', 'deleted', 'problems', 'unexpected'] as const)
      (all[list] as unknown[]).push(...reading[list])
    for (const reason of Object.keys(reading.skipped))
      all.skipped[reason] = (all.skipped[reason] ?? 0) + reading.skipped[reason]!
  }
  return all
}

/** A reading without the lists that are empty, as fixtures write it. */
function told(reading: Reading): object {
  const { prompts, deleted, unexpected, ...rest } = reading
  const more = Object.entries({ prompts, deleted, unexpected }).filter(([, list]) => list.length > 0)
  return { ...rest, ...Object.fromEntries(more) }
}

const raw = (given: Partial<RawSpan> & { attributes: RawSpan['attributes'] }): RawSpan => ({
  traceId: 't',
  spanId: 's',
  parentId: 'p',
  name: 'step',
  status: 'unset',
  events: [],
  links: [],
  resource: {},
  ...given,
})
const resolve = (attributes: RawSpan['attributes'], keys: KeyPaths = {}) => resolveSpan(raw({ attributes }), keys).span

describe('every format', () => {
  test.each(formats.map((format) => format.name))('%s reads its fixture as expected', (name) => {
    const records = lines(`${name}.jsonl`)
    expect(records.map((record) => formats.filter((each) => each.detects(record)).map((each) => each.name))).toEqual(
      records.map(() => [name]),
    )
    const format = formats.find((each) => each.name === name)!
    expect(plain(told(readAll(format, records)))).toEqual(JSON.parse(text(`${name}.expected.json`)))
  })

  test.each(formats.map((format) => [format.name, format] as const))(
    '%s survives any value in any place of its records',
    (name, format) => {
      const strange = fc.constantFrom<Json>(
        null,
        true,
        -1,
        1e300,
        '',
        'x',
        [],
        {},
        [[[]]],
        { __proto__: 1 },
        [{ key: 1 }],
        '9'.repeat(400),
      )
      const records = lines(`${name}.jsonl`)
      const places = records.flatMap((record, index) => pathsOf(record).map((path) => ({ index, path })))
      fc.assert(
        fc.property(fc.constantFrom(...places), strange, ({ index, path }, value) => {
          const record = replaced(records[index]!, path, value)
          if (!format.detects(record)) return
          const reading = readAll(format, [record], { tenant: ['metadata.tenant_id'], user: ['x.y.z'] })
          const refused = reading.problems.filter((problem) => problem.endsWith('span left out'))
          if (name === 'native' || name === 'otlp')
            expect(reading.spans.length + refused.length).toBe(name === 'native' ? 1 : spansIn(record))
          expect(reading.spans.filter((span) => !isSound(span))).toEqual([])
          expect(JSON.stringify(reading.problems)).not.toContain('99999')
        }),
        { numRuns: 600, seed: 7 },
      )
    },
  )
})

/** Ids and a name are text, numbers are numbers, and what is counted is not below 0. */
function isSound({ traceId, spanId, name, startMs, endMs, usage, costUsd }: Span): boolean {
  const texts = [traceId, spanId, name].every((value) => typeof value === 'string')
  const numbers = [startMs, endMs, costUsd, ...Object.values(usage ?? {}).filter((value) => value !== true)]
  return texts && traceId !== '' && spanId !== '' && numbers.every((value) => value === undefined || Number(value) >= 0)
}

/** How many spans a record of OTLP holds, counted without reading it: the lengths of all lists named `spans`. */
function spansIn(value: Json): number {
  if (typeof value !== 'object' || value === null) return 0
  const entries = Object.entries(value)
  return entries.reduce(
    (sum, [key, child]) => sum + (key === 'spans' && Array.isArray(child) ? child.length : spansIn(child)),
    0,
  )
}

function pathsOf(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))]
}

function replaced(value: Json, path: string[], by: Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return by
  if (Array.isArray(value))
    return value.map((child, index) => (String(index) === key ? replaced(child, rest, by) : child))
  const object = value as { [key: string]: Json }
  return { ...object, [key]: replaced(object[key]!, rest, by) }
}

describe('dialects', () => {
  const pairs = readdirSync(new URL('dialects/', fixtures))
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.replace('.jsonl', ''))

  test('every vocabulary has a fixture', () => {
    expect(pairs).toEqual(expect.arrayContaining(dialects.map(({ name }) => name)))
    for (const name of pairs) expect(existsSync(new URL(`dialects/${name}.expected.json`, fixtures))).toBe(true)
  })

  test.each(pairs)('%s spans resolve as expected', (name) => {
    const found = lines(`dialects/${name}.jsonl`).map((line) => {
      const { parentId, ...given } = line as unknown as Partial<RawSpan> & { attributes: RawSpan['attributes'] }
      return resolveSpan(raw({ ...given, parentId: parentId === null ? undefined : (parentId ?? 'p') }), {})
    })
    const expected = JSON.parse(text(`dialects/${name}.expected.json`)) as { span: object }[]
    const wanted = expected.map((one, index) => {
      const root = (lines(`dialects/${name}.jsonl`)[index] as { parentId?: null }).parentId !== undefined
      return {
        scores: [],
        feedback: [],
        problems: [],
        ...one,
        span: { traceId: 't', spanId: 's', ...(root ? {} : { parentId: 'p' }), ...one.span },
      }
    })
    expect(plain(found)).toEqual(wanted)
  })

  test('configured keys come before every convention, wherever they are kept', () => {
    const keys: KeyPaths = {
      tenant: ['metadata.tenant_id'],
      user: ['app.user', 'user.id'],
      release: ['resource.build.sha'],
      request: ['http.id'],
    }
    const tenant = (attributes: RawSpan['attributes']) => resolve({ 'tenant.id': 'loses', ...attributes }, keys).tenant
    expect(tenant({ 'metadata.tenant_id': 'flat' })).toBe('flat')
    expect(tenant({ metadata: '{"tenant_id":"json text"}' })).toBe('json text')
    expect(tenant({ metadata: { tenant_id: 'object' } })).toBe('object')
    expect(tenant({ 'langfuse.trace.metadata': '{"tenant_id":"langfuse"}' })).toBe('langfuse')
    expect(tenant({ 'traceloop.association.properties.tenant_id': 'traceloop' })).toBe('traceloop')
    expect(tenant({ metadata: '{"tenant_id":' })).toBe('loses')
    expect(resolve({ 'user.id': 'second', 'app.user': '' }, keys).user).toBe('second')
    expect(resolve({ http: { id: 7 } }, keys).request).toBe('7')
    const { span } = resolveSpan(
      raw({ attributes: {}, resource: { 'build.sha': 'abc', 'service.version': '1' } }),
      keys,
    )
    expect(span.release).toBe('abc')
  })

  test('an attribute that wins leaves the rest, one that loses stays', () => {
    const span = resolve({ 'user.id': 'a', 'enduser.id': 'b', custom: 1 })
    expect([span.user, plain(span.content.attributes)]).toEqual(['a', { 'enduser.id': 'b', custom: 1 }])
  })

  test('an exception is an error, a cancellation is not, and an explicit ok stands', () => {
    const status = (type: string, given: RawSpan['status']) =>
      resolveSpan(
        raw({ attributes: {}, status: given, events: [{ name: 'exception', attributes: { 'exception.type': type } }] }),
        {},
      ).span.status
    expect(status('ValueError', 'unset')).toBe('error')
    expect(status('asyncio.exceptions.CancelledError', 'unset')).toBe('unset')
    expect(status('ValueError', 'ok')).toBe('ok')
  })

  test('HTTP 429 fails a model call, while a plain HTTP span keeps the verdict of its instrumentation', () => {
    const attributes = { 'http.response.status_code': 429 }
    expect(resolve({ ...attributes, 'gen_ai.operation.name': 'chat' }).status).toBe('error')
    expect(resolve(attributes).status).toBe('unset')
  })
})

describe('hostile records', () => {
  const record = (attributes: Json): Json => ({
    resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'a1', spanId: 'b2', name: 'x', attributes }] }] }],
  })

  test('prototype keys are data at every level', () => {
    const json = `{"__proto__":{"resourceSpans":1},"resourceSpans":[{"__proto__":{},"resource":{"attributes":[{"key":"__proto__","value":{"stringValue":"r"}}]},
      "scopeSpans":[{"spans":[{"__proto__":{"x":1},"traceId":"a1","spanId":"b2","name":"x","attributes":[
        {"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"__proto__","value":{"stringValue":"deep"}}]}}},
        {"key":"constructor","value":{"stringValue":"c"}},
        {"key":"gen_ai.request.__proto__","value":{"stringValue":"s"}},
        {"key":"gen_ai.prompt.variable.constructor","value":{"stringValue":"v"}},
        {"key":"llm.input_messages.0.__proto__.role","value":{"stringValue":"m"}},
        {"key":"metadata","value":{"stringValue":"{\\"__proto__\\":{\\"tenant_id\\":\\"evil\\"}}"}}]}]}]}]}`
    const { spans, problems } = otlp.read(JSON.parse(json), { tenant: ['metadata.tenant_id', '__proto__.tenant_id'] })
    const attributes = spans[0]!.content.attributes!
    expect(Object.keys(attributes)).toEqual([
      '__proto__',
      'constructor',
      'gen_ai.request.__proto__',
      'gen_ai.prompt.variable.constructor',
      'llm.input_messages.0.__proto__.role',
      'metadata',
    ])
    expect([spans[0]!.tenant, spans[0]!.content.settings, problems, ({} as { tenant_id?: string }).tenant_id]).toEqual([
      undefined,
      undefined,
      [],
      undefined,
    ])
  })

  test('sparse indices cost nothing, more than 1,000 items are named and kept', () => {
    const sparse = resolve({
      'llm.input_messages.999999999.message.content': 'last',
      'llm.input_messages.3.message.content': 'first',
    })
    expect(sparse.content.inputMessages?.map(({ content }) => content)).toEqual(['first', 'last'])
    const many = Object.fromEntries(
      Array.from({ length: 1003 }, (_, index) => [`llm.input_messages.${index}.message.content`, 'm']),
    )
    const { span, problems } = resolveSpan(raw({ attributes: many }), {})
    expect(span.content.inputMessages).toHaveLength(1000)
    expect(Object.keys(span.content.attributes!)).toHaveLength(3)
    expect(problems).toEqual(['llm.input_messages: more than 1000 items; 3 attributes of the others stay attributes'])
  })

  test('the time for 100,000 flattened attributes grows with their number', () => {
    const time = (count: number) => {
      const keys = (index: number) =>
        `llm.input_messages.${index % 900}.message.tool_calls.${index % 7}.tool_call.part${index}`
      const attributes = Array.from({ length: count }, (_, index) => ({
        key: keys(index),
        value: { stringValue: 'v' },
      }))
      const started = performance.now()
      otlp.read(record(attributes), {})
      return performance.now() - started
    }
    time(10_000)
    expect(time(100_000)).toBeLessThan(Math.max(10 * 8 * time(10_000), 15_000))
  })

  test('nesting beyond 200 levels is left out with a problem, without a stack overflow', () => {
    let value: Json = { stringValue: 'bottom' }
    for (let level = 0; level < 50_000; level++) value = { arrayValue: { values: [value] } }
    const { spans, problems } = otlp.read(
      record([
        { key: 'deep', value },
        { key: 'flat', value: { intValue: '1' } },
      ]),
      {},
    )
    expect(plain(spans[0]!.content.attributes)).toEqual({ flat: 1 })
    expect(problems).toEqual([
      'resourceSpans.0.scopeSpans.0.spans.0: attributes: 1 not readable as {key, value} within 200 levels; left out',
    ])
    expect(parseJson('['.repeat(50_000) + ']'.repeat(50_000))).toBeUndefined()
  })
})

describe('JSON inside text', () => {
  test('integers beyond 2^53 keep their digits, in numbers only', () => {
    expect(
      parseJson('{"id":9007199254740993,"text":"9007199254740993","ratio":0.1234567890123456,"low":-9007199254740993}'),
    ).toEqual({
      id: '9007199254740993',
      text: '9007199254740993',
      ratio: 0.1234567890123456,
      low: '-9007199254740993',
    })
  })

  test('a megabyte that was cut off inside a string of escaped quotes is given up at once', () => {
    const started = performance.now()
    expect(parseJson(`{"id":9007199254740993,"text":"${'\\"'.repeat(500_000)}`)).toBeUndefined()
    expect(resolve({ 'gen_ai.prompt.name': '#'.repeat(1_000_000) }).promptName).toHaveLength(1_000_000)
    expect(performance.now() - started).toBeLessThan(20_000)
  })
})

test('the details of an inference that arrive as a log are the content of their span', () => {
  const messages = '[{"role":"user","parts":[{"type":"text","content":"Hi"}]}]'
  const log = {
    eventName: 'gen_ai.client.inference.operation.details',
    traceId: 'AB',
    spanId: 'CD',
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4.1' } },
      { key: 'gen_ai.input.messages', value: { stringValue: messages } },
    ],
  }
  const { spans, skipped } = otlp.read(
    { resourceLogs: [{ scopeLogs: [{ logRecords: [log, { ...log, spanId: '' }] }] }] },
    {},
  )
  expect(plain(spans)).toMatchObject([
    {
      traceId: 'ab',
      spanId: 'cd',
      name: 'chat gpt-4.1',
      kind: 'llm',
      content: { inputMessages: [{ role: 'user', content: 'Hi' }] },
    },
  ])
  expect([spans.length, spans[0]!.startMs, spans[0]!.workflow, skipped]).toEqual([1, undefined, undefined, {}])
})

describe('detection', () => {
  test("records of other platforms are not taken for pilot's own", () => {
    const own = { trace_id: 't', span_id: 's', name: 'n', start: 1754300000000 }
    expect(detectFormat(own)?.name).toBe('native')
    const foreigners: { [key: string]: Json }[] = [
      { start_time: '2025' },
      { context: {} },
      { span_kind: 'LLM' },
      { root_span_id: 'r' },
      { event: 'start' },
    ]
    for (const foreign of foreigners) expect(detectFormat({ ...own, ...foreign })?.name).not.toBe('native')
    for (const other of [null, 1, 'x', [], { id: 1 }, { trace: { id: 1 } }] as Json[])
      expect(detectFormat(other)).toBeUndefined()
  })

  test('the schema of the native format describes every key and names the four that are required', () => {
    expect(nativeSchema.required).toEqual(['trace_id', 'span_id', 'name', 'start'])
    for (const [key, property] of Object.entries(nativeSchema.properties))
      expect([key, property.description]).not.toContain(undefined)
  })
})

describe('ids and times', () => {
  test('ids are decided one by one: hex, base64, or text as given', () => {
    expect(readId('5B8EFFF798038103D269B633813FC60C', 16)).toBe('5b8efff798038103d269b633813fc60c')
    expect(readId('tH12H+eb6IruQTQs3VJyaA==', 16)).toBe('b47d761fe79be88aee41342cdd527268')
    expect(readId('ziprJqtLsl8=', 8)).toBe('ce2a6b26ab4bb25f')
    expect(readId('0xAB', 8)).toBe('ab')
    expect(readId('live-trace-1', 16)).toBe('live-trace-1')
    expect(readId('pm-orch-028=', 8)).not.toBe('')
    expect([readId('', 8), readId(7, 8), readId(undefined, 16)]).toEqual([undefined, undefined, undefined])
    expect([
      readParentId(''),
      readParentId('0000000000000000'),
      readParentId('AAAAAAAAAAA='),
      readParentId(null),
    ]).toEqual(Array(4).fill(undefined))
    expect(readParentId('00000000000000a1')).toBe('00000000000000a1')
  })

  test('nanoseconds keep every digit and become milliseconds with microseconds', () => {
    expect([
      readNanos('1784744268112921993'),
      readNanos(1751474840296146000),
      readNanos('0'),
      readNanos(0),
      readNanos(-1),
      readNanos('1e9'),
    ]).toEqual(['1784744268112921993', '1751474840296146000', undefined, undefined, undefined, undefined])
    expect([
      msOfNanos('1784744268112921993'),
      msOfNanos('1999999'),
      msOfNanos('999'),
      msOfNanos('1751474840999999600'),
    ]).toEqual([1784744268112.922, 2, 0.001, 1751474841000])
  })

  test('ISO times without a zone are UTC, and dates that do not exist are refused', () => {
    expect(msOfIso('2025-08-04T09:33:20')).toBe(1754300000000)
    expect(msOfIso('2025-08-04 09:33:20.1234567Z')).toBe(1754300000123.457)
    expect(msOfIso('2025-08-04T11:33:20+02:00')).toBe(1754300000000)
    expect(msOfIso('2025-08-04T04:03:20-0530')).toBe(1754300000000)
    expect(msOfIso('2025-08-04')).toBe(1754265600000)
    expect([
      msOfIso('2025-02-30T00:00:00Z'),
      msOfIso('2025-13-01'),
      msOfIso('2025-08-04T24:00:00'),
      msOfIso('yesterday'),
    ]).toEqual(Array(4).fill(undefined))
  })
})

const examples = new URL('../../shared/hostile/otlp/opentelemetry-proto/examples/', import.meta.url)

describe.skipIf(!existsSync(examples))('the examples of the OTLP specification (../shared/hostile)', () => {
  const reading = (name: string) => otlp.read(JSON.parse(readFileSync(new URL(name, examples), 'utf8')), {})

  test('the trace is one span, metrics and logs are skipped and counted', () => {
    expect(reading('trace.json').spans.map(({ name }) => name)).toEqual(["I'm a server span"])
    expect(reading('trace.json').spans[0]!.content.scope).toBe('my.library')
    expect([reading('metrics.json').skipped, reading('logs.json').skipped, reading('events.json').skipped]).toEqual([
      { metrics: 1 },
      { logs: 1 },
      { logs: 1 },
    ])
  })
})
