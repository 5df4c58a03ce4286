import type { Deployment, DeploymentKind } from './deployment.js'
import type { EvalRun } from './eval/run.js'

/** A version that is live somewhere. */
export interface Live {
  kind: DeploymentKind
  /** The prompt; of a release the service, unknown where there is only one. */
  name?: string
  version: string
  environment?: string
  /** When it went live, epoch milliseconds; the same version deployed again does not count. */
  sinceMs: number
}

/** What is live now of each prompt and service, in each environment; `deployments` in order of time, later ones than now do not count. */
export function readLive(deployments: readonly Deployment[], nowMs: number): Live[] {
  const live = new Map<string, Live>()
  for (const { kind, name, version, environment, action, timeMs } of deployments) {
    if (timeMs > nowMs) break
    const place = JSON.stringify([kind, name ?? null, environment ?? null])
    if (action === 'remove') live.delete(place)
    else if (live.get(place)?.version !== version)
      live.set(place, {
        kind,
        ...(name !== undefined && { name }),
        version,
        ...(environment !== undefined && { environment }),
        sinceMs: timeMs,
      })
  }
  return [...live.values()]
}

/** Where the prompt version or the release of a run is live. */
export function liveOfRun(live: readonly Live[], { prompt, release }: Pick<EvalRun, 'prompt' | 'release'>): Live[] {
  return live.filter(({ kind, name, version }) =>
    kind === 'prompt' ? prompt !== undefined && `${name}@${version}` === prompt : version === release,
  )
}
