import { lstatSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { LoadedConfig } from '../../config/load.js'
import { exitCodes, PilotError } from '../../core/errors.js'
import type { DetectorName } from '../../core/privacy/detectors/index.js'
import { createTextScan } from '../../core/privacy/scan-text.js'
import type { ScanReport } from '../../core/scan-findings.js'
import { regularFiles } from '../../io/regular-files.js'
import { openExisting, workspaceOf } from '../workspace.js'
import { scanFile } from './file.js'

interface ScanRequest {
  paths: readonly string[]
  detectors: readonly DetectorName[]
  cwd: string
  onSpans(done: number, all: number): void
  onFile(path: string, bytes: number, size: number | undefined): void
}

/**
 * Looks for secrets and personal data in the store of a pilot, in what pilot keeps beside it, and in files and folders that are
 * named. Throws `PilotError` (exit 3) for a path that is not there, and where there is nothing to look through.
 */
export async function scanAll(loaded: LoadedConfig | undefined, request: ScanRequest): Promise<ScanReport> {
  const { paths, detectors, cwd, onSpans, onFile } = request
  const scan = await createTextScan(detectors)
  const named = paths.flatMap((path) => filesAt(path, cwd))
  const db = loaded && openExisting(loaded)
  if (db === undefined && paths.length === 0)
    throw new PilotError('There is nothing to look through: no store yet.', {
      hint: 'pilot ingest makes it; or name files and folders: pilot scan reports/',
      exitCode: exitCodes.io,
    })
  const { scanStore } = await import('./store.js')
  const { texts, findings } = db === undefined ? { texts: 0, findings: [] } : scanStore(db, scan, onSpans)
  db?.close()
  const all = [...(loaded ? besideStore(loaded) : []), ...named]
  const isPacked = (path: string) => /\.(?:gz|zst|zip|tgz|bz2|xz)$/i.test(path)
  const shown = (path: string) => relative(cwd, path) || path
  const files = [...new Set(all)].filter((path) => !isPacked(path))
  const found = files.flatMap((path) =>
    scanFile(path, shown(path), scan, (bytes) => onFile(path, bytes, lstatSync(path).size)),
  )
  return {
    detectors: [...detectors],
    ...{ texts, files: files.length },
    unread: [...new Set(all)].filter(isPacked).map(shown),
    store: findings,
    found,
  }
}

function filesAt(path: string, cwd: string): string[] {
  const full = resolve(cwd, path)
  if (lstatSync(full, { throwIfNoEntry: false }) === undefined)
    throw new PilotError(`Cannot read ${path}: there is no such file or folder.`, {
      hint: `Paths start at ${cwd}.`,
      exitCode: exitCodes.io,
    })
  return regularFiles(full)
}

/** Journals of drills and labels. The database was read as such; the salt is a secret of its own. */
function besideStore(loaded: LoadedConfig): string[] {
  const folder = dirname(workspaceOf(loaded).databasePath)
  return ['drills', 'labels'].flatMap((name) => regularFiles(join(folder, name)))
}
