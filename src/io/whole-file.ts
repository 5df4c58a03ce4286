import { createHash } from 'node:crypto'
import { closeSync, constants, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { exitCodes, PilotError } from '../core/errors.js'

/** A file that is being written beside its place (0600); it stands there whole, or not at all. */
export interface WholeFile {
  write(text: string): void
  /** Puts it in its place, and says what is in it. */
  finish(): { bytes: number; sha256: string }
  /** Takes it away again; nothing after `finish`. */
  abandon(): void
}

const bufferLetters = 256 * 1024

/**
 * Begins such a file. Throws `PilotError` (exit 3) where something stands in its place that may not be replaced: a link, a pipe, a
 * device or a folder, or any file unless `replaces`.
 */
export function beginWholeFile(path: string, { replaces }: { replaces: boolean }): WholeFile {
  refuseTarget(path, replaces)
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  rmSync(temporary, { force: true })
  const hash = createHash('sha256')
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const file = writing(path, () => openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  let buffered: string[] = []
  let letters = 0
  let bytes = 0
  let isOpen = true

  function flush(): void {
    const piece = Buffer.from(buffered.join(''))
    hash.update(piece)
    writing(path, () => {
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at)
    })
    bytes += piece.length
    buffered = []
    letters = 0
  }

  return {
    write(text) {
      buffered.push(text)
      letters += text.length
      if (letters >= bufferLetters) flush()
    },
    finish() {
      flush()
      writing(path, () => fsyncSync(file))
      closeSync(file)
      isOpen = false
      refuseTarget(path, replaces)
      writing(path, () => renameSync(temporary, path))
      return { bytes, sha256: hash.digest('hex') }
    },
    abandon() {
      if (isOpen) closeSync(file)
      isOpen = false
      rmSync(temporary, { force: true })
    },
  }
}

/** Throws `PilotError` (exit 3) for a place that may not be written to. */
export function refuseTarget(path: string, replaces: boolean): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined) return
  if (!there.isFile())
    throw new PilotError(`${path} is no regular file: nothing is written there.`, {
      hint: 'Name another folder: --out <dir>.',
      exitCode: exitCodes.io,
    })
  if (!replaces)
    throw new PilotError(`${path} is there already.`, {
      hint: 'Name another folder with --out, or replace it with --force.',
      exitCode: exitCodes.io,
    })
}

function writing<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new PilotError(`Cannot write ${path}: ${error.code}.`, {
      hint: 'Check the folder, its permissions and the space left.',
      exitCode: exitCodes.io,
    })
  }
}
