import { closeSync, existsSync, linkSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { PilotError } from '../core/errors.js'
import { applicationId, migrations } from './schema.js'

export type Store = Database.Database

/**
 * The store at `path`. `write` creates it (file 0600, folder 0700, whatever the umask) and brings its schema up to date;
 * `read` needs an existing one. Throws `PilotError` (exit 3) for a missing, foreign, corrupt, newer or unreadable file.
 */
export function openStore(path: string, mode: 'read' | 'write'): Store {
  const isMissing = !existsSync(path)
  if (isMissing && mode === 'read')
    throw new PilotError(`No data yet: ${path} does not exist.`, {
      hint: 'pilot ingest <export.jsonl> makes it.',
      exitCode: 3,
    })
  try {
    if (isMissing) createStore(path)
    refuseEmpty(path)
    const db = new Database(path, { timeout: 10_000, readonly: mode === 'read' })
    refuseForeign(db, path)
    configure(db)
    if (mode === 'write') migrate(db)
    return db
  } catch (error) {
    throw explain(error, path)
  }
}

/** Made whole in a folder beside its place, then linked into it: neither a kill nor another process meets half a store there. */
function createStore(path: string): void {
  const directory = dirname(path)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const workshop = mkdtempSync(join(directory, 'new-'))
  try {
    const made = join(workshop, 'pilot.db')
    // Made before SQLite opens it: the -wal and -shm files take their modes from it.
    closeSync(openSync(made, 'wx', 0o600))
    const db = new Database(made)
    db.pragma('page_size = 16384')
    db.pragma('journal_mode = WAL')
    db.pragma(`application_id = ${applicationId}`)
    migrate(db)
    db.close()
    linkSync(made, path)
  } catch (error) {
    // Another process was faster: then that one is the store.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(workshop, { recursive: true, force: true })
  }
}

function refuseEmpty(path: string): void {
  if (statSync(path).size > 0) return
  throw new PilotError(`${path} is empty: not a store, or one that was cut to nothing.`, {
    hint: 'Restore it from a copy, or delete it and ingest again.',
    exitCode: 3,
  })
}

function refuseForeign(db: Store, path: string): void {
  if (db.pragma('application_id', { simple: true }) !== applicationId)
    throw new PilotError(`${path} is not a pilot store: it belongs to another program.`, {
      hint: 'Move it away, then run the command again.',
      exitCode: 3,
    })
  if (versionOf(db) > migrations.length)
    throw new PilotError(
      `${path} was written by a newer pilot (schema ${versionOf(db)}, this one knows ${migrations.length}).`,
      { hint: 'Update pilot.', exitCode: 3 },
    )
}

function configure(db: Store): void {
  db.pragma('temp_store = MEMORY')
  db.pragma('trusted_schema = OFF')
  db.pragma('synchronous = NORMAL')
  db.pragma('secure_delete = ON')
  db.pragma('cache_size = -8192')
}

function versionOf(db: Store): number {
  return Number(db.pragma('user_version', { simple: true }))
}

function migrate(db: Store): void {
  if (versionOf(db) === migrations.length) return
  const apply = db.transaction(() => {
    for (const statements of migrations.slice(versionOf(db))) db.exec(statements)
    db.pragma(`user_version = ${migrations.length}`)
  })
  apply.immediate()
}

/** SQLite's own failures in words, with what to do; everything else as it is. */
function explain(error: unknown, path: string): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const hints: [RegExp, string, string][] = [
    [
      /^SQLITE_(NOTADB|CORRUPT)/,
      'is not a readable database',
      'Restore it from a copy, or delete it and ingest again.',
    ],
    [/^SQLITE_BUSY/, 'is busy: another pilot command is writing', 'Try again when it has finished.'],
    [
      /^SQLITE_FULL|^ENOSPC/,
      'cannot grow: the disk is full',
      'Free space and run the command again; what was committed is kept.',
    ],
    [
      /^SQLITE_(READONLY|CANTOPEN|PERM)|^(EACCES|EPERM|EROFS)$/,
      'cannot be written',
      'Check the permissions of the file and its folder.',
    ],
  ]
  const known = hints.find(([pattern]) => pattern.test(code))
  return known ? new PilotError(`${path} ${known[1]}.`, { hint: known[2], exitCode: 3 }) : error
}

/** Runs `work`, with SQLite's failures (busy, full, corrupt) turned into `PilotError` (exit 3). */
export function guarded<T>(db: Store, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw explain(error, db.name)
  }
}
