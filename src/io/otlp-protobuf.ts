import protobuf from 'protobufjs/light.js'
import type { Json } from '../core/span.js'
import { otlpSchema } from './otlp-schema.js'

const root = protobuf.Root.fromJSON(otlpSchema)
const request = root.lookupType('Request')
const response = root.lookupType('Response')
const status = root.lookupType('Status')

/** As OTLP's JSON has it: long integers are decimal text, bytes base64, NaN and infinities text; what is absent stays absent. */
const asJson = { longs: String, bytes: String, json: true }

/** Of messages inside a request: far more than 20 MiB of real spans have, far fewer than empty ones fit into them. */
const mostParts = 500_000
const deepest = 100

/**
 * True for a request of more parts (spans, attributes, values) than may be decoded: an empty one takes two bytes, and a hundred
 * times as much in memory. False for bytes that are no request, which `decodeTraces` judges.
 */
export function hasTooManyParts(bytes: Buffer): boolean {
  const reader = protobuf.Reader.create(bytes)
  let parts = 0

  function count(type: protobuf.Type, end: number, depth: number): void {
    while (reader.pos < end && parts <= mostParts) {
      const tag = reader.uint32()
      const inner = type.fieldsById[tag >>> 3]?.resolve().resolvedType
      if ((tag & 7) !== 2 || !(inner instanceof protobuf.Type) || depth === deepest) {
        reader.skipType(tag & 7)
        continue
      }
      parts += 1
      count(inner, reader.uint32() + reader.pos, depth + 1)
    }
  }

  try {
    count(request, bytes.length, 0)
  } catch {
    return false // truncated, or of a wrong wire type
  }
  return parts > mostParts
}

/** The JSON form of an encoded ExportTraceServiceRequest, ids as hex; undefined for bytes that are none. Unknown fields are left out. */
export function decodeTraces(bytes: Buffer): Json | undefined {
  const decoded = decode(request, bytes)
  for (const { scopeSpans = [] } of (decoded?.resourceSpans ?? []) as { scopeSpans?: { spans?: Ids[] }[] }[])
    for (const { spans = [] } of scopeSpans)
      for (const span of spans) {
        for (const key of ['traceId', 'spanId', 'parentSpanId'] as const) toHex(span, key)
        for (const link of span.links ?? []) for (const key of ['traceId', 'spanId'] as const) toHex(link, key)
      }
  return decoded
}

/** What a server says of a request that it took. */
export interface PartialSuccess {
  rejectedSpans: number
  errorMessage: string
}

/** What an encoded ExportTraceServiceResponse says was not taken; undefined where it says nothing of the kind, or is none. */
export function decodePartialSuccess(bytes: Buffer): PartialSuccess | undefined {
  const partial = decode(response, bytes)?.partialSuccess as
    | { rejectedSpans?: string; errorMessage?: string }
    | undefined
  if (partial === undefined) return undefined
  return { rejectedSpans: Number(partial.rejectedSpans ?? 0), errorMessage: partial.errorMessage ?? '' }
}

/** An encoded ExportTraceServiceResponse; those of metrics and logs have the same form. */
export function encodeResponse(partialSuccess: PartialSuccess | undefined): Uint8Array {
  return response.encode(partialSuccess === undefined ? {} : { partialSuccess }).finish()
}

/** An encoded `google.rpc.Status`. */
export function encodeStatus(code: number, message: string): Uint8Array {
  return status.encode({ code, message }).finish()
}

interface Ids {
  traceId?: string
  spanId?: string
  parentSpanId?: string
  links?: Ids[]
}

function toHex(holder: Ids, key: 'traceId' | 'spanId' | 'parentSpanId'): void {
  const base64 = holder[key]
  if (base64 !== undefined) holder[key] = Buffer.from(base64, 'base64').toString('hex')
}

function decode(type: protobuf.Type, bytes: Buffer): { [key: string]: Json } | undefined {
  try {
    return type.toObject(type.decode(bytes), asJson)
  } catch {
    return undefined // truncated, a wrong wire type, nested too deep: the library's words name none of our fields
  }
}
