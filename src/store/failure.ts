import { PilotError } from '../core/errors.js'

/** Error code of SQLite or of the system → what it means, with what to do. */
const failures: readonly [code: RegExp, says: string, hint: string][] = [
  [/^SQLITE_(NOTADB|CORRUPT)/, 'is not a readable database', 'Restore it from a copy, or delete it and ingest again.'],
  [/^SQLITE_BUSY/, 'is busy: another pilot command is writing', 'Try again when it has finished.'],
  [
    /^SQLITE_FULL|^ENOSPC/,
    'cannot grow: the disk is full',
    'Free space and run the command again; what was committed is kept.',
  ],
  [/^SQLITE_IOERR/, 'cannot be $mode: the disk reports an error', 'Check the disk and its limits for this user.'],
  [
    /^SQLITE_(READONLY|CANTOPEN|PERM)|^(EACCES|EPERM|EROFS)$/,
    'cannot be $mode',
    'Check the permissions of the file and its folder.',
  ],
]

/** A failure of the store as a `PilotError` (exit 3) that says what to do; any other error as it is. */
export function storeFailure(error: unknown, path: string, mode: 'read' | 'write' = 'write'): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  const found = failures.find(([code]) => code.test(String(error.code)))
  if (!found) return error
  const says = found[1].replace('$mode', mode === 'read' ? 'read' : 'written')
  return new PilotError(`${path} ${says}.`, { hint: found[2], exitCode: 3 })
}
