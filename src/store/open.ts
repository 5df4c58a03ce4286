import { closeSync, linkSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { PilotError } from '../core/errors.js'
import { storeFailure } from './failure.js'
import { applicationId, migrations } from './schema.js'

export type Store = Database.Database

/** How long a command waits for another one that writes. */
const busyMs = 10_000

/**
 * The store at `path`. `write` creates it (file 0600, folder 0700, whatever the umask) and brings its schema up to date;
 * `read` needs an existing one; an older one is brought up to date too. Throws `PilotError` (exit 3) for a missing, foreign, corrupt, newer or unreadable file.
 */
export function openStore(path: string, mode: 'read' | 'write'): Store {
  try {
    const isMissing = statSync(path, { throwIfNoEntry: false }) === undefined
    if (isMissing && mode === 'read')
      throw new PilotError(`No data yet: ${path} does not exist.`, {
        hint: 'pilot ingest <export.jsonl> makes it.',
        exitCode: 3,
      })
    if (isMissing) createStore(path)
    refuseEmpty(path)
    return mode === 'read' ? openToRead(path) : openToWrite(path)
  } catch (error) {
    throw storeFailure(error, path, mode)
  }
}

/** An empty store that is gone when it is closed: for files that are judged with no pilot around them. */
export function openMemoryStore(): Store {
  const db = new Database(':memory:')
  migrate(db)
  return db
}

function openToWrite(path: string): Store {
  const db = new Database(path, { timeout: busyMs })
  refuseForeign(db, path)
  configure(db)
  migrate(db)
  return db
}

function openToRead(path: string): Store {
  const db = new Database(path, { timeout: busyMs, readonly: true })
  try {
    refuseForeign(db, path)
    configure(db)
    if (versionOf(db) === migrations.length) return db
    db.close()
    return openOlder(path)
  } catch (error) {
    const isLocked = error instanceof Error && 'code' in error && /^SQLITE_(CANTOPEN|READONLY)/.test(String(error.code))
    // An empty log is what an attempt to read left behind: it holds nothing that the file lacks.
    if (!isLocked || (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) throw error
    return openSnapshot(path)
  }
}

/** A store that an older pilot wrote, to be read: brought up to date in its file, or in memory where that must not be written. */
function openOlder(path: string): Store {
  try {
    openToWrite(path).close()
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^SQLITE_READONLY/.test(String(error.code)))
      return openSnapshot(path)
    throw error
  }
  return openToRead(path)
}

/** Where SQLite can make no file beside it (in a read-only folder): the database as it stands in its file, in memory. */
function openSnapshot(path: string): Store {
  const bytes = readFileSync(path)
  // They say "write-ahead log", which there is none of in memory (SQLite file format, 1.3.3).
  bytes[18] = 1
  bytes[19] = 1
  const db = new Database(bytes)
  refuseForeign(db, path)
  migrate(db)
  return db
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

/** Runs `work`, with SQLite's failures (busy, full, corrupt) turned into `PilotError` (exit 3). */
export function guarded<T>(db: Store, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeFailure(error, db.name)
  }
}
