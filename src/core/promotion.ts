import type { Deployment, DeploymentAction } from './deployment.js'
import type { Certificate } from './eval/certificate.js'
import type { NonInferiority } from './eval/compare.js'
import type { WholeRun } from './eval/compare-runs.js'
import { gateOf } from './eval/gate.js'
import { countOutcomes, hasJudged } from './eval/result.js'
import { type Live, readLive } from './live.js'
import { shellWord } from './shell-word.js'

/** A version of a prompt that shall go live in one of the environments, which stand in order. */
export interface PromotionRequest {
  name: string
  version: string
  to: string
  environments: readonly string[]
}

/** What a promotion lacks, and the command that gets it. */
export interface Missing {
  what: string
  next: string
}

/** A suite that has to have run, with the last whole runs of the version and of the one that is live where it shall go. */
export interface SuiteRuns {
  suite: string
  /** The command that runs it for a prompt version. */
  commandFor(prompt: string): string
  run: WholeRun | undefined
  liveRun: WholeRun | undefined
}

/** What the runs of a suite say. */
export interface SuiteEvidence {
  suite: string
  /** The id of the run of the version. */
  run: string | undefined
  /** The run of the version that is live there, and how they compare; undefined where none is live or there is no such run. */
  against: { run: string; verdict: NonInferiority | undefined } | undefined
  missing: Missing[]
}

/** Where a version stands before it is promoted. */
export interface Standing {
  /** `name@version`. */
  prompt: string
  /** The environment before; undefined for the first. */
  before: string | undefined
  isLiveBefore: boolean
  /** The version that is live where it shall go. */
  live: Live | undefined
  isLiveThere: boolean
  /** A rollback is to what was live there before, and is not now. */
  action: Exclude<DeploymentAction, 'remove'>
}

/** Where the version stands by the deployments, which are in order of time. */
export function readStanding(
  { name, version, to, environments }: PromotionRequest,
  deployments: readonly Deployment[],
  nowMs: number,
): Standing {
  const ofPrompt = deployments.filter((each) => each.kind === 'prompt' && each.name === name && each.timeMs <= nowMs)
  const live = readLive(ofPrompt, nowMs)
  const liveIn = (environment: string) => live.find((each) => each.environment === environment)
  const before = environments[environments.indexOf(to) - 1]
  const wasLive = ofPrompt.some(
    (each) => each.environment === to && each.action !== 'remove' && each.version === version,
  )
  const isLiveThere = liveIn(to)?.version === version
  return {
    prompt: `${name}@${version}`,
    before,
    isLiveBefore: before !== undefined && liveIn(before)?.version === version,
    live: liveIn(to),
    isLiveThere,
    action: wasLive && !isLiveThere ? 'rollback' : 'deploy',
  }
}

/** What a suite says of the version. `compare` gives the verdict on the second run, or why the two are not comparable. */
export function readSuiteEvidence(
  { suite, commandFor, run, liveRun }: SuiteRuns,
  { prompt, live }: Standing,
  rules: {
    certificates: ReadonlyMap<string, Certificate>
    nowMs: number
    compare(a: WholeRun, b: WholeRun): NonInferiority | { why: string }
  },
): SuiteEvidence {
  const found: SuiteEvidence = { suite, run: run?.run.id, against: undefined, missing: [] }
  if (run === undefined)
    return {
      ...found,
      missing: [{ what: `${suite} has no whole run of ${prompt} by its checks of today`, next: commandFor(prompt) }],
    }
  const fault = faultOf(run, commandFor(prompt), rules)
  if (fault !== undefined) return { ...found, missing: [fault] }
  if (live === undefined) return found
  const livePrompt = `${live.name}@${live.version}`
  const liveHere = `${livePrompt}, which is live in ${live.environment}`
  if (liveRun === undefined)
    return {
      ...found,
      missing: [{ what: `${suite} has no whole run of ${liveHere}`, next: commandFor(livePrompt) }],
    }
  const verdict = rules.compare(liveRun, run)
  const against = { run: liveRun.run.id, verdict: typeof verdict === 'string' ? verdict : undefined }
  if (verdict === 'safe') return { ...found, against }
  const missing =
    typeof verdict === 'string'
      ? {
          what: `${run.run.id} is ${verdict} against ${liveRun.run.id} of ${liveHere}`,
          next: `pilot eval compare ${liveRun.run.id} ${run.run.id}`,
        }
      : { what: verdict.why.replace(/\.$/, ''), next: commandFor(livePrompt) }
  return { ...found, against, missing: [missing] }
}

/** Why a run is no evidence; undefined where it is. */
function faultOf(
  { run, results }: WholeRun,
  command: string,
  { certificates, nowMs }: { certificates: ReadonlyMap<string, Certificate>; nowMs: number },
): Missing | undefined {
  const gating = run.checks.filter((check) => gateOf(check, certificates, nowMs).gates)
  if (gating.length === 0) {
    const judged = run.checks.find(({ gate, judge }) => gate && judge !== undefined)
    return {
      what: `every check of ${run.id} only reports, which is no evidence`,
      next:
        judged?.judge === undefined
          ? `let a check of ${run.suite} gate in pilot.yaml, then ${command}`
          : `pilot judge validate ${judged.judge.id}`,
    }
  }
  const counted = gating.map(({ id }) => ({ id, ...countOutcomes(results.filter(({ check }) => check === id)) }))
  const broken = counted.filter((counts) => !hasJudged(counts) && counts.error > 0)
  if (broken.length > 0)
    return {
      what: `${broken.map(({ id }) => id).join(', ')} of ${run.id} ended in errors only`,
      next: `${command} --retry-errors`,
    }
  return counted.some(hasJudged)
    ? undefined
    : { what: `no gating check of ${run.id} judged anything`, next: `pilot eval show ${run.id}` }
}

/** All that is missing. Into the first environment, and where it is live already, nothing is. */
export function readMissing(
  { prompt, before, isLiveBefore, isLiveThere }: Standing,
  suites: readonly SuiteEvidence[],
): Missing[] {
  if (before === undefined || isLiveThere) return []
  return [
    ...(isLiveBefore
      ? []
      : [
          {
            what: `${prompt} is not live in ${before}`,
            next: `pilot prompts promote ${shellWord(prompt)} --to ${shellWord(before)}`,
          },
        ]),
    ...(suites.length > 0
      ? suites.flatMap(({ missing }) => missing)
      : [{ what: 'pilot.yaml has no suite', next: 'write one under evals.suites, then pilot eval run' }]),
  ]
}
