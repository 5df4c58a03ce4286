import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { PilotError } from '../core/errors.js'
import { byteReader } from './byte-reader.js'
import { isCompressed } from './decompress.js'
import { headBytes, refuseBinary } from './signatures.js'

/** A file, or standard input, opened for one reading. */
export interface Input {
  chunks: AsyncIterable<Buffer>
  /** Undefined for standard input. */
  sizeBytes: number | undefined
  /** Hex hash of the raw bytes read so far. */
  sha256(): string
  /** Raw bytes read so far. */
  bytesRead(): number
}

/**
 * Opens a file, or standard input for '-'. Throws `PilotError` where there is nothing to read (exit 2 for a terminal, else 3):
 * it is missing, empty, no regular file, not allowed, or not text; so does `chunks` when reading fails on the way.
 */
export async function openInput(path: string, { stdin, cwd }: { stdin: Readable; cwd: string }): Promise<Input> {
  const isStdin = path === '-'
  const name = isStdin ? 'Standard input' : path
  const file = resolve(cwd, path)
  if (isStdin && 'isTTY' in stdin && stdin.isTTY === true)
    throw new PilotError('Nothing is piped in.', { hint: 'Name a file, or pipe one in: … | pilot ingest -' })
  const stats = isStdin ? undefined : await readable(stat(file), path, cwd)
  if (stats) refuseSpecial(stats, path)

  const hash = createHash('sha256')
  let bytesRead = 0
  async function* counted(): AsyncGenerator<Buffer> {
    const stream = isStdin ? stdin : createReadStream(file, { highWaterMark: 256 * 1024 })
    const pieces: AsyncIterator<Buffer | string> = stream[Symbol.asyncIterator]()
    try {
      for (;;) {
        const piece = await readable(pieces.next(), path, cwd)
        if (piece.done) return
        const bytes = typeof piece.value === 'string' ? Buffer.from(piece.value) : piece.value
        hash.update(bytes)
        bytesRead += bytes.length
        yield bytes
      }
    } finally {
      await pieces.return?.()
    }
  }

  const source = byteReader(counted())
  const head = await source.peek(headBytes)
  try {
    if (head.length === 0) throw new PilotError(`${name} is empty.`, { hint: 'Export it again.', exitCode: 3 })
    if (!isCompressed(head)) refuseBinary(head, name)
  } catch (error) {
    await source.close()
    throw error
  }
  return {
    chunks: source.rest(),
    sizeBytes: stats?.size,
    sha256: () => hash.copy().digest('hex'),
    bytesRead: () => bytesRead,
  }
}

function refuseSpecial(stats: Stats, path: string): void {
  if (stats.isFile()) return
  if (stats.isDirectory())
    throw new PilotError(`${path} is a folder.`, { hint: `Name its files: pilot ingest ${path}/*.jsonl`, exitCode: 3 })
  const kind = stats.isFIFO() ? 'a named pipe' : stats.isSocket() ? 'a socket' : 'a device'
  throw new PilotError(`${path} is ${kind}, not a file.`, {
    hint: `Pipe it: cat ${path} | pilot ingest -`,
    exitCode: 3,
  })
}

/** What the system answers; its errors become those that the user can act on. */
async function readable<T>(answer: Promise<T>, path: string, cwd: string): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const { says, hint } = failures[String(error.code)] ?? { says: String(error.code), hint: () => 'Check the file.' }
    const name = path === '-' ? 'standard input' : path
    throw new PilotError(`Cannot read ${name}: ${says}.`, { hint: await hint(path, cwd), exitCode: 3 })
  }
}

const failures: Record<string, { says: string; hint(path: string, cwd: string): string | Promise<string> }> = {
  ENOENT: { says: 'there is no such file', hint: likelyCause },
  ENOTDIR: { says: 'a part of its path is a file, not a folder', hint: () => 'Check the path.' },
  EISDIR: { says: 'it is a folder', hint: () => 'Name the files in it.' },
  EACCES: { says: 'permission denied', hint: (path) => `Let yourself read it: chmod u+r ${path}` },
  EPERM: { says: 'the system does not allow it', hint: (path) => `See who owns it: ls -l ${path}` },
  ELOOP: { says: 'its symbolic links go round in a circle', hint: (path) => `See where they lead: ls -l ${path}` },
  ENAMETOOLONG: { says: 'its name is too long', hint: () => 'Check the path.' },
}

/** Why a file is missing: its folder is, the shell met no match, it was packed since; else where paths start from. */
async function likelyCause(path: string, cwd: string): Promise<string> {
  const folder = dirname(resolve(cwd, path))
  const name = basename(path)
  const names = await readdir(folder).catch(() => undefined)
  if (names === undefined) return `The folder ${folder} cannot be read either.`
  if (/[*?]/.test(name)) return 'No file matches this pattern.'
  const other = names.find((candidate) => stem(candidate) === stem(name))
  return other === undefined ? `Paths start at ${cwd}.` : `There is ${other} beside it.`
}

function stem(name: string): string {
  return name.toLowerCase().replace(/(\.(jsonl|json|ndjson|csv|tsv|gz|zst))+$/, '')
}
