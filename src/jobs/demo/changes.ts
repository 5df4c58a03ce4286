/** The first production request after each change of what is live, by its place among them; request 0 is the first of the pilot. */
export const changedAt = {
  /** Prompt 8 and release 9b07aa1. */
  second: 300,
  /** The release that makes runs slower, and some fail. */
  badRelease: 450,
  /** Back to release 9b07aa1. */
  releaseRollback: 495,
  /** Back to prompt 7. */
  promptRollback: 550,
  /** Prompt 8 again. */
  promptAgain: 560,
} as const

export const releases = { first: '4c1d9e2', second: '9b07aa1', bad: 'e58c2d4' } as const
export const prompt = { name: 'support-answer', first: '7', second: '8' } as const

/** How much longer the model call of each run takes under the bad release. */
export const slowdownMs = 600
/** One in so many runs of the bad release fails, with its look-up of the order. */
export const failingEvery = 4
/** Runs of one instance that goes on with prompt 7 after 8 is live. */
export const stragglers = 2
/** From where on they are planted: more than an hour and a half after the deployment. */
export const stragglersFrom = changedAt.second + 3

/** The release that answers a request. */
export function releaseAt(index: number): string {
  if (index < changedAt.second) return releases.first
  return isOfBadRelease(index) ? releases.bad : releases.second
}

/** Whether the bad release answers it. */
export function isOfBadRelease(index: number): boolean {
  return index >= changedAt.badRelease && index < changedAt.releaseRollback
}

/** The version of the prompt that is live. */
export function promptAt(index: number): string {
  const isRolledBack = index >= changedAt.promptRollback && index < changedAt.promptAgain
  return index < changedAt.second || isRolledBack ? prompt.first : prompt.second
}
