import { gzipSync } from 'node:zlib'
import protobuf from 'protobufjs/light.js'
import { describe, expect, it } from 'vitest'
import { decodeTraces, hasTooManyParts } from '../src/io/otlp-protobuf.js'
import { otlpSchema } from '../src/io/otlp-schema.js'
import { countSpans } from '../src/store/spans.js'
import { stored } from './project.js'
import { receiver } from './receiver.js'
import { randomOf, seeded } from './seed.js'

/** Bytes of protobuf, by hand: a tag, and what stands behind it. */
const tag = (field: number, wireType: number) => varint((field << 3) | wireType)
const varint = (value: number): Buffer =>
  value < 128
    ? Buffer.from([value])
    : Buffer.concat([Buffer.from([(value % 128) | 128]), varint(Math.floor(value / 128))])
const bytes = (field: number, ...parts: readonly Uint8Array[]) => {
  const body = Buffer.concat(parts)
  return Buffer.concat([tag(field, 2), varint(body.length), body])
}
const text = (field: number, value: string) => bytes(field, Buffer.from(value))
const fixed64 = (field: number, value: bigint) => {
  const body = Buffer.alloc(8)
  body.writeBigUInt64LE(value)
  return Buffer.concat([tag(field, 1), body])
}
const number = (field: number, value: number) => Buffer.concat([tag(field, 0), varint(value)])
const double = (field: number, value: number) => {
  const body = Buffer.alloc(8)
  body.writeDoubleLE(value)
  return Buffer.concat([tag(field, 1), body])
}
const longest = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]) // 2^63 − 1

const attribute = (key: string, ...value: readonly Uint8Array[]) => bytes(9, text(1, key), bytes(2, ...value))

/** A request with one span that has a field of every kind, and of no kind that is known. */
const wholeSpan = [
  bytes(1, Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex')),
  bytes(2, Buffer.from('b7ad6b7169203331', 'hex')),
  text(3, 'vendor=1'),
  bytes(4, Buffer.from('00f067aa0ba902b7', 'hex')),
  text(5, 'chat'),
  number(6, 3),
  fixed64(7, 1772445600123456789n),
  fixed64(8, 1772445601000000000n),
  attribute('text', text(1, 'Grüße')),
  attribute('empty', text(1, '')),
  attribute('no', number(2, 0)),
  attribute('seven', number(3, 7)),
  attribute('longest', tag(3, 0), longest),
  attribute('half', double(4, 0.5)),
  attribute('none', double(4, Number.NaN)),
  attribute('list', bytes(5, bytes(1, text(1, 'a')), bytes(1, number(3, 2)))),
  attribute('map', bytes(6, bytes(1, text(1, 'k'), bytes(2, number(2, 1))))),
  attribute('bytes', bytes(7, Buffer.from([1, 2, 255]))),
  attribute('nothing'),
  bytes(11, fixed64(1, 1772445600500000000n), text(2, 'first token')),
  bytes(13, bytes(1, Buffer.alloc(16, 1)), bytes(2, Buffer.alloc(8, 2))),
  bytes(15, text(2, 'timed out'), number(3, 2)),
  bytes(99, Buffer.from('of a later version')),
]
const requestOf = (...span: readonly Uint8Array[]) =>
  bytes(
    1,
    bytes(1, bytes(1, text(1, 'service.name'), bytes(2, text(1, 'shop')))),
    bytes(2, bytes(1, text(1, 'made')), bytes(2, ...span)),
  )
const whole = requestOf(...wholeSpan)

const headers = { 'content-type': 'application/x-protobuf' }
const response = protobuf.Root.fromJSON(otlpSchema).lookupType('Response')
const status = protobuf.Root.fromJSON(otlpSchema).lookupType('Status')

describe('a request in protobuf', () => {
  it('says the same as in JSON', () => {
    expect(decodeTraces(whole)).toEqual({
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [
            {
              scope: { name: 'made' },
              spans: [
                {
                  traceId: '0af7651916cd43dd8448eb211c80319c',
                  spanId: 'b7ad6b7169203331',
                  traceState: 'vendor=1',
                  parentSpanId: '00f067aa0ba902b7',
                  name: 'chat',
                  kind: 3,
                  startTimeUnixNano: '1772445600123456789',
                  endTimeUnixNano: '1772445601000000000',
                  attributes: [
                    { key: 'text', value: { stringValue: 'Grüße' } },
                    { key: 'empty', value: { stringValue: '' } },
                    { key: 'no', value: { boolValue: false } },
                    { key: 'seven', value: { intValue: '7' } },
                    { key: 'longest', value: { intValue: '9223372036854775807' } },
                    { key: 'half', value: { doubleValue: 0.5 } },
                    { key: 'none', value: { doubleValue: 'NaN' } },
                    { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '2' }] } } },
                    { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
                    { key: 'bytes', value: { bytesValue: 'AQL/' } },
                    { key: 'nothing', value: {} },
                  ],
                  events: [{ timeUnixNano: '1772445600500000000', name: 'first token' }],
                  links: [{ traceId: '01'.repeat(16), spanId: '02'.repeat(8) }],
                  status: { message: 'timed out', code: 2 },
                },
              ],
            },
          ],
        },
      ],
    })
  })

  it('is stored as in JSON, and answered in protobuf', async () => {
    const [binary, json] = [await receiver(), await receiver()]
    const got = await binary.send({ body: whole, headers })
    expect([got.status, got.headers['content-type'], got.body.length]).toEqual([200, 'application/x-protobuf', 0])
    await json.send({ body: JSON.stringify(decodeTraces(whole)) })
    const rows = [binary, json].map(({ cwd }) =>
      stored(cwd, (db) => db.prepare('SELECT * FROM span JOIN span_content USING (id)').all()),
    )
    expect(rows[0]).toHaveLength(1)
    expect(rows[0]).toEqual(rows[1])
    expect(rows[0]![0]).toMatchObject({ trace_id: '0af7651916cd43dd8448eb211c80319c', status: 'error' })
  })

  it('is taken packed, and empty', async () => {
    const { send, stop } = await receiver()
    const packed = { ...headers, 'content-encoding': 'gzip' }
    expect(await send({ body: gzipSync(whole), headers: packed })).toMatchObject({ status: 200 })
    expect(await send({ body: '', headers })).toMatchObject({ status: 200 })
    expect(await stop()).toMatchObject({ taken: 2, stored: { spans: { added: 1 } } })
  })

  it('is told in protobuf what was not taken, and why', async () => {
    const { send } = await receiver()
    const withoutTrace = requestOf(...wholeSpan.slice(1))
    const partly = await send({ body: Buffer.concat([whole, withoutTrace]), headers })
    expect(response.toObject(response.decode(partly.body), { longs: String })).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: '1 spans rejected: trace id is not 16 bytes long' },
    })
    const bad = await send({ body: whole.subarray(1), headers })
    expect([bad.status, bad.headers['content-type']]).toEqual([400, 'application/x-protobuf'])
    expect(status.toObject(status.decode(bad.body))).toEqual({
      code: 3,
      message: 'The body cannot be read as protobuf.',
    })
  })

  it('that nests without end is refused', async () => {
    const { send } = await receiver()
    let value = text(1, 'deep')
    for (let depth = 0; depth < 5000; depth++) value = bytes(5, bytes(1, value))
    const body = requestOf(...wholeSpan.slice(0, 2), attribute('deep', value))
    expect((await send({ body, headers })).status).toBe(400)
  })
})

/** The fields of a message of the schema. */
const fieldsOf = (type: protobuf.Type) => Object.values(type.fields)

/** Every way to break off or to mistake the type of one field of a message. */
function broken(type: protobuf.Type): Buffer[] {
  return fieldsOf(type).flatMap(({ id, type: kind }) => {
    const wireType =
      kind === 'double' || kind === 'fixed64' ? 1 : kind === 'fixed32' ? 5 : /int|bool/.test(kind) ? 0 : 2
    // A group that ends without having begun, and a value that is not there.
    return [
      tag(id, 4),
      tag(id, wireType),
      ...(wireType === 2 ? [Buffer.concat([tag(id, 2), varint(9), Buffer.from([1])])] : []),
    ]
  })
}

/** Where messages of a type may stand in a request: what is around them. */
const around: Record<string, (message: Buffer) => Buffer> = {
  Request: (message) => message,
  ResourceSpans: (message) => bytes(1, message),
  Resource: (message) => bytes(1, bytes(1, message)),
  EntityRef: (message) => bytes(1, bytes(1, bytes(3, message))),
  ScopeSpans: (message) => bytes(1, bytes(2, message)),
  Scope: (message) => bytes(1, bytes(2, bytes(1, message))),
  Span: (message) => requestOf(message),
  Event: (message) => requestOf(bytes(11, message)),
  Link: (message) => requestOf(bytes(13, message)),
  SpanStatus: (message) => requestOf(bytes(15, message)),
  KeyValue: (message) => requestOf(bytes(9, message)),
  AnyValue: (message) => requestOf(bytes(9, bytes(2, message))),
  ArrayValue: (message) => requestOf(bytes(9, bytes(2, bytes(5, message)))),
  KeyValueList: (message) => requestOf(bytes(9, bytes(2, bytes(6, message)))),
}

describe('bytes that are no request', () => {
  const root = protobuf.Root.fromJSON(otlpSchema)
  const failing = Object.entries(around).flatMap(([name, place]) => broken(root.lookupType(name)).map(place))

  it('are refused, whichever field is broken in whichever way', async () => {
    const { cwd, send, stop } = await receiver()
    expect(failing.length).toBeGreaterThan(120)
    for (const body of failing) expect((await send({ body, headers })).status, body.toString('hex')).toBe(400)
    expect(await stop()).toMatchObject({ taken: 0 })
    expect(stored(cwd, (db) => db.prepare('SELECT count(*) FROM span').pluck().get())).toBe(0)
  })

  it('are refused at every length at which a request is cut inside of it', () => {
    // The request is one field, so that every cut is inside of it.
    for (let length = 1; length < whole.length; length++)
      expect(decodeTraces(whole.subarray(0, length)), `${length}`).toBeUndefined()
    expect(decodeTraces(whole)).not.toBeUndefined()
  })

  it('never crash it, mutated or random, in both encodings', async () => {
    const random = randomOf(seeded('receive'))
    const { cwd, send, stop, url } = await receiver()
    const json = Buffer.from(JSON.stringify(decodeTraces(whole)))
    const mutate = (valid: Buffer): Buffer => {
      const bytes = Buffer.from(valid)
      for (let times = 1 + random() * 4; times > 0; times--) bytes[Math.floor(random() * bytes.length)] = random() * 256
      return random() < 0.2 ? bytes.subarray(0, random() * bytes.length) : bytes
    }
    const noise = () => Buffer.from(Array.from({ length: random() * 300 }, () => random() * 256))
    const statuses = new Map<number, number>()
    for (let times = 0; times < 1500; times++) {
      const isJson = random() < 0.5
      const body = random() < 0.8 ? mutate(isJson ? json : whole) : noise()
      const got = await send({ body, headers: isJson ? {} : headers })
      statuses.set(got.status, (statuses.get(got.status) ?? 0) + 1)
    }
    expect([...statuses.keys()].sort()).toEqual([200, 400])
    expect((await send({ body: whole, headers })).status, url).toBe(200)
    // Throws where any of them met a bug.
    const { taken, refused } = await stop()
    expect(taken + Object.values(refused).reduce((sum, times) => sum + times, 0)).toBe(1501)
    expect(Object.keys(refused).length).toBeLessThan(60)
    expect(stored(cwd, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok')
  })
})

describe('parts of a request', () => {
  /** So many parts in all: the groups of a resource and of a scope, and spans of two bytes each. */
  const empty = (parts: number) => bytes(1, bytes(2, Buffer.from('1200'.repeat(parts - 2), 'hex')))

  it('are counted before they are made, at any depth', () => {
    expect(hasTooManyParts(empty(500_000))).toBe(false)
    expect(hasTooManyParts(empty(500_001))).toBe(true)
    expect(hasTooManyParts(requestOf(Buffer.from('4a00'.repeat(500_000), 'hex')))).toBe(true)
    expect(hasTooManyParts(whole)).toBe(false)
    expect(hasTooManyParts(whole.subarray(0, 40))).toBe(false)
  })

  it('that are too many are refused as too large, however small they are packed', async () => {
    const { send, stop, cwd } = await receiver()
    const sent = await send({ headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(empty(600_000)) })
    expect(sent.status).toBe(413)
    expect((await send({ headers, body: whole })).status).toBe(200)
    expect((await stop()).taken).toBe(1)
    expect(stored(cwd, countSpans)).toBe(1)
  })
})
