import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import type { Received } from '../core/probes/outage.js'
import { recordsOfJson, recordsOfProtobuf, type SentRecord } from '../core/probes/sent-records.js'

/** A body as it came and as it is. */
export interface Body {
  /** On the wire, without headers. */
  bytes: number
  /** Empty where the body cannot be read. */
  records: SentRecord[]
}

const mostBytes = 32_000_000
const unpackers: Record<string, (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** The body of a request; undefined where the client goes away before its end. */
export async function readBody(request: IncomingMessage): Promise<Body | undefined> {
  const pieces: Buffer[] = []
  let bytes = 0
  try {
    for await (const piece of request) {
      bytes += piece.length
      if (bytes <= mostBytes) pieces.push(piece)
    }
  } catch {
    return undefined
  }
  return { bytes, records: bytes > mostBytes ? [] : await recordsOf(Buffer.concat(pieces), request) }
}

async function recordsOf(packed: Buffer, { headers }: IncomingMessage): Promise<SentRecord[]> {
  try {
    const unpack = unpackers[headers['content-encoding'] ?? '']
    const body = unpack === undefined ? packed : await unpack(packed, { maxOutputLength: 2 * mostBytes })
    if (body.length === 0) return []
    const found = headers['content-type']?.includes('protobuf') ? recordsOfProtobuf(body) : jsonRecords(body)
    return found ?? [wholeBody(body)]
  } catch {
    return [] // packed in another way than it says
  }
}

function jsonRecords(body: Buffer): SentRecord[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
  return recordsOfJson(value, hashOf)
}

/** Of a body in another form, the whole of it is the record. */
function wholeBody(body: Buffer): SentRecord {
  const id = hashOf(body)
  return { trace: id, id }
}

function hashOf(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

/** Counts what comes. */
export interface Tally {
  /** A request whose body is not read. */
  addPost(): void
  addBody(body: Body, isKept: boolean): void
  /** Whether a platform that was out works again. */
  setBack(isBack: boolean): void
  received(): Received
}

/** More records than any workload of a probe sends; those beyond are not told apart. */
const mostRecords = 500_000

export function createTally(): Tally {
  const copies = new Map<string, { trace: string; kept: number; wasRefused: boolean }>()
  const counts = { posts: 0, bytes: 0, unread: 0 }
  const state: { isBack?: boolean } = {}
  return {
    addPost() {
      counts.posts += 1
      counts.unread += 1
    },
    addBody({ bytes, records }, isKept) {
      counts.posts += 1
      counts.bytes += bytes
      if (records.length === 0) counts.unread += 1
      for (const { id, trace } of records) {
        const known = copies.get(id)
        if (known !== undefined) known.kept += isKept ? 1 : 0
        else if (copies.size < mostRecords) copies.set(id, { trace, kept: isKept ? 1 : 0, wasRefused: !isKept })
      }
    },
    setBack(isBack) {
      state.isBack = isBack
    },
    received: () => ({ ...counts, ...state, ...kept(copies.values()) }),
  }
}

function kept(records: Iterable<{ trace: string; kept: number; wasRefused: boolean }>) {
  const traces = new Set<string>()
  const others = new Set<string>()
  const counts = { records: 0, twice: 0, refusedRecords: 0, recovered: 0 }
  for (const each of records) {
    if (each.kept === 0) {
      counts.refusedRecords += 1
      others.add(each.trace)
      continue
    }
    counts.records += 1
    counts.twice += each.kept - 1
    if (each.wasRefused) counts.recovered += 1
    traces.add(each.trace)
  }
  for (const trace of traces) others.delete(trace)
  return { ...counts, traces: traces.size, refusedTraces: others.size }
}
