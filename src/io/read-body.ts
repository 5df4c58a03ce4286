import type { IncomingMessage } from 'node:http'
import { byteReader } from './byte-reader.js'
import { gunzip } from './gzip.js'
import { unzstd } from './zstd.js'

export interface BodyLimits {
  /** Of one body, as it is sent and unpacked. */
  maxBytes: number
  /** Of all bodies that are held at one time. */
  maxHeldBytes: number
}

/** A body as it was sent, and unpacked. */
export interface Body {
  raw: Buffer
  plain: Buffer
  /** Says that it is held no more. */
  release(): void
}

export type BodyFault = 'too large' | 'too many' | 'damaged' | 'unknown encoding'

const unpackers = new Map<string, typeof gunzip>([
  ['gzip', gunzip],
  ['zstd', unzstd],
])

/**
 * Reads bodies of requests, bounded each and together. What is over a limit is dropped as it comes, but read to its end, since
 * few clients listen for an answer before they have sent all. Rejects where the client goes away.
 */
export function bodyReader({ maxBytes, maxHeldBytes }: BodyLimits) {
  let heldBytes = 0

  return async (request: IncomingMessage): Promise<Body | BodyFault> => {
    const encoding = request.headers['content-encoding']?.trim().toLowerCase() || 'identity'
    const unpack = unpackers.get(encoding)
    let ownBytes = 0

    function release(): void {
      heldBytes -= ownBytes
      ownBytes = 0
    }

    async function gather(pieces: AsyncIterable<Buffer>, { drains }: { drains: boolean }): Promise<Buffer | BodyFault> {
      let fault: BodyFault | undefined
      let kept: Buffer[] = []
      let size = 0
      for await (const piece of pieces) {
        if (fault !== undefined) continue
        size += piece.length
        ownBytes += piece.length
        heldBytes += piece.length
        fault = size > maxBytes ? 'too large' : heldBytes > maxHeldBytes ? 'too many' : undefined
        if (fault === undefined) kept.push(piece)
        else if (!drains) return fault
        else kept = []
        if (fault !== undefined) release()
      }
      return fault ?? Buffer.concat(kept)
    }

    async function read(): Promise<Omit<Body, 'release'> | BodyFault> {
      const raw = await gather(request, { drains: true })
      if (typeof raw === 'string') return raw
      if (unpack === undefined) return encoding === 'identity' ? { raw, plain: raw } : 'unknown encoding'
      let isDamaged = false
      async function* unpacked(packed: Buffer): AsyncGenerator<Buffer> {
        isDamaged = (yield* unpack!(byteReader(only(packed)))) !== undefined
      }
      const plain = await gather(unpacked(raw), { drains: false })
      if (typeof plain === 'string') return plain
      return isDamaged ? 'damaged' : { raw, plain }
    }

    let body: Omit<Body, 'release'> | BodyFault | undefined
    try {
      body = await read()
    } finally {
      if (typeof body !== 'object') release()
    }
    return typeof body === 'object' ? { ...body, release } : body
  }
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
