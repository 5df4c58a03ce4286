export const deploymentKinds = ['prompt', 'release'] as const
export type DeploymentKind = (typeof deploymentKinds)[number]

/** `remove` ends a prompt or a service: from then on no version of it is live. */
export const deploymentActions = ['deploy', 'rollback', 'remove'] as const
export type DeploymentAction = (typeof deploymentActions)[number]

/** One change of what is live: a version of a prompt, or of the code. */
export interface Deployment {
  kind: DeploymentKind
  /** The prompt; of a release the service, unknown where there is only one. */
  name?: string
  /** A prompt's version or a commit, as traces name it; of a removal the commit that removed it. */
  version: string
  /** Epoch milliseconds. */
  timeMs: number
  environment?: string
  action: DeploymentAction
  /** Who did it. */
  by?: string
  reviewedBy?: string
  /** Where the review or the decision is written down. */
  evidence?: string
  /** Of the text that went live: two versions with one hash are the same prompt. */
  contentHash?: string
}
