import type { Deployment } from '../deployment.js'
import type { PassRate } from '../eval/result.js'
import type { Share } from '../evidence.js'
import type { Drift } from './drift.js'
import type { SeenVersion, VersionTally } from './version-tally.js'

/** How the outputs of a version fared in the last whole run of a suite that has any. */
export interface VersionEval {
  /** `name@version`. */
  prompt: string
  suite: string
  run: string
  /** Of all checks that hold a release together. */
  rate: PassRate
}

/** A version on the timeline of its prompt. */
export interface TimelineVersion {
  seen: SeenVersion
  /** Runs of the version, of those of the prompt. */
  traffic: Share
  drift: Drift
  /** Versions of the prompt with the same text, each with the same sort of evidence. */
  sameTextAs: string[]
  evals: VersionEval[]
  deployments: Deployment[]
  /** Texts that were deployed under this label, where they are several. */
  deployedHashes: string[]
}

export interface PromptTimeline {
  name: string
  /** Runs in which a span names the prompt. */
  runs: number
  /** By first run, then by label. */
  versions: TimelineVersion[]
  unversioned: { runs: number; examples: string[] }
  /** Deployed, and in no run. */
  neverSeen: Deployment[]
}

interface TimelineInput {
  tally: VersionTally
  deployments: readonly Deployment[]
  evals: readonly VersionEval[]
  driftOf(version: SeenVersion): Drift
}

/** The timeline of each prompt that was seen or deployed, most runs first. */
export function readTimelines({ tally, deployments, evals, driftOf }: TimelineInput): PromptTimeline[] {
  const ofPrompts = deployments.filter(({ kind, name }) => kind === 'prompt' && name !== undefined)
  const names = new Set([...tally.runsOf.keys(), ...ofPrompts.map(({ name }) => name!)]) // filtered above
  const timelines = [...names].map((name): PromptTimeline => {
    const runs = tally.runsOf.get(name) ?? 0
    const deployed = ofPrompts.filter((each) => each.name === name)
    const seen = tally.versions.filter((each) => each.name === name)
    const drifts = new Map(seen.map((each) => [each.version, driftOf(each)]))
    const versions = [...seen].sort(byFirstRun).map((each): TimelineVersion => {
      const ownDeployments = deployed.filter(({ version, action }) => version === each.version && action !== 'remove')
      const hashes = new Set(ownDeployments.flatMap(({ contentHash }) => contentHash ?? []))
      return {
        seen: each,
        traffic: { x: each.runs, n: runs },
        drift: drifts.get(each.version)!, // made of the same list
        sameTextAs: sameText(each.version, drifts),
        evals: evals.filter(({ prompt }) => prompt === `${name}@${each.version}`),
        deployments: ownDeployments,
        deployedHashes: hashes.size > 1 ? [...hashes] : [],
      }
    })
    const unversioned = tally.unversioned.find((each) => each.name === name)
    return {
      name,
      runs,
      versions,
      unversioned: { runs: unversioned?.runs ?? 0, examples: unversioned?.examples ?? [] },
      neverSeen: deployed.filter(({ version, action }) => action !== 'remove' && !drifts.has(version)),
    }
  })
  return timelines.sort((a, b) => b.runs - a.runs || (a.name < b.name ? -1 : 1))
}

function byFirstRun(a: SeenVersion, b: SeenVersion): number {
  const [first, second] = [a.firstMs ?? Number.MAX_VALUE, b.firstMs ?? Number.MAX_VALUE]
  return first - second || (a.version < b.version ? -1 : 1)
}

function sameText(version: string, drifts: ReadonlyMap<string, Drift>): string[] {
  const own = drifts.get(version)
  const [text] = own?.texts ?? []
  if (text === undefined) return []
  return [...drifts]
    .filter(([other, { sort, texts }]) => other !== version && sort === own?.sort && texts[0]?.hash === text.hash)
    .map(([other]) => other)
}
