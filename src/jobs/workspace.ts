import { hash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedConfig } from '../config/load.js'
import { openStore, type Store } from '../store/open.js'

/** Where a pilot keeps its data: `.pilot/` beside its pilot.yaml. */
export interface Workspace {
  loaded: LoadedConfig
  databasePath: string
  open(mode: 'read' | 'write'): Store
  saltPath: string
  /** Tells rules apart that were in force at different times. */
  policyHash: string
}

/** The workspace of a loaded pilot.yaml; touches nothing until asked. */
export function workspaceOf(loaded: LoadedConfig): Workspace {
  const directory = join(loaded.directory, '.pilot')
  const databasePath = join(directory, 'pilot.db')
  const { capture } = loaded.config
  return {
    loaded,
    databasePath,
    open: (mode) => openStore(databasePath, mode),
    saltPath: join(directory, 'salt'),
    policyHash: hash('sha256', JSON.stringify(capture.privacy ?? []), 'hex').slice(0, 16),
  }
}

/** The store of a pilot, to read; undefined before the first ingest. */
export function openExisting(loaded: LoadedConfig): Store | undefined {
  const { databasePath, open } = workspaceOf(loaded)
  return existsSync(databasePath) ? open('read') : undefined
}
