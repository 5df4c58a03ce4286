import { randomInt } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeAtomically } from '../config/atomic-write.js'
import { canaryFileText, parseCanaryFile } from '../config/canary-file.js'
import { type LoadedConfig, readSmallFile } from '../config/load.js'
import { nearest } from '../config/suggest.js'
import { PilotError } from '../core/errors.js'
import { type CanarySet, plantCanaries } from '../core/probes/canary.js'
import { workspaceOf } from './workspace.js'

/**
 * Makes a set of canaries and keeps it in a file of its own (0600) beside the store: the values have to be found again, and
 * the store is searched for them. `sheet` is an absolute path, or nothing for one beside the store.
 */
export function plantSet(loaded: LoadedConfig, nowMs: number, sheet: string | undefined): CanarySet {
  const { channels, kinds } = loaded.config.probes.privacy
  const folder = folderOf(loaded)
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(folder, 0o700)
  const others = readSets(loaded)
  const taken = new Set(others.map(({ id }) => id))
  const day = new Date(nowMs).toISOString().slice(0, 10)
  let [id, count] = [day, 1]
  while (taken.has(id)) id = `${day}-${++count}`
  const random = () => randomInt(2 ** 32) / 2 ** 32
  const planted = plantCanaries({ channels, kinds }, { id, plantedMs: nowMs, random, others })
  const set = { ...planted, sheets: [sheet ?? join(folder, `canaries-${id}.md`)] }
  writeAtomically(pathOf(loaded, id), canaryFileText(set), 0o600)
  return set
}

/** Every set that was planted here, the oldest first. Throws `PilotError` for a file that is damaged. */
export function readSets(loaded: LoadedConfig): CanarySet[] {
  const folder = folderOf(loaded)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^canaries-[\d-]+\.json$/.test(name))
    .map((name) => {
      const set = parseCanaryFile(readSmallFile(join(folder, name), name))
      if (set !== undefined) return set
      throw new PilotError(`${join(folder, name)} holds no canaries: it is damaged.`, {
        hint: 'Restore it from a copy, or delete it and plant again.',
        exitCode: 3,
      })
    })
    .sort((a, b) => a.plantedMs - b.plantedMs || (a.id < b.id ? -1 : 1))
}

/** The set that is named, else the last one. Throws `PilotError` (exit 2) where there is none. */
export function findSet(loaded: LoadedConfig, named: string | undefined): CanarySet {
  const sets = readSets(loaded)
  const set = named === undefined ? sets.at(-1) : sets.find(({ id }) => id === named)
  if (set !== undefined) return set
  if (sets.length === 0)
    throw new PilotError('No canaries were planted.', {
      hint: 'pilot probe privacy plant makes them; send them through the application, then verify.',
    })
  const ids = sets.map(({ id }) => id)
  const near = nearest(named ?? '', ids)
  throw new PilotError(`No set of canaries is called ${named}.`, {
    hint: near === undefined ? `There is ${ids.join(', ')}.` : `Did you mean ${near}?`,
  })
}

/** The files that hold the values of a set because they have to. */
export function ownFiles(loaded: LoadedConfig, { id, sheets }: CanarySet): string[] {
  return [pathOf(loaded, id), ...sheets]
}

function folderOf(loaded: LoadedConfig): string {
  return dirname(workspaceOf(loaded).databasePath)
}

function pathOf(loaded: LoadedConfig, id: string): string {
  return join(folderOf(loaded), `canaries-${id}.json`)
}
