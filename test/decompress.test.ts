import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decompress } from '../src/io/decompress.js'

const complete = { complete: true }
const lines = Array.from({ length: 20_000 }, (_, at) => `{"line":${at},"text":"${(at * 7919) % 10_007}"}\n`).join('')

async function unpack(bytes: Buffer, chunkSize = 1000, maxBytes?: number) {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
  }
  const plain = decompress(chunks(), { maxBytes })
  const parts: Buffer[] = []
  for await (const part of plain.chunks) parts.push(part)
  return { text: Buffer.concat(parts).toString('latin1'), outcome: plain.outcome() }
}

const incomplete = (reason: string) => ({ complete: false, reason })

function flipped(bytes: Buffer, at: number, bit = 0): Buffer {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 1 << bit
  return copy
}

describe('data that is not compressed', () => {
  it('passes through byte for byte, whatever the sizes of its chunks', async () => {
    const bytes = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 31) % 256))
    expect(await unpack(bytes, 7)).toEqual({ text: bytes.toString('latin1'), outcome: complete })
  })

  it('may be empty', async () => {
    expect(await unpack(Buffer.alloc(0))).toEqual({ text: '', outcome: complete })
  })

  it.each(['utf16le', 'utf-16be'])('is decoded where a mark says %s', async (encoding) => {
    const bytes = Buffer.from('\ufeff{"a":"é😀"}\n', 'utf16le')
    const marked = encoding === 'utf16le' ? bytes : bytes.swap16()
    const { text } = await unpack(marked, 3)
    expect(Buffer.from(text, 'latin1').toString('utf8')).toBe('{"a":"é😀"}\n')
  })

  it('loses the mark of UTF-8', async () => {
    expect(await unpack(Buffer.from('\ufeff{}\n'))).toEqual({ text: '{}\n', outcome: complete })
  })

  it('is known by its bytes: the word "gz" at the start means nothing', async () => {
    expect((await unpack(Buffer.from('gz,zst\n1,2\n'))).text).toBe('gz,zst\n1,2\n')
  })
})

describe('gzip', () => {
  const packed = gzipSync(lines)

  it('is unpacked, in chunks of any size', async () => {
    for (const chunkSize of [1, 4096, 1 << 20])
      expect(await unpack(packed, chunkSize)).toEqual({ text: lines, outcome: complete })
  })

  it('may have several members', async () => {
    const members = Buffer.concat([gzipSync('a\n'), packed, gzipSync(''), gzipSync('b\n')])
    expect(await unpack(members, 999)).toEqual({ text: `a\n${lines}b\n`, outcome: complete })
    expect(await unpack(members, 1 << 20)).toEqual({ text: `a\n${lines}b\n`, outcome: complete })
  })

  it('may have a header with extra field, name, comment and checksum', async () => {
    const plain = gzipSync('a\n')
    const options = Buffer.from('\x03\0xyzname\0comment\0\x12\x34', 'latin1')
    const header = Buffer.from(plain.subarray(0, 10))
    header[3] = 2 | 4 | 8 | 16
    const bytes = Buffer.concat([header, options, plain.subarray(10)])
    expect(await unpack(bytes, 1)).toEqual({ text: 'a\n', outcome: complete })
  })

  it('may be padded with zeros', async () => {
    expect(await unpack(Buffer.concat([packed, Buffer.alloc(3000)]))).toEqual({ text: lines, outcome: complete })
  })

  it.each([
    ['junk', Buffer.from('junk')],
    ['junk after zeros', Buffer.from('\0\0\0junk')],
    ['a text longer than a header', Buffer.from('something else than a member')],
  ])('is incomplete with %s behind it, and all of it is delivered', async (_, junk) => {
    expect(await unpack(Buffer.concat([packed, junk]))).toEqual({
      text: lines,
      outcome: incomplete('something other than gzip follows the gzip data'),
    })
  })

  it('is incomplete where it is cut, and what is before the cut is delivered', async () => {
    const half = await unpack(packed.subarray(0, packed.length / 2))
    expect(half.outcome).toEqual(incomplete('the gzip data is cut short'))
    expect(half.text.length).toBeGreaterThan(lines.length / 3)
    expect(lines.startsWith(half.text)).toBe(true)
    expect(await unpack(packed.subarray(0, -4))).toEqual({
      text: lines,
      outcome: incomplete('the gzip data is cut short'),
    })
  })

  it('is never complete when cut at any byte', async () => {
    const short = gzipSync('{"a":1}\n{"a":2}\n')
    for (let length = 2; length < short.length; length++) {
      const { text, outcome } = await unpack(short.subarray(0, length))
      expect(outcome, `cut at ${length}`).toEqual(incomplete('the gzip data is cut short'))
      expect('{"a":1}\n{"a":2}\n'.startsWith(text)).toBe(true)
    }
  })

  it('is incomplete with a wrong checksum or length, and all of it is delivered', async () => {
    for (const fromEnd of [8, 4])
      expect(await unpack(flipped(packed, packed.length - fromEnd))).toEqual({
        text: lines,
        outcome: incomplete('the gzip checksum does not match'),
      })
  })

  it('is incomplete with any bit flipped in its data', async () => {
    for (let at = 20; at < packed.length - 8; at += Math.floor(packed.length / 40)) {
      const { outcome } = await unpack(flipped(packed, at, at % 8))
      expect(outcome.complete, `byte ${at}`).toBe(false)
    }
  })

  it('delivers the lines before a flipped bit', async () => {
    const { text } = await unpack(flipped(packed, Math.floor(packed.length * 0.9)))
    expect(lines.startsWith(text.slice(0, lines.length / 2))).toBe(true)
    expect(text.length).toBeGreaterThan(lines.length / 2)
  })

  it('is refused by name where what it holds is no text', async () => {
    await expect(unpack(gzipSync('SQLite format 3\0and more'))).rejects.toMatchObject({
      message: 'What was compressed is a SQLite database, not text.',
      exitCode: 3,
    })
    await expect(unpack(gzipSync(gzipSync('twice')))).rejects.toMatchObject({
      message: 'What was compressed is a gzip file, not text.',
    })
  })
})

// Frames by hand (RFC 8878). The checksums are the low 32 bits of the published XXH64 of "abc" (…ad770999) and "a" (…a98c6e5b).
const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const blockTypes = { raw: 0, run: 1, reserved: 3 }

function block(type: keyof typeof blockTypes, size: number, content: string, isLast = true): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((size << 3) | (blockTypes[type] << 1) | Number(isLast), 0, 3)
  return Buffer.concat([header, Buffer.from(content)])
}

/** A frame with a window of 1 KiB, unless its header is given: the bytes after the magic. */
function frame(blocks: Buffer[], { header = [0, 0], checksum }: { header?: number[]; checksum?: number } = {}): Buffer {
  const [descriptor = 0, ...others] = header
  const tail = Buffer.alloc(checksum === undefined ? 0 : 4)
  if (checksum !== undefined) tail.writeUInt32LE(checksum)
  return Buffer.concat([
    magic,
    Buffer.from([descriptor | (checksum === undefined ? 0 : 4), ...others]),
    ...blocks,
    tail,
  ])
}

const abc = frame([block('raw', 3, 'abc')], { checksum: 0xad770999 })
const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5])

describe('zstd, built by hand', () => {
  it.each([
    ['a raw block with its checksum', abc, 'abc'],
    ['a run of one byte', frame([block('run', 1000, 'x')]), 'x'.repeat(1000)],
    [
      'several blocks',
      frame([block('raw', 2, 'ab', false), block('run', 3, 'c', false), block('raw', 0, '')]),
      'abccc',
    ],
    ['a single segment that states its size', frame([block('raw', 3, 'abc')], { header: [0x20, 3] }), 'abc'],
    ['nothing', frame([block('raw', 0, '')]), ''],
    ['a skippable frame first, and no other', skippable, ''],
    ['two frames with skippable frames around', Buffer.concat([skippable, abc, skippable, abc, skippable]), 'abcabc'],
  ])('is unpacked: %s', async (_, bytes, text) => {
    for (const chunkSize of [1, 5, 1000]) expect(await unpack(bytes, chunkSize)).toEqual({ text, outcome: complete })
  })

  it('is never complete when cut at any byte', async () => {
    const two = Buffer.concat([abc, skippable, abc])
    for (let length = 4; length < two.length; length++) {
      if (length === abc.length || length === abc.length + skippable.length) continue
      const { text, outcome } = await unpack(two.subarray(0, length))
      expect(outcome.complete, `cut at ${length}`).toBe(false)
      expect('abcabc'.startsWith(text)).toBe(true)
    }
  })

  it.each([
    ['a wrong checksum', frame([block('raw', 3, 'abc')], { checksum: 0xad770998 }), 'the zstd checksum does not match'],
    ['content that is not what was hashed', flipped(abc, 9), 'the zstd checksum does not match'],
    [
      'more than the size it states',
      frame([block('raw', 3, 'abc')], { header: [0x20, 2] }),
      'the zstd data is damaged',
    ],
    [
      'less than the size it states',
      frame([block('raw', 3, 'abc')], { header: [0x20, 4] }),
      'the zstd data is damaged',
    ],
    ['a reserved block type', frame([block('reserved', 3, 'abc')]), 'the zstd data is damaged'],
    ['a block over 128 KiB', frame([block('run', 131_073, 'x')], { header: [0, 0x58] }), 'the zstd data is damaged'],
    ['a reserved bit in its header', frame([block('raw', 3, 'abc')], { header: [8, 0] }), 'the zstd data is damaged'],
    ['junk behind it', Buffer.concat([abc, Buffer.from('junk')]), 'something other than zstd follows the zstd data'],
    ['one byte behind it', Buffer.concat([abc, Buffer.from('j')]), 'something other than zstd follows the zstd data'],
    [
      'a dictionary',
      frame([block('raw', 3, 'abc')], { header: [1, 0, 7] }),
      'the zstd data needs a dictionary; compress it without one',
    ],
    [
      'a window one step over 128 MiB',
      frame([block('raw', 3, 'abc')], { header: [0, (17 << 3) | 1] }),
      'the zstd data needs a window over 128 MiB; compress it with --long=27 or less',
    ],
  ])('is incomplete with %s', async (_, bytes, reason) => {
    expect((await unpack(bytes)).outcome).toEqual(incomplete(reason))
  })

  it('may have a window of exactly 128 MiB', async () => {
    expect(await unpack(frame([block('raw', 3, 'abc')], { header: [0, 17 << 3] }))).toEqual({
      text: 'abc',
      outcome: complete,
    })
  })

  it('delivers what was before the damage', async () => {
    const bytes = frame([block('raw', 2, 'ab', false), block('reserved', 1, 'x')])
    expect((await unpack(bytes)).text).toBe('')
    const long = frame([block('raw', 900, 'a'.repeat(900), false), block('reserved', 1, 'x')])
    expect((await unpack(long)).text).toBe('a'.repeat(900))
  })

  // A Huffman tree whose weights have one symbol of probability 1: each costs no bits, so that their end is never met.
  it('ends where its tables would keep a decoder busy for ever', async () => {
    const tree = [6, 0xf0, 0x03, 0xff, 0xff, 0xff, 0x01]
    const literals = 2 | (64 << 4) | (15 << 14)
    const body = Buffer.from([
      literals & 255,
      (literals >> 8) & 255,
      literals >> 16,
      ...tree,
      1,
      1,
      1,
      1,
      1,
      1,
      1,
      1,
      0,
    ])
    const header = Buffer.alloc(3)
    header.writeUIntLE((body.length << 3) | (2 << 1) | 1, 0, 3)
    const bytes = Buffer.concat([magic, Buffer.from([0, 0x58]), header, body])
    expect(await unpack(bytes)).toEqual({ text: '', outcome: incomplete('the zstd data is damaged') })
  }, 15_000)
})

const hasZstd = spawnSync('zstd', ['--version']).status === 0

describe.skipIf(!hasZstd)('zstd, made by the zstd program', () => {
  const zstd = (text: string, ...options: string[]) =>
    execFileSync('zstd', ['-q', '-c', ...options], { input: text, maxBuffer: 2 ** 28 })
  const packed = zstd(lines)

  it.each(['-1', '-3', '-19', '--fast=5', '--long=27', '--no-check'])('is unpacked: %s', async (option) => {
    expect(await unpack(zstd(lines, option), 65_536)).toEqual({ text: lines, outcome: complete })
  })

  it('is unpacked from several frames', async () => {
    const frames = Buffer.concat([packed, zstd('a\n'), zstd('', '--no-check'), packed])
    expect(await unpack(frames)).toEqual({ text: `${lines}a\n${lines}`, outcome: complete })
  })

  it('is incomplete when cut in half, and a good part is delivered', async () => {
    const { text, outcome } = await unpack(packed.subarray(0, packed.length / 2))
    expect(outcome).toEqual(incomplete('the zstd data is cut short'))
    expect(text.length).toBeGreaterThan(lines.length / 5)
    expect(lines.startsWith(text)).toBe(true)
  })

  it('is incomplete with any bit flipped in its data or its checksum', async () => {
    for (let at = 20; at < packed.length; at += Math.floor(packed.length / 40)) {
      const { outcome } = await unpack(flipped(packed, at, at % 8), 65_536)
      expect(outcome.complete, `byte ${at}`).toBe(false)
    }
  })

  it('is refused with --long=30', async () => {
    expect((await unpack(zstd(lines, '--long=30'))).outcome).toEqual(
      incomplete('the zstd data needs a window over 128 MiB; compress it with --long=27 or less'),
    )
  })
})

describe('bombs', () => {
  const built = new URL('../dist/io/decompress.js', import.meta.url).href
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'pilot-bombs-'))
  })
  afterAll(() => rmSync(directory, { recursive: true }))

  /** Unpacks in a process of its own; its peak memory is the kernel's figure. */
  function unpackApart(bytes: Buffer): { bytes: number; outcome: object; peakMb: number } {
    const file = join(directory, 'bomb')
    writeFileSync(file, bytes)
    const script = `
      import { createReadStream, readFileSync } from 'node:fs'
      import { decompress } from ${JSON.stringify(built)}
      const plain = decompress(createReadStream(${JSON.stringify(file)}, { highWaterMark: 1024 ** 2 }))
      let bytes = 0
      for await (const chunk of plain.chunks) bytes += chunk.length
      const peakMb = Number(/VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
      console.log(JSON.stringify({ bytes, outcome: plain.outcome(), peakMb }))`
    return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }))
  }

  const runs = (character: string) =>
    frame(
      Array.from({ length: 16_384 }, (_, at) => block('run', 131_072, character, at === 16_383)),
      { header: [0, 0x58] },
    )
  const members = (character: string) =>
    Buffer.concat(Array(32).fill(gzipSync(Buffer.alloc(64 * 1024 ** 2, character), { level: 9 })))
  const noBreak = incomplete('it unpacks to over 1,000 times its size without a line break')

  it.skipIf(process.platform !== 'linux').each([
    ['zstd', runs('x'), 65_542],
    ['gzip', members('\0'), 2_100_000],
  ])('%s of 2 GiB without a line break is stopped, in less than 256 MB', (_, bytes, packedAtMost) => {
    expect(bytes.length).toBeLessThanOrEqual(packedAtMost)
    const run = unpackApart(bytes)
    expect(run.outcome).toEqual(noBreak)
    expect(run.bytes).toBeLessThan(2 ** 30)
    expect(run.peakMb).toBeLessThan(256)
  })

  it.skipIf(process.platform !== 'linux').each([
    ['zstd', runs('\n')],
    ['gzip', members('\n')],
  ])('%s of 2 GiB of line breaks is read to its end, in less than 256 MB', (_, bytes) => {
    const run = unpackApart(bytes)
    expect(run).toMatchObject({ bytes: 2 ** 31, outcome: complete })
    expect(run.peakMb).toBeLessThan(256)
  })

  it('of any kind end at the limit of what may be unpacked', async () => {
    const { text, outcome } = await unpack(gzipSync('a\n'.repeat(4_000_000)), 1000, 2 ** 22)
    expect(outcome).toEqual(incomplete('it unpacks to more than 0.00390625 GiB'))
    expect(text.length).toBeLessThanOrEqual(2 ** 22)
  })

  it('are no bombs where a record of 16 MiB packs well', async () => {
    const record = `{"text":"${' '.repeat(15 * 1024 ** 2)}"}\n`
    expect((await unpack(gzipSync(record.repeat(3)), 65_536)).outcome).toEqual(complete)
  })
})
