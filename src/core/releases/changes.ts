import type { Deployment, DeploymentAction, DeploymentKind } from '../deployment.js'
import type { VersionRun } from './release-run.js'

/** A change of what answers: a deployment that is stored, or a version that traces name from some time on. */
export interface Change {
  kind: DeploymentKind
  /** The prompt; of a release the service, unknown where there is only one. */
  name?: string
  version: string
  /** Epoch milliseconds: of the deployment, else of the first run that names the version, which is no deployment time. */
  timeMs: number
  environment?: string
  how: DeploymentAction | 'seen first'
}

/** How a change is called: `name@version` of a prompt, the version of a release. */
export function changeLabel({ kind, name, version }: Pick<Change, 'kind' | 'name' | 'version'>): string {
  return kind === 'prompt' && name !== undefined ? `${name}@${version}` : version
}

/**
 * All changes in order of time: the deployments of this environment (all without one; those that state none count everywhere),
 * and the versions that only traces know.
 */
export function readChanges(
  deployments: readonly Deployment[],
  runs: readonly VersionRun[],
  environment: string | undefined,
): Change[] {
  const deployed = deployments
    .filter((each) => environment === undefined || each.environment === undefined || each.environment === environment)
    .map(
      ({ kind, name, version, timeMs, environment: place, action }): Change => ({
        kind,
        ...(name !== undefined && { name }),
        version,
        timeMs,
        ...(place !== undefined && { environment: place }),
        how: action,
      }),
    )
  const known = deployed.filter(({ how }) => how !== 'remove')
  const seen = firstSeen(runs).filter(
    (each) => !known.some((other) => other.kind === each.kind && namesVersion(other, changeLabel(each))),
  )
  return [...deployed, ...seen].sort((a, b) => a.timeMs - b.timeMs)
}

function firstSeen(runs: readonly VersionRun[]): Change[] {
  const seen = new Map<string, Change>()
  const add = (key: string, change: Change) => {
    const before = seen.get(key)
    if (before === undefined || change.timeMs < before.timeMs) seen.set(key, change)
  }
  for (const { startMs: timeMs, release, prompts } of runs) {
    if (release !== undefined)
      add(`release ${release}`, { kind: 'release', version: release, timeMs, how: 'seen first' })
    for (const { name, version } of prompts)
      add(`prompt ${name}@${version}`, { kind: 'prompt', name, version, timeMs, how: 'seen first' })
  }
  return [...seen.values()]
}

/** True when the word names this version; a commit also by its beginning, seven digits or more. */
export function namesVersion(change: Pick<Change, 'kind' | 'name' | 'version'>, word: string): boolean {
  const label = changeLabel(change)
  if (label === word) return true
  if (change.kind !== 'release' || !isCommit(label) || !isCommit(word)) return false
  return label.startsWith(word) || word.startsWith(label)
}

function isCommit(text: string): boolean {
  return /^[0-9a-f]{7,64}$/.test(text)
}

/** True when the run names this version. */
export function isOfVersion(run: VersionRun, change: Change): boolean {
  if (change.kind === 'release') return run.release !== undefined && namesVersion(change, run.release)
  return run.prompts.some(({ name, version }) => name === change.name && version === change.version)
}
