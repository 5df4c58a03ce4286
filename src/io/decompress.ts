import { byteReader } from './byte-reader.js'
import { gunzip } from './gzip.js'
import { headBytes, refuseKnown } from './signatures.js'
import { asUtf8 } from './utf8.js'
import { isZstd, unzstd } from './zstd.js'

/** Whether the stream was readable to its end; if not, what was delivered is all that could be read. */
export type Outcome = { complete: true } | { complete: false; reason: string }

/**
 * The bytes of a file, unpacked if it is gzip or zstd (found by its first bytes, never by its name) and as UTF-8. Damage
 * ends the stream quietly, so that the caller keeps what was readable; `outcome()` says so once the stream has ended.
 * Throws `PilotError` where what was compressed is another kind of file.
 */
export function decompress(
  chunks: AsyncIterable<Buffer>,
  { maxBytes = 50 * 1024 ** 3 }: { maxBytes?: number } = {},
): { chunks: AsyncIterable<Buffer>; outcome(): Outcome } {
  let outcome: Outcome = { complete: false, reason: 'it was not read to its end' }

  async function* unpacked(): AsyncGenerator<Buffer> {
    const source = byteReader(chunks)
    const unpack = unpackerOf(await source.peek(4))
    if (unpack === undefined) {
      yield* source.rest()
      outcome = { complete: true }
      return
    }
    const excess = expansionGuard(maxBytes)
    const pieces = unpack(source)
    try {
      let step = await pieces.next()
      if (!step.done) refuseKnown(step.value.subarray(0, headBytes), 'What was compressed')
      for (; !step.done; step = await pieces.next()) {
        const reason = excess(step.value, source.taken())
        if (reason !== undefined) {
          outcome = { complete: false, reason }
          return
        }
        yield step.value
      }
      outcome = step.value === undefined ? { complete: true } : { complete: false, reason: step.value }
    } finally {
      await pieces.return(undefined)
      await source.close()
    }
  }

  return { chunks: asUtf8(unpacked()), outcome: () => outcome }
}

/** True for the first bytes of a file that `decompress` unpacks. */
export function isCompressed(head: Buffer): boolean {
  return unpackerOf(head) !== undefined
}

function unpackerOf(head: Buffer): typeof gunzip | typeof unzstd | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return gunzip
  return isZstd(head) ? unzstd : undefined
}

const quietBytes = 16 * 1024 ** 2
const largestRatio = 1000

/** Says when data expands like a bomb: no record is 16 MiB of something that packs a thousandfold. */
function expansionGuard(maxBytes: number): (piece: Buffer, packedBytes: number) => string | undefined {
  let total = 0
  let sinceNewline = 0
  return (piece, packedBytes) => {
    const newline = piece.lastIndexOf(10)
    total += piece.length
    sinceNewline = newline === -1 ? sinceNewline + piece.length : piece.length - newline - 1
    if (total > maxBytes) return `it unpacks to more than ${maxBytes / 1024 ** 3} GiB`
    if (sinceNewline <= quietBytes || total <= largestRatio * packedBytes) return undefined
    return 'it unpacks to over 1,000 times its size without a line break'
  }
}
