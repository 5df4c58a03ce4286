import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import type { ByteReader } from './byte-reader.js'

/**
 * Unpacks every member of a gzip file (RFC 1952); returns why it is incomplete, or undefined. node:zlib's own gunzip drops
 * the output of the call in which it meets a bad checksum or junk, so members are framed here and only inflated there.
 */
export async function* gunzip(source: ByteReader): AsyncGenerator<Buffer, string | undefined> {
  for (;;) {
    const header = await readHeader(source)
    if (header !== undefined) return header
    const damage = yield* inflateMember(source)
    if (damage !== undefined) return damage
    if ((await source.peek(1))[0] === 0) return (await skipZeros(source)) ? undefined : junk
    if ((await source.peek(1)).length === 0) return undefined
  }
}

const cut = 'the gzip data is cut short'
const damaged = 'the gzip data is damaged'
const wrongChecksum = 'the gzip checksum does not match'
const junk = 'something other than gzip follows the gzip data'
const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 }

async function readHeader(source: ByteReader): Promise<string | undefined> {
  const fixed = await source.take(10)
  if (fixed === undefined) return isMagic(await source.peek(2)) ? cut : junk
  if (!isMagic(fixed)) return junk
  const flag = fixed[3] ?? 0
  if (fixed[2] !== 8 || flag & flags.reserved) return damaged
  if (flag & flags.extra) {
    const length = await source.take(2)
    if (length === undefined || !(await source.take(length.readUInt16LE()))) return cut
  }
  if (flag & flags.name && !(await skipText(source))) return cut
  if (flag & flags.comment && !(await skipText(source))) return cut
  if (flag & flags.headerChecksum && !(await source.take(2))) return cut
  return undefined
}

function isMagic(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Takes a text that ends in a zero byte; false where the stream ends before. */
async function skipText(source: ByteReader): Promise<boolean> {
  for (let bytes = await source.next(); bytes; bytes = await source.next()) {
    const end = bytes.indexOf(0)
    if (end === -1) continue
    source.unread(bytes.subarray(end + 1))
    return true
  }
  return false
}

async function* inflateMember(source: ByteReader): AsyncGenerator<Buffer, string | undefined> {
  let checksum = 0
  let length = 0
  // A high-water mark of one byte: an error then costs no more than the output of the call that met it.
  const buffering = { chunkSize: 65_536, highWaterMark: 1 }
  const engine = createInflateRaw(buffering)
  const lastFed = feed(engine, source)
  try {
    for await (const piece of engine) {
      checksum = crc32(piece, checksum)
      length = (length + piece.length) % 2 ** 32
      yield piece
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'Z_BUF_ERROR') return cut
    if (error.code === 'Z_DATA_ERROR') return damaged
    throw error
  }
  source.unread(lastFed(engine.bytesWritten))
  const trailer = await source.take(8)
  if (trailer === undefined) return cut
  return trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === length ? undefined : wrongChecksum
}

/** Hands input to the engine, one slice at a time; the answer tells which bytes of the last slice it left unused. */
function feed(engine: InflateRaw, source: ByteReader): (used: number) => Buffer {
  let fed = 0
  let last: Buffer = Buffer.alloc(0)
  async function run(): Promise<void> {
    for (let slice = await source.next(65_536); slice; slice = await source.next(65_536)) {
      const bytes = slice
      fed += bytes.length
      last = bytes
      await new Promise((resolve) => engine.write(bytes, resolve))
      // Where the data ends inside the slice, the rest of it belongs to what follows.
      if (engine.destroyed || engine.bytesWritten < fed) return
    }
    engine.end()
  }
  run().catch((error: unknown) => engine.destroy(error instanceof Error ? error : new Error(String(error))))
  return (used) => last.subarray(last.length - (fed - used))
}

/** Zero bytes after the last member are padding (tapes, block devices); true if nothing else follows. */
async function skipZeros(source: ByteReader): Promise<boolean> {
  for (let bytes = await source.next(); bytes; bytes = await source.next())
    if (bytes.some((byte) => byte !== 0)) return false
  return true
}
