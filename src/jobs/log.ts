import { randomBytes } from 'node:crypto'
import type { LoadedConfig } from '../config/load.js'
import { nearest } from '../config/suggest.js'
import { PilotError } from '../core/errors.js'
import type { LogEntry } from '../core/log-entry.js'
import { createPolicy, type Policy } from '../core/privacy/policy.js'
import { loadHash } from '../io/salt.js'
import {
  countLogEntries,
  findOwnLog,
  logWriter,
  ownLogPath,
  readLogEntries,
  removeLogEntry,
  type StoredEntry,
  setSourcePolicy,
} from '../store/log.js'
import type { Store } from '../store/open.js'
import { beginSource, finishSource } from '../store/sources.js'
import { openExisting, type Workspace, workspaceOf } from './workspace.js'

/** An id for a new entry: random, so that entries of several people never meet. */
export function newEntryId(): string {
  return randomBytes(5).toString('hex')
}

/** Stores an entry that was just made, under the privacy rules; as it was stored. */
export async function addToLog(
  loaded: LoadedConfig,
  entry: LogEntry & { id: string },
  nowMs: number,
): Promise<LogEntry> {
  const workspace = workspaceOf(loaded)
  const db = workspace.open('write')
  try {
    const policy = await policyOf(workspace)
    const kept = policy.applyLogEntry(entry)
    const store = db.transaction(() => {
      reapply(db, policy, workspace.policyHash)
      const source = beginSource(db, {
        ...{ kind: 'log', platform: '', path: ownLogPath },
        ...{ policy: workspace.policyHash, ingestedMs: nowMs },
      })
      logWriter(db, source).write(entry.id, kept)
      finish(db, source)
    })
    store.immediate()
    return kept
  } finally {
    db.close()
  }
}

/** Applies the rules of today to what `pilot log` has written under others: there is no file to read it from again. */
export async function refreshOwnLog(db: Store, workspace: Workspace): Promise<void> {
  const own = findOwnLog(db)
  if (own === undefined || own.policy === workspace.policyHash) return
  const policy = await policyOf(workspace)
  db.transaction(() => reapply(db, policy, workspace.policyHash)).immediate()
}

function reapply(db: Store, policy: Policy, policyHash: string): void {
  const own = findOwnLog(db)
  if (own === undefined || own.policy === policyHash) return
  const log = logWriter(db, own.id)
  for (const entry of readLogEntries(db, own.id)) log.write(entry.id, policy.applyLogEntry(entry))
  setSourcePolicy(db, own.id, policyHash)
}

function policyOf({ loaded, saltPath }: Workspace): Promise<Policy> {
  return createPolicy(loaded.config.capture.privacy ?? [], loadHash(saltPath))
}

function finish(db: Store, source: number): void {
  finishSource(db, source, {
    format: 'log',
    sha256: undefined,
    bytes: undefined,
    state: 'complete',
    reason: undefined,
    records: countLogEntries(db, source),
    problems: 0,
    skipped: {},
    redacted: {},
  })
}

/** All entries in the store; none before there is one. */
export function readLog(loaded: LoadedConfig): StoredEntry[] {
  const db = openExisting(loaded)
  return db === undefined ? [] : readLogEntries(db)
}

/** Takes the entry out whose id begins so; as it was. Throws `PilotError` where none does, or several do. */
export function removeFromLog(loaded: LoadedConfig, beginning: string): StoredEntry {
  const entries = readLog(loaded)
  const found = findEntry(entries, beginning)
  const db = workspaceOf(loaded).open('write')
  try {
    const remove = db.transaction(() => {
      removeLogEntry(db, found.id)
      const own = findOwnLog(db)
      if (own !== undefined && found.from === ownLogPath) finish(db, own.id)
    })
    remove.immediate()
    return found
  } finally {
    db.close()
  }
}

function findEntry(entries: readonly StoredEntry[], beginning: string): StoredEntry {
  const whole = entries.find(({ id }) => id === beginning)
  if (whole !== undefined) return whole
  const found = beginning === '' ? [] : entries.filter(({ id }) => id.startsWith(beginning))
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return only
  if (only !== undefined)
    throw new PilotError(`${found.length} entries have an id that begins with ${beginning}.`, {
      hint: `Say more of it: ${found
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}.`,
    })
  const near = nearest(
    beginning,
    entries.map(({ id }) => id),
  )
  throw new PilotError(`No entry has the id ${beginning}.`, {
    hint: near === undefined ? 'pilot log list shows the ids.' : `Did you mean ${near}?`,
  })
}
