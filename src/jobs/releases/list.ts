import type { LoadedConfig } from '../../config/load.js'
import { type ListedChange, listChanges } from '../../core/releases/list.js'
import { workspaceOf } from '../workspace.js'
import { type PlatformReleases, readVersionRuns } from './read.js'

export interface PlatformChanges {
  platform: string
  role: PlatformReleases['role']
  changes: ListedChange[]
}

/** The changes of every platform with the runs around each. */
export function listReleases(
  loaded: LoadedConfig,
  options: { platform: string | undefined; environment: string | undefined; windowMs: number },
): PlatformChanges[] {
  return readVersionRuns(workspaceOf(loaded).open('read'), loaded.config, options).map(
    ({ platform, role, runs, changes }) => ({ platform, role, changes: listChanges(runs, changes, options.windowMs) }),
  )
}
