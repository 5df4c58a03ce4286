import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import type { LoadedConfig } from '../config/load.js'
import { PilotError } from '../core/errors.js'
import type { CanarySet } from '../core/probes/canary.js'
import type { CanaryPlace, PrivacyResult } from '../core/probes/privacy.js'
import { filesIn } from '../io/file-bytes.js'
import { readSources } from '../store/sources.js'
import { ownFiles } from './canary-sets.js'
import { openExisting, workspaceOf } from './workspace.js'

/** The files to search, each once, and what is missing of them. */
export interface CanaryPlaces {
  files: { place: CanaryPlace; path: string; label: string }[]
  missing: PrivacyResult['unread']
}

/**
 * The exports that are named (files, or all below a folder), else those that were ingested; then the store's files, and what else
 * stands in the folder of the pilot and below `.pilot`. The files that keep the set itself are left out.
 */
export async function canaryPlaces(
  loaded: LoadedConfig,
  set: CanarySet,
  { paths, platform, cwd }: { paths: readonly string[]; platform: string; cwd: string },
): Promise<CanaryPlaces> {
  const { directory } = loaded
  const { databasePath } = workspaceOf(loaded)
  const ingested = ingestedPaths(loaded)
  const ofPlatform = ingested.filter((source) => source.platform === platform).map(({ path }) => path)
  const exports = paths.length > 0 ? await namedFiles(paths, cwd) : ofPlatform
  const spared = new Set(ownFiles(loaded, set).map(trueOf))
  const placed = new Map<string, CanaryPlace>()
  const put = (place: CanaryPlace, path: string) => {
    const known = trueOf(path)
    if (!spared.has(known) && !placed.has(known)) placed.set(known, place)
  }
  for (const path of exports) if (existsSync(path)) put('export', path)
  // What another platform gave out is nothing that this one has let through.
  for (const { path } of ingested) if (!placed.has(trueOf(path))) spared.add(trueOf(path))
  for (const path of [...(await filesIn(directory, { isFlat: true })), ...(await filesBelow(dirname(databasePath)))])
    put(basename(path).startsWith(basename(databasePath)) ? 'store' : 'files', path)
  return {
    files: Array.from(placed, ([path, place]) => ({ place, path, label: relative(trueOf(directory), path) })),
    missing: exports
      .filter((path) => !existsSync(path))
      .map((path) => ({ place: 'export', path: relative(directory, path), reason: 'It is no longer there.' })),
  }
}

/** Sources of traces in the store; what came through standard input has no file. */
function ingestedPaths(loaded: LoadedConfig): { platform: string; path: string }[] {
  const db = openExisting(loaded)
  if (db === undefined) return []
  try {
    return readSources(db)
      .filter(({ kind, path }) => kind === 'traces' && path !== '-')
      .map(({ platform, path }) => ({ platform, path: resolve(loaded.directory, path) }))
  } finally {
    db.close()
  }
}

async function namedFiles(paths: readonly string[], cwd: string): Promise<string[]> {
  const files: string[] = []
  for (const typed of paths) {
    const path = resolve(cwd, typed)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined)
      throw new PilotError(`Cannot read ${typed}: there is no such file or folder.`, {
        hint: `Paths start at ${cwd}.`,
        exitCode: 3,
      })
    if (stats.isFile()) files.push(path)
    else if (stats.isDirectory()) files.push(...(await filesBelow(path)))
    else throw new PilotError(`${typed} is no regular file.`, { hint: 'Name a file or a folder.', exitCode: 3 })
  }
  return files
}

async function filesBelow(folder: string): Promise<string[]> {
  return existsSync(folder) ? filesIn(folder, { isFlat: false }) : []
}

/** The one name of a file, whatever links lead to it. */
function trueOf(path: string): string {
  return existsSync(path) ? realpathSync(path) : path
}
