import type { Deployment } from '../deployment.js'
import type { Drift } from './drift.js'
import type { PromptTimeline } from './timeline.js'

/** What `pilot prompts list` shows of one platform. */
export interface PromptList {
  /** Of the workflow in the window. */
  runs: number
  /** Runs with an answer that names no prompt. */
  unnamed: { runs: number; examples: string[] }
  prompts: PromptTimeline[]
}

/** A list without ids of runs, and without who deployed or reviewed and what was written about it. */
export function listForProduct<T extends PromptList>(list: T): T {
  return {
    ...list,
    unnamed: { ...list.unnamed, examples: [] },
    prompts: list.prompts.map((prompt) => ({
      ...prompt,
      unversioned: { ...prompt.unversioned, examples: [] },
      neverSeen: prompt.neverSeen.map(bareDeployment),
      versions: prompt.versions.map((version) => ({
        ...version,
        drift: bareDrift(version.drift),
        deployments: version.deployments.map(bareDeployment),
      })),
    })),
  }
}

function bareDrift(drift: Drift): Drift {
  return { ...drift, texts: drift.texts.map((text) => ({ ...text, examples: [] })) }
}

function bareDeployment({ kind, name, version, timeMs, environment, action }: Deployment): Deployment {
  return {
    kind,
    ...(name !== undefined && { name }),
    ...{ version, timeMs, action },
    ...(environment !== undefined && { environment }),
  }
}
