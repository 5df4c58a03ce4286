import type { LoadedConfig } from '../../config/load.js'
import { isAlias } from '../../core/alias.js'
import { dayOf } from '../../core/billing.js'
import { PilotError } from '../../core/errors.js'
import { createPolicy } from '../../core/privacy/policy.js'
import { loadHash } from '../../io/salt.js'
import type { Store } from '../../store/open.js'
import { addPurge, notePurgesScrubbed, type PurgeEntry, readPurges } from '../../store/purge/audit.js'
import { countUndated, dropGone, selectGone } from '../../store/purge/gone.js'
import { collectPieces, type Pieces } from '../../store/purge/pieces.js'
import { countGone, deleteGone, type Gone } from '../../store/purge/rows.js'
import { scrub } from '../../store/purge/scrub.js'
import { goneIds, keepTombstones, readTombstones } from '../../store/purge/tombstones.js'
import { dropDeadExports } from '../fresh-export.js'
import { openExisting, type Workspace, workspaceOf } from '../workspace.js'
import { dropJournalLines, findJournalLines, isRowOfPurged, type JournalLines } from './journals.js'
import { type Proof, proveGone } from './prove.js'
import { type PurgeRequest, type Resolved, resolveRequest } from './selector.js'

/** What goes, or has gone. */
export interface PurgeReport extends Gone {
  dryRun: boolean
  selector: PurgeEntry['selector'] | null
  beforeMs: number | null
  /** Of journals of drills and labels beside the store. */
  files: JournalLines[]
  /** Ids and names of which nothing was stored any more. */
  purgedBefore: string[]
  /** Traces without any time, which `older-than` leaves alone. */
  undated: number
  /** Null on a dry run. */
  proof: Proof | null
}

interface World {
  nowMs: number
  /** Alias of who purges. */
  by: string | undefined
}

/** What a purge would take out; changes nothing. */
export async function previewPurge(
  loaded: LoadedConfig,
  request: PurgeRequest,
  { by }: Pick<World, 'by'>,
): Promise<PurgeReport> {
  requireAlias(by)
  const workspace = workspaceOf(loaded)
  const db = workspace.open('read')
  try {
    const resolved = resolveRequest(request, await knownOf(db, workspace))
    selectGone(db, resolved.selector)
    const gone = countGone(db)
    const files = findJournalLines(workspace.databasePath, isRowOfPurged(goneIds(db)))
    return { ...shownOf(db, resolved), ...gone, files, dryRun: true, proof: null }
  } finally {
    db.close()
  }
}

/**
 * Takes out what is asked for, and finishes what an earlier purge had to leave; then searches the files for it. Rows go in one
 * transaction: a kill leaves all of them, or none and a purge that says so. Throws `PilotError` (exit 3) while a reader holds on to it.
 */
export async function runPurge(
  loaded: LoadedConfig,
  request: PurgeRequest | undefined,
  world: World,
): Promise<PurgeReport> {
  requireAlias(world.by)
  const workspace = workspaceOf(loaded)
  workspace.open('read').close() // where there is no store, none is made
  const db = workspace.open('write')
  try {
    const known = await knownOf(db, workspace)
    const resolved = request && resolveRequest(request, known)
    const removed = resolved && remove(db, { ...world, resolved, hash: known.hash })
    const isPending = readPurges(db).some(({ state }) => state === 'removed')
    if (resolved === undefined && !isPending) throw nothingNamed()
    const isOfPurged = isRowOfPurged(readTombstones(db, known.hash) ?? { has: () => false })
    const files = findJournalLines(workspace.databasePath, isOfPurged)
    dropJournalLines(workspace.databasePath, isOfPurged)
    dropDeadExports(workspace.databasePath)
    if (isPending) scrub(db)
    const proof = proveGone(db, removed?.pieces ?? { ids: [], texts: [], words: [] })
    if (isPending && !proof.isInFreeSpace) notePurgesScrubbed(db, removed?.id, proof)
    const gone = removed?.gone ?? { traces: 0, platforms: {}, rows: {} }
    return { ...shownOf(db, resolved), ...gone, files, dryRun: false, proof }
  } finally {
    db.close()
  }
}

/** Every purge of a pilot, the oldest first; none before there is a store. */
export function listPurges(loaded: LoadedConfig): PurgeEntry[] {
  const db = openExisting(loaded)
  return db === undefined ? [] : readPurges(db)
}

async function knownOf(db: Store, { loaded, saltPath }: Workspace) {
  const hash = loadHash(saltPath)
  const policy = await createPolicy(loaded.config.capture.privacy ?? [], hash)
  return { db, hash, policy, tombstones: readTombstones(db, hash) }
}

interface Removal extends World {
  resolved: Resolved
  hash(value: string): string
}

/** Rows, tombstones and the note of it stand or fall together. */
function remove(db: Store, { resolved, hash, nowMs, by }: Removal): { id?: number; gone: Gone; pieces: Pieces } {
  const { selector, named } = resolved
  const work = db.transaction(() => {
    selectGone(db, selector)
    const gone = countGone(db)
    const names = named.map(([, value]) => value)
    const pieces = collectPieces(db, names)
    if (gone.traces === 0 && Object.keys(gone.rows).length === 0) return { gone, pieces }
    const id = addPurge(db, {
      ...{ timeMs: nowMs, selector: selector.kind, state: 'removed' },
      ...(by !== undefined && { by }),
      ...(selector.kind === 'older-than' && { beforeMs: selector.beforeMs }),
      ...gone,
    })
    keepTombstones(db, hash, { purge: id, named })
    deleteGone(db, dayOf(nowMs) ?? 'an unknown day')
    return { id, gone, pieces }
  })
  try {
    return work.immediate()
  } finally {
    dropGone(db)
  }
}

function shownOf(db: Store, resolved: Resolved | undefined) {
  const selector = resolved?.selector
  return {
    selector: selector?.kind ?? null,
    beforeMs: selector?.kind === 'older-than' ? selector.beforeMs : null,
    purgedBefore: resolved?.purgedBefore ?? [],
    undated: selector?.kind === 'older-than' ? countUndated(db) : 0,
  }
}

function requireAlias(by: string | undefined): void {
  if (by === undefined || isAlias(by)) return
  throw new PilotError(`--by: ${JSON.stringify(by)} is no alias.`, {
    hint: 'One word such as lead; never a name or an address.',
  })
}

/** What a purge without a selector is told. */
export function nothingNamed(): PilotError {
  return new PilotError('Nothing says what to purge.', {
    hint: 'Name it: --trace <id>, --user <user>, --tenant <tenant> or --older-than 30d.',
  })
}
