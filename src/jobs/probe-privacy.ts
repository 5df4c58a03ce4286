import { createHash } from 'node:crypto'
import type { LoadedConfig } from '../config/load.js'
import { declaredBy } from '../core/probes/canary-declared.js'
import { canarySearch, type FileSearch, type Sighting } from '../core/probes/canary-search.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import { canaryTally, type PrivacyResult } from '../core/probes/privacy.js'
import { readBytes } from '../io/file-bytes.js'
import { loadHash } from '../io/salt.js'
import type { Store } from '../store/open.js'
import { readProbeRuns } from '../store/probes.js'
import { eachStoredText } from '../store/texts.js'
import { canaryPlaces } from './canary-places.js'
import { findSet } from './canary-sets.js'
import { keepProbe } from './keep-probe.js'
import { requirePlatform } from './platforms.js'
import { openExisting, workspaceOf } from './workspace.js'

export interface VerifyRequest {
  /** Files and folders as typed; empty: the exports of the platform that were ingested. */
  paths: readonly string[]
  platform: string | undefined
  set: string | undefined
}

/** Looks for a set of canaries in exports, in the store and in what else stands in the folder of the pilot, and keeps what it found. */
export async function verifyPrivacy(
  loaded: LoadedConfig,
  { paths, platform: named, set: setId }: VerifyRequest,
  { cwd, nowMs }: { cwd: string; nowMs: () => number },
): Promise<{ platform: string; result: PrivacyResult }> {
  const { config } = loaded
  const platform = requirePlatform(config, named, 'Say whose exports they are')
  const set = findSet(loaded, setId)
  const workspace = workspaceOf(loaded)
  const hash = loadHash(workspace.saltPath)
  const startedMs = nowMs()
  const tally = canaryTally(set)
  const open = canarySearch(set, (value) => [
    ...publicDigests(value),
    { name: 'hash of this pilot', hex: hexOf(hash(value)) },
  ])
  const { files, missing } = await canaryPlaces(loaded, set, { paths, platform, cwd })
  const [searched, unread]: [PrivacyResult['files'], PrivacyResult['unread']] = [[], [...missing]]
  for (const { place, path, label } of files) {
    const { search, seen } = collecting(open)
    let bytes = 0
    const reason = await readBytes(path, (chunk) => {
      bytes += chunk.length
      search.read(chunk)
    })
    search.end()
    tally.add(place, label, seen())
    searched.push({ place, path: label, bytes })
    // The store's own database is read row by row as well.
    if (reason !== undefined && place !== 'store') unread.push({ place, path: label, reason })
  }
  const stored = openExisting(loaded)
  if (stored !== undefined)
    searchRows(stored, open, (table, seen) => tally.add('store', `pilot.db, table ${table}`, seen))
  const declared = declaredBy(config.capture.privacy ?? [], config.probes.privacy.expect)
  const result: PrivacyResult = {
    ...{ set: set.id, plantedMs: set.plantedMs, files: searched, unread },
    // Of other words than what is looked for, or the next search would find this one's own record.
    ...tally.result(declared, (value) => hash(`canary ${value}`)),
  }
  const db = workspace.open('write')
  try {
    keepProbe(loaded, db, { probe: 'privacy', platform, startedMs, endedMs: nowMs(), result })
  } finally {
    db.close()
  }
  return { platform, result }
}

/** Every search that was made here, the oldest first. */
export function readPrivacyRuns(loaded: LoadedConfig): ProbeRun<PrivacyResult>[] {
  const db = openExisting(loaded)
  if (db === undefined) return []
  try {
    return readProbeRuns<PrivacyResult>(db, 'privacy')
  } finally {
    db.close()
  }
}

type Open = ReturnType<typeof canarySearch>

/** Row by row, beside the bytes of the file: a long text is spread over its pages. */
function searchRows(db: Store, open: Open, onTable: (table: string, seen: Sighting[]) => void): void {
  let current: (ReturnType<typeof collecting> & { table: string }) | undefined
  const finish = () => {
    current?.search.end()
    if (current !== undefined) onTable(current.table, current.seen())
  }
  try {
    for (const { table, line } of eachStoredText(db)) {
      if (current?.table !== table) {
        finish()
        current = { table, ...collecting(open) }
      }
      current.search.read(Buffer.from(line))
    }
    finish()
  } finally {
    db.close()
  }
}

/** More than a set can tell of one file, each thing once; a bound, since what stands between two words is the export's. */
const mostSightings = 20_000

function collecting(open: Open): { search: FileSearch; seen(): Sighting[] } {
  const seen = new Map<string, Sighting>()
  const search = open((sighting) => {
    const { line: _, ...told } = { line: undefined, ...sighting }
    const key = JSON.stringify(told)
    if (seen.size < mostSightings && !seen.has(key)) seen.set(key, sighting)
  })
  return { search, seen: () => [...seen.values()] }
}

/** What anybody can compute of a value, and so guess it by. */
function publicDigests(value: string): { name: string; hex: string }[] {
  return ['md5', 'sha1', 'sha256', 'sha512'].map((name) => ({
    name,
    hex: createHash(name).update(value).digest('hex'),
  }))
}

function hexOf(token: string): string {
  return token.replace(/^hash:/, '')
}
