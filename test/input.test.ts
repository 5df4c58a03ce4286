import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PilotError } from '../src/core/errors.js'
import { openInput } from '../src/io/input.js'
import { readTable, type TableRow } from '../src/io/table.js'

let cwd = ''
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'pilot-input-'))
  chmodSync(cwd, 0o755)
})
afterAll(() => rmSync(cwd, { recursive: true }))

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(cwd, name), content)
  return name
}

const latin1 = (text: string) => Buffer.from(text, 'latin1')
const open = (path: string, stdin: Readable = Readable.from([])) => openInput(path, { stdin, cwd })

async function contentOf(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

/** What the user is told: exit code, message, hint. */
async function refusal(path: string, stdin?: Readable) {
  const error = await open(path, stdin).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof PilotError)) throw new Error(`${path} was not refused: ${String(error)}`)
  return [error.exitCode, error.message, error.hint]
}

describe('an input', () => {
  it('gives the bytes of a file, their number and their hash', async () => {
    const content = Buffer.alloc(3 * 1024 ** 2 + 5, '{"a":1}\n')
    const input = await open(file('good.jsonl', content))
    expect(input.sizeBytes).toBe(content.length)
    const chunks: Buffer[] = []
    for await (const chunk of input.chunks) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(content)).toBe(true)
    expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(1024 ** 2)
    expect(input.bytesRead()).toBe(content.length)
    expect(input.sha256()).toBe(createHash('sha256').update(content).digest('hex'))
  })

  it('gives standard input for -, of unknown size', async () => {
    const input = await open('-', Readable.from([Buffer.from('{"a"'), ':1}\n']))
    expect(input.sizeBytes).toBeUndefined()
    expect((await contentOf(input.chunks)).toString()).toBe('{"a":1}\n')
    expect(input.bytesRead()).toBe(8)
  })

  it('may be read by halves', async () => {
    const input = await open(file('half.jsonl', Buffer.alloc(5 * 1024 ** 2, 'x')))
    for await (const chunk of input.chunks) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    expect(input.bytesRead()).toBeLessThan(3 * 1024 ** 2)
  })

  it.each([
    ['gzip', gzipSync('{}')],
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 2, 0x11, 0, 0, 0x7b, 0x7d])],
    ['UTF-16', Buffer.from('\ufeff{"a":1}', 'utf16le')],
    ['a line with a stray zero byte', Buffer.from(`{"a":"\0"}\n${'{"a":1}\n'.repeat(9)}`)],
    ['zeros before its lines', Buffer.concat([Buffer.alloc(10_000), Buffer.from('\n{"a":1}\n')])],
  ])('may be %s: its bytes are those of the file', async (_, content) => {
    const input = await open(file('raw', content))
    expect((await contentOf(input.chunks)).equals(content)).toBe(true)
  })

  it('fails with a reason when reading fails on the way', async () => {
    const stdin = Readable.from(
      (async function* () {
        yield Buffer.alloc(10_000, 'x')
        throw Object.assign(new Error('bad disk'), { code: 'EIO' })
      })(),
    )
    const input = await open('-', stdin)
    await expect(contentOf(input.chunks)).rejects.toMatchObject({
      message: 'Cannot read standard input: EIO.',
      exitCode: 3,
    })
  })
})

describe('an input is refused', () => {
  it('when the file is missing, with the likely cause', async () => {
    file('traces.jsonl.gz', 'x')
    expect(await refusal('nope.jsonl')).toEqual([
      3,
      'Cannot read nope.jsonl: there is no such file.',
      `Paths start at ${cwd}.`,
    ])
    expect(await refusal('traces.jsonl')).toEqual([
      3,
      'Cannot read traces.jsonl: there is no such file.',
      'There is traces.jsonl.gz beside it.',
    ])
    expect((await refusal('none*.jsonl'))[2]).toBe('No file matches this pattern.')
    expect((await refusal('no/where.jsonl'))[2]).toBe(`The folder ${join(cwd, 'no')} cannot be read either.`)
  })

  it('when it is a folder', async () => {
    mkdirSync(join(cwd, 'folder'))
    expect(await refusal('folder')).toEqual([3, 'folder is a folder.', 'Name its files: pilot ingest folder/*.jsonl'])
  })

  it('when it is a named pipe, a socket or a device', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe')])
    const server = createServer().listen(join(cwd, 'socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      expect(await refusal('pipe')).toEqual([
        3,
        'pipe is a named pipe, not a file.',
        'Pipe it: cat pipe | pilot ingest -',
      ])
      expect((await refusal('socket'))[1]).toBe('socket is a socket, not a file.')
      expect((await refusal('/dev/zero'))[1]).toBe('/dev/zero is a device, not a file.')
    } finally {
      server.close()
    }
  })

  it('when its links go round in a circle', async () => {
    symlinkSync('b.link', join(cwd, 'a.link'))
    symlinkSync('a.link', join(cwd, 'b.link'))
    expect(await refusal('a.link')).toEqual([
      3,
      'Cannot read a.link: its symbolic links go round in a circle.',
      'See where they lead: ls -l a.link',
    ])
  })

  it('when it may not be read', async () => {
    chmodSync(join(cwd, file('secret.jsonl', '{}')), 0)
    const isRoot = process.geteuid?.() === 0
    if (isRoot) process.seteuid?.(65_534) // root reads whatever the mode
    try {
      expect(await refusal('secret.jsonl')).toEqual([
        3,
        'Cannot read secret.jsonl: permission denied.',
        'Let yourself read it: chmod u+r secret.jsonl',
      ])
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
  })

  it('when it is empty', async () => {
    expect(await refusal(file('empty.jsonl', ''))).toEqual([3, 'empty.jsonl is empty.', 'Export it again.'])
    expect((await refusal('-'))[1]).toBe('Standard input is empty.')
  })

  it('when standard input is a terminal', async () => {
    const terminal = Object.assign(Readable.from([]), { isTTY: true })
    expect(await refusal('-', terminal)).toEqual([
      2,
      'Nothing is piped in.',
      'Name a file, or pipe one in: … | pilot ingest -',
    ])
  })

  it.each([
    ['a SQLite database', latin1('SQLite format 3\0\x10\0')],
    ['a DuckDB database', latin1('\x12\x34\x56\x78\0\0\0\0DUCK\x40\0')],
    ['a Parquet file', latin1('PAR1\x15\x04')],
    ['a PNG image', latin1('\x89PNG\r\n\x1a\n\0\0')],
    ['a zip archive or an Excel workbook', latin1('PK\x03\x04\x14\0')],
    ['a tar archive', Buffer.concat([Buffer.alloc(257, 'name'), latin1('ustar\0')])],
    ['a bzip2 file', latin1('BZh91AY&SY')],
    ['an xz file', latin1('\xfd7zXZ\0\0')],
    ['a binary file', Buffer.from(Array.from({ length: 600 }, (_, at) => (at * 37) % 256))],
  ])('when it is %s', async (name, content) => {
    const [exitCode, message] = await refusal(file('binary', content))
    expect([exitCode, message]).toEqual([3, `binary is ${name}, not text.`])
  })

  it('when it is UTF-16 without a mark, with the command that turns it into UTF-8', async () => {
    const [, message, hint] = await refusal(file('wide.jsonl', Buffer.from('{"a":1}\n', 'utf16le')))
    expect(message).toBe('wide.jsonl is a binary file, not text.')
    expect(hint).toContain('iconv -f UTF-16LE -t UTF-8 FILE | pilot ingest -')
  })

  it.each([
    ['zstd', latin1('\0\0\x01\x20\x28\xb5\x2f\xfd\0\x58')],
    ['protobuf', Buffer.concat([latin1('\0\0\0\x20\x0a\x1e'), Buffer.alloc(30, 'x')])],
  ])("when it holds the Collector's messages as %s", async (_, content) => {
    expect(await refusal(file('collector', content))).toEqual([
      3,
      "collector holds binary messages of the OpenTelemetry Collector's file exporter.",
      'Set "format: json" and no "compression" in that exporter, and record again.',
    ])
  })
})

describe('a table', () => {
  async function rowsOf(...chunks: (string | Buffer)[]): Promise<TableRow[]> {
    const rows: TableRow[] = []
    for await (const row of readTable(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))) rows.push(row)
    return rows
  }

  it.each([
    ['comma', 'id,name\n1,"Doe, J;K"\n'],
    ['semicolon', 'id;name\n1;"Doe, J;K"\n'],
    ['tab', 'id\tname\n1\tDoe, J;K\n'],
    ['bar', 'id|name\n1|Doe, J;K'],
    ['comma, with a delimiter inside a quoted name', '"id",name\r\n1,"Doe, J;K"\r\n'],
    ['comma, after a mark and an empty line', '\ufeff\nid,name\n1,"Doe, J;K"\n'],
  ])('has the delimiter that its first row has: %s', async (_, text) => {
    expect((await rowsOf(text)).map((entry) => 'row' in entry && { ...entry.row })).toEqual([
      { id: '1', name: 'Doe, J;K' },
    ])
  })

  it('keeps quotes, empty cells and lines inside cells, and knows where each row begins', async () => {
    const text = 'a,b\r\n"x ""y""\r\nz",\r\n\r\n1,2"3\n4,5\r6,7'
    const expected = [
      { line: 2, row: { a: 'x "y"\r\nz', b: '' } },
      { line: 5, row: { a: '1', b: '2"3' } },
      { line: 6, row: { a: '4', b: '5' } },
      { line: 7, row: { a: '6', b: '7' } },
    ]
    expect(await rowsOf(text)).toEqual(expected)
    expect(await rowsOf(...text)).toEqual(expected)
  })

  it('says which rows have too few or too many cells, and goes on', async () => {
    expect(await rowsOf('a,b\n1\n1,2,3\n"4\n5",6\n7,8\n')).toEqual([
      { line: 2, problem: 'expected 2 cells, found 1' },
      { line: 3, problem: 'expected 2 cells, found 3' },
      { line: 4, row: { a: '4\n5', b: '6' } },
      { line: 6, row: { a: '7', b: '8' } },
    ])
  })

  it('says where a quote is never closed', async () => {
    expect(await rowsOf('a,b\n1,2\n3,"4\n5,6\n')).toEqual([
      { line: 2, row: { a: '1', b: '2' } },
      { line: 3, problem: 'a quote is opened and never closed' },
    ])
  })

  it('names a column without a name by its place, and a second of one name by its number', async () => {
    expect(await rowsOf(' id ,,id,id (2)\n1,2,3,4\n')).toEqual([
      { line: 2, row: { id: '1', 'column 2': '2', 'id (2)': '3', 'id (2) (2)': '4' } },
    ])
  })

  it('keeps columns called __proto__ and constructor as data', async () => {
    const [entry] = await rowsOf('__proto__,constructor\nx,y\n')
    expect(entry && 'row' in entry && Object.entries(entry.row)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  it('may be empty, or a first row only', async () => {
    expect(await rowsOf('')).toEqual([])
    expect(await rowsOf('a,b\n')).toEqual([])
  })

  it.each(['', '"'])('refuses a row over 16 MiB and goes on with the next line (opened with %j)', async (quote) => {
    const mebibyte = Buffer.alloc(1024 ** 2, 'x')
    const rows = await rowsOf(`a,b\n1,2\n3,${quote}`, ...Array<Buffer>(20).fill(mebibyte), '\n4,5\n6,7\n')
    expect(rows).toEqual([
      { line: 2, row: { a: '1', b: '2' } },
      { line: 3, problem: 'the row is over 16 MiB; is a quote not closed?' },
      { line: 4, row: { a: '4', b: '5' } },
      { line: 5, row: { a: '6', b: '7' } },
    ])
  })
})
