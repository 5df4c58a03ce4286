import type { Deployment } from '../deployment.js'
import type { Share } from '../evidence.js'
import type { Run } from '../run.js'
import { runValue, startOf } from '../select.js'

/** What runs showed after a version of a prompt went live, until the next change. */
export interface Watched {
  deployment: Deployment
  /** Runs that began at or before the time allowed, and show the version. */
  inTime: number
  /** Runs that began later, and show it. */
  shown: number
  /** Runs that began later, and show another version only. */
  stragglers: { runs: number; examples: string[] }
  /** Runs of the prompt that name no version. */
  unknown: number
  /** When the first run with the version began, and the first straggler; epoch milliseconds. */
  firstMs: number | undefined
  firstStragglerMs: number | undefined
}

interface Period {
  watched: Watched
  fromMs: number
  limitMs: number
  /** When the next change went live; the period ends before. */
  toMs: number
}

/** Where and how long to look. */
export interface WatchOptions {
  /** Milliseconds from a deployment on in which the version has to be seen. */
  withinMs: number
  /** Where runs ran that do not say so. */
  environment: string | undefined
}

/** Looks, over runs that are added one by one, for the deployments of their prompts; `deployments` in order of time. */
export function watchDeployments(deployments: readonly Deployment[], { withinMs, environment }: WatchOptions) {
  const periods = periodsOf(deployments, withinMs)
  const byPlace = new Map<string, Period[]>()
  const periodsIn = (name: string, place: string | undefined): Period[] => {
    const key = JSON.stringify([name, place ?? null])
    const found = byPlace.get(key) ?? periods.filter(({ watched: { deployment } }) => isSeenIn(deployment, name, place))
    byPlace.set(key, found)
    return found
  }
  return {
    add(run: Run): void {
      const startMs = startOf(run.trace)
      if (startMs === undefined || periods.length === 0) return
      const place = runValue(run.trace, run.root, 'environment') ?? environment
      for (const [name, versions] of versionsIn(run)) {
        const period = periodAt(periodsIn(name, place), startMs)
        if (period !== undefined) addRun(period, { startMs, versions, traceId: run.trace.traceId })
      }
    },
    result: (): Watched[] => periods.map(({ watched }) => watched),
  }
}

/** Each change of what is live, and each rollback; the same version deployed again changes nothing. */
function periodsOf(deployments: readonly Deployment[], withinMs: number): Period[] {
  const ofPrompts = deployments.filter(({ kind, name }) => kind === 'prompt' && name !== undefined)
  return ofPrompts.flatMap((deployment, at) => {
    const meets = (other: Deployment) =>
      other.name === deployment.name &&
      (other.environment === deployment.environment ||
        other.environment === undefined ||
        deployment.environment === undefined)
    const before = ofPrompts.slice(0, at).findLast((other) => meets(other))
    const isChange = before?.version !== deployment.version || before.action === 'remove'
    if (deployment.action === 'remove' || (deployment.action === 'deploy' && !isChange)) return []
    const next = ofPrompts
      .slice(at + 1)
      .find((other) => meets(other) && (other.version !== deployment.version || other.action !== 'deploy'))
    const fromMs = deployment.timeMs
    return [
      {
        watched: unseen(deployment),
        fromMs,
        limitMs: fromMs + withinMs,
        toMs: next?.timeMs ?? Number.POSITIVE_INFINITY,
      },
    ]
  })
}

function unseen(deployment: Deployment): Watched {
  return {
    deployment,
    inTime: 0,
    shown: 0,
    stragglers: { runs: 0, examples: [] },
    unknown: 0,
    firstMs: undefined,
    firstStragglerMs: undefined,
  }
}

function isSeenIn(deployment: Deployment, name: string, place: string | undefined): boolean {
  if (deployment.name !== name) return false
  return deployment.environment === undefined || place === undefined || deployment.environment === place
}

/** The last period that has begun, unless it is over; periods stand in order of time. By bisection. */
function periodAt(periods: readonly Period[], timeMs: number): Period | undefined {
  let [begun, later] = [-1, periods.length]
  while (later - begun > 1) {
    const middle = Math.floor((begun + later) / 2)
    if (periods[middle]!.fromMs <= timeMs) begun = middle
    else later = middle
  }
  const last = periods[begun]
  return last !== undefined && timeMs < last.toMs ? last : undefined
}

/** The prompts of a run, each with its versions: none where its answers name the prompt alone. */
function versionsIn({ trace, calls }: Run): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const versionsOf = (name: string) => {
    const versions = found.get(name) ?? new Set()
    found.set(name, versions)
    return versions
  }
  for (const { promptName, promptVersion } of trace.spans)
    if (promptName && promptVersion) versionsOf(promptName).add(promptVersion)
  for (const { promptName, status } of calls) if (promptName && status !== 'error') versionsOf(promptName)
  return found
}

function addRun(
  { watched, limitMs }: Period,
  { startMs, versions, traceId }: { startMs: number; versions: ReadonlySet<string>; traceId: string },
): void {
  const { deployment, stragglers } = watched
  if (versions.size === 0) watched.unknown += 1
  else if (versions.has(deployment.version)) {
    if (startMs <= limitMs) watched.inTime += 1
    else watched.shown += 1
    watched.firstMs = Math.min(watched.firstMs ?? startMs, startMs)
  } else if (startMs > limitMs) {
    stragglers.runs += 1
    if (stragglers.examples.length < 10) stragglers.examples.push(traceId)
    watched.firstStragglerMs = Math.min(watched.firstStragglerMs ?? startMs, startMs)
  }
}

/** Over all rollbacks of prompts: the later runs that name a version, and how many show the one gone back to. */
export interface RollbackEvidence {
  /** Runs that begin no later after a rollback are not counted, milliseconds. */
  withinMs: number
  rollbacks: number
  shown: Share
  /** Runs after a rollback that name no version. */
  unknown: number
  /** Trace ids of runs that show another version, at most ten. */
  examples: string[]
}

/** What runs showed of the rollbacks among what was watched. */
export function rollbackEvidence(watched: readonly Watched[], withinMs: number): RollbackEvidence {
  const back = watched.filter(({ deployment }) => deployment.action === 'rollback')
  const sum = (read: (each: Watched) => number) => back.map(read).reduce((total, count) => total + count, 0)
  const shown = sum((each) => each.shown)
  return {
    withinMs,
    rollbacks: back.length,
    shown: { x: shown, n: shown + sum(({ stragglers }) => stragglers.runs) },
    unknown: sum(({ unknown }) => unknown),
    examples: back.flatMap(({ stragglers }) => stragglers.examples).slice(0, 10),
  }
}
