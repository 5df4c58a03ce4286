import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { exitCodes, PilotError } from '../core/errors.js'

/**
 * Adds one line to a file, which is made (0600) where there is none, and has it on the disk before it returns. A last line that was
 * cut off is ended first, so that it does not spoil the new one. Throws `PilotError` (exit 3).
 */
export function appendLine(path: string, line: string): void {
  try {
    const file = openSync(path, 'a+', 0o600)
    try {
      const text = `${endsInLine(file) ? '' : '\n'}${line}\n`
      // Of a file that is only appended to, one write is one piece, whoever else writes.
      writeSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    throw new PilotError(`Cannot write ${path}: ${error.code}.`, {
      hint: 'Check the folder, its permissions and the space left.',
      exitCode: exitCodes.io,
    })
  }
}

function endsInLine(file: number): boolean {
  const { size } = fstatSync(file)
  if (size === 0) return true
  const last = Buffer.alloc(1)
  readSync(file, last, 0, 1, size - 1)
  return last[0] === 0x0a
}
