/** A record as a platform gets it: a span, or an event of its own envelope. */
export interface SentRecord {
  trace: string
  /** The same when the record is sent again. */
  id: string
}

/** The spans of an OTLP export in protobuf (ExportTraceServiceRequest); undefined where the bytes are none. */
export function recordsOfProtobuf(bytes: Uint8Array): SentRecord[] | undefined {
  try {
    const scopes = messages([bytes], 1).flatMap((resourceSpans) => messages([resourceSpans], 2))
    return messages(scopes, 2).map((span) => {
      const trace = hex(messages([span], 1)[0])
      return { trace, id: `${trace}:${hex(messages([span], 2)[0])}` }
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The length-delimited fields of this number, of all the messages. Throws `RangeError` where the bytes are no message. */
function messages(all: readonly Uint8Array[], wanted: number): Uint8Array[] {
  return all.flatMap((bytes) => {
    const found: Uint8Array[] = []
    for (let at = 0; at < bytes.length; ) {
      const [tag, next] = varint(bytes, at)
      const wire = tag % 8
      const [start, end] = wire === 2 ? delimited(bytes, next) : [next, endOf(bytes, next, wire)]
      if (end > bytes.length) throw new RangeError('The message is cut off.')
      if (wire === 2 && Math.floor(tag / 8) === wanted) found.push(bytes.subarray(start, end))
      at = end
    }
    return found
  })
}

function delimited(bytes: Uint8Array, at: number): [start: number, end: number] {
  const [length, start] = varint(bytes, at)
  return [start, start + length]
}

function endOf(bytes: Uint8Array, at: number, wire: number): number {
  if (wire === 0) return varint(bytes, at)[1]
  if (wire === 1) return at + 8
  if (wire === 5) return at + 4
  throw new RangeError('There is no such field.')
}

function varint(bytes: Uint8Array, at: number): [value: number, next: number] {
  let value = 0
  for (let place = 0; place < 10; place += 1) {
    const byte = bytes[at + place]
    if (byte === undefined) break
    value += (byte & 0x7f) * 2 ** (7 * place)
    if (byte < 0x80) return [value, at + place + 1]
  }
  throw new RangeError('The number is cut off.')
}

function hex(bytes: Uint8Array | undefined): string {
  return Array.from(bytes ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('')
}

type Row = Readonly<Record<string, unknown>>

/** Where envelopes keep their records. */
const lists = ['batch', 'spans', 'events', 'runs', 'data', 'logs', 'post', 'patch']

/** The records of a JSON body: OTLP spans, or the items of whatever list it is; a record without an id goes by `hash` of its text. */
export function recordsOfJson(body: unknown, hash: (text: string) => string): SentRecord[] {
  const otlp = list(body, 'resourceSpans').flatMap((group) => list(group, 'scopeSpans'))
  if (otlp.length > 0) return otlp.flatMap((scope) => list(scope, 'spans')).map((span) => recordOf(span, hash))
  const items = Array.isArray(body) ? body : lists.flatMap((name) => list(body, name))
  return (items.length > 0 ? items : [body]).filter(isRow).map((item) => recordOf(item, hash))
}

function recordOf(item: unknown, hash: (text: string) => string): SentRecord {
  const row = isRow(item) ? item : {}
  const [context, body] = [nested(row, 'context'), nested(row, 'body')]
  const trace = word(row.traceId, row.trace_id, context.trace_id, context.traceId, body.traceId, body.trace_id)
  const own = word(row.spanId, row.span_id, context.span_id, row.id, row.uuid, row.run_id)
  const id = own ?? hash(JSON.stringify(item))
  // An event that makes a trace has no other trace than its own body.
  return { trace: trace ?? word(row.type === 'trace-create' ? body.id : undefined) ?? id, id: `${trace ?? ''}:${id}` }
}

function list(value: unknown, name: string): unknown[] {
  const found = isRow(value) ? value[name] : undefined
  return Array.isArray(found) ? found : []
}

function nested(row: Row, name: string): Row {
  const value = row[name]
  return isRow(value) ? value : {}
}

function word(...values: unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value !== '')
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
