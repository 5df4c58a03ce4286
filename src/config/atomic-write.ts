import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { exitCodes, PilotError } from '../core/errors.js'

/**
 * Writes a whole file or nothing: into a new file beside it, to the disk, then in its place. A link at `path` is replaced, not
 * followed. Throws `PilotError` with exit code 3.
 */
export function writeAtomically(path: string, text: string, mode = 0o644): void {
  refuseSpecial(path)
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`)
  try {
    rmSync(temporary, { force: true })
    const file = openSync(temporary, 'wx', mode)
    try {
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new PilotError(`Cannot write ${path}: ${error.code}.`, {
      hint: 'Check the folder, its permissions and the space left.',
      exitCode: exitCodes.io,
    })
  }
}

/** A device, a pipe or a folder is no place for a file: who may do so would replace it for everybody. */
function refuseSpecial(path: string): void {
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there === undefined || there.isFile() || there.isSymbolicLink()) return
  throw new PilotError(`Cannot write ${path}: it is no regular file.`, {
    hint: 'Name a file; without -o it goes to standard output.',
    exitCode: exitCodes.io,
  })
}
