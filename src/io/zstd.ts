import { Decompress } from 'fzstd'
import xxhash from 'xxhash-wasm'
import type { ByteReader } from './byte-reader.js'
import { type Watch, watch } from './watch.js'

/**
 * Unpacks every frame of a zstd file (RFC 8878); returns why it is incomplete, or undefined. fzstd inflates blocks but
 * checks neither checksum nor size, so frames are walked here and it is handed whole blocks, a few at a time.
 */
export async function* unzstd(source: ByteReader): AsyncGenerator<Buffer, string | undefined> {
  const { create64 } = await xxhash()
  const inWatch = watch()
  for (;;) {
    const magic = await source.peek(4)
    if (magic.length === 0) return undefined
    if (!isZstd(magic)) return junk
    const damage =
      magic.readUInt32LE() === frameMagic ? yield* unpackFrame(source, create64(), inWatch) : await skipFrame(source)
    if (damage !== undefined) return damage
  }
}

/** True for the first bytes of a frame, or of a skippable frame (pzstd begins with one). */
export function isZstd(bytes: Buffer): boolean {
  if (bytes.length < 4) return false
  const magic = bytes.readUInt32LE()
  return magic === frameMagic || magic >>> 4 === skippableMagic
}

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a5
const largestWindow = 128 * 1024 ** 2
const largestBlock = 128 * 1024
/** What one step of inflating may yield, and what the least block counts for in it, so that steps stay short. */
const stepBytes = 1024 ** 2
const smallestBlock = 256

const cut = 'the zstd data is cut short'
const damaged = 'the zstd data is damaged'
const wrongChecksum = 'the zstd checksum does not match'
const junk = 'something other than zstd follows the zstd data'
const wideWindow = 'the zstd data needs a window over 128 MiB; compress it with --long=27 or less'
const dictionary = 'the zstd data needs a dictionary; compress it without one'

interface Hash {
  update(bytes: Uint8Array): unknown
  digest(): bigint
}

async function* unpackFrame(
  source: ByteReader,
  hash: Hash,
  inWatch: Watch,
): AsyncGenerator<Buffer, string | undefined> {
  const frame = await readHeader(source)
  if (typeof frame === 'string') return frame
  const inflate = blockInflater(frame.header, inWatch)
  let size = 0
  for (let isLast = false; !isLast; ) {
    const blocks: Buffer[] = []
    let damage: string | undefined
    for (let room = stepBytes; room > 0 && !isLast && damage === undefined; ) {
      const block = await takeBlock(source)
      if (typeof block === 'string') damage = block
      else {
        blocks.push(block.bytes)
        isLast = block.isLast
        room -= Math.max(block.mostBytes, smallestBlock)
      }
    }
    const inflated = inflate(blocks, isLast)
    hash.update(inflated.bytes)
    size += inflated.bytes.length
    if (inflated.bytes.length > 0) yield inflated.bytes
    if (!inflated.isValid) return damaged
    if (damage !== undefined) return damage
  }
  if (frame.contentSize !== undefined && size !== frame.contentSize) return damaged
  if (!frame.hasChecksum) return undefined
  const stated = await source.take(4)
  if (stated === undefined) return cut
  return stated.readUInt32LE() === Number(hash.digest() & 0xffffffffn) ? undefined : wrongChecksum
}

interface Block {
  /** With its header of 3 bytes. */
  bytes: Buffer
  /** At most so much comes out of it. */
  mostBytes: number
  isLast: boolean
}

/** The next block, or why there is none. */
async function takeBlock(source: ByteReader): Promise<Block | string> {
  const start = await source.peek(3)
  if (start.length < 3) return cut
  const header = start.readUIntLE(0, 3)
  const type = (header >> 1) & 3
  const size = header >> 3
  if (type === 3 || size > largestBlock) return damaged
  // A run-length block (type 1) is one byte, and its size says how often that repeats.
  const bytes = await source.take(3 + (type === 1 ? 1 : size))
  if (bytes === undefined) return cut
  return { bytes, mostBytes: type === 2 ? largestBlock : size, isLast: (header & 1) === 1 }
}

interface Frame {
  /** As fzstd gets it: without the checksum flag, since the checksum is checked here. */
  header: Buffer
  contentSize: number | undefined
  hasChecksum: boolean
}

async function readHeader(source: ByteReader): Promise<Frame | string> {
  const descriptor = (await source.peek(5))[4]
  if (descriptor === undefined) return cut
  const isSingleSegment = (descriptor >> 5) & 1
  const sizeBytes = [isSingleSegment, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0
  const sizeAt = 6 - isSingleSegment + dictionaryBytes
  const taken = await source.take(sizeAt + sizeBytes)
  if (taken === undefined) return cut
  if (descriptor & 8) return damaged
  const header = Buffer.from(taken)
  if (header.subarray(sizeAt - dictionaryBytes, sizeAt).some((byte) => byte !== 0)) return dictionary
  const contentSize = readSize(header, sizeAt, sizeBytes)
  const windowByte = header[5] ?? 0
  const window = isSingleSegment ? contentSize : 2 ** (10 + (windowByte >> 3)) * (1 + (windowByte & 7) / 8)
  if (window === undefined || window > largestWindow) return wideWindow
  header[4] = descriptor & ~4
  return { header, contentSize, hasChecksum: (descriptor & 4) !== 0 }
}

function readSize(header: Buffer, at: number, bytes: number): number | undefined {
  if (bytes === 0) return undefined
  if (bytes === 8) return Number(header.readBigUInt64LE(at))
  return header.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0)
}

/** Inflates the blocks of one frame, in order; what came before the first damage is delivered with it. */
function blockInflater(
  header: Buffer,
  inWatch: Watch,
): (blocks: Buffer[], isLast: boolean) => { bytes: Buffer; isValid: boolean } {
  let pieces: Uint8Array[] = []
  let before = header
  const decoder = new Decompress((piece) => pieces.push(piece))
  return (blocks, isLast) => {
    pieces = []
    const input = Buffer.concat([before, ...blocks])
    before = Buffer.alloc(0)
    const isValid = inWatch(() => decoder.push(input, isLast))
    return { bytes: Buffer.concat(pieces), isValid }
  }
}

async function skipFrame(source: ByteReader): Promise<string | undefined> {
  const head = await source.take(8)
  if (head === undefined) return cut
  let left = head.readUInt32LE(4)
  while (left > 0) {
    const bytes = await source.next(left)
    if (bytes === undefined) return cut
    left -= bytes.length
  }
  return undefined
}
