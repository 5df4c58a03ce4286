import type { LoadedConfig } from '../config/load.js'
import type { SuiteConfig } from '../config/sections/evals.js'
import { nearest } from '../config/suggest.js'
import type { Deployment } from '../core/deployment.js'
import { PilotError } from '../core/errors.js'
import type { NonInferiority } from '../core/eval/compare.js'
import type { WholeRun } from '../core/eval/compare-runs.js'
import type { EvalRun, RunCheck } from '../core/eval/run.js'
import { createPolicy } from '../core/privacy/policy.js'
import {
  type Missing,
  type PromotionRequest,
  readMissing,
  readStanding,
  readSuiteEvidence,
  type Standing,
  type SuiteEvidence,
} from '../core/promotion.js'
import { shellWord } from '../core/shell-word.js'
import { loadHash } from '../io/salt.js'
import { evidenceText } from '../reports/promotion.js'
import { deploymentWriter, readDeployments } from '../store/deployments.js'
import { readRuns } from '../store/evals.js'
import { readCertificates } from '../store/judges.js'
import type { Store } from '../store/open.js'
import { recordByHand } from '../store/sources.js'
import { compareOpened } from './eval/compare-stored.js'
import { openRun } from './eval/find-run.js'
import { readyChecks } from './eval/grade.js'
import { readJudges } from './eval/judges.js'
import { openExisting, workspaceOf } from './workspace.js'

export interface PromoteOptions {
  /** An alias. */
  by: string | undefined
  /** Why it is granted in spite of what is missing. */
  forceReason: string | undefined
  isDryRun: boolean
  nowMs: number
}

/** What was decided, and on what. */
export interface Promotion {
  request: PromotionRequest
  standing: Standing
  suites: SuiteEvidence[]
  missing: Missing[]
  status: 'granted' | 'forced' | 'refused' | 'live already'
  /** As it was stored, or would be. */
  deployment: Deployment | undefined
  isDryRun: boolean
}

/** Decides on a promotion by what is stored, and stores it where it is granted. Throws `PilotError` for an environment that pilot.yaml does not name. */
export async function promote(
  loaded: LoadedConfig,
  asked: Pick<PromotionRequest, 'name' | 'version' | 'to'>,
  options: PromoteOptions,
): Promise<Promotion> {
  const { environments } = loaded.config.evals.promotion
  requireEnvironment(asked.to, environments)
  const request = { ...asked, environments }
  const { standing, suites } = await readGrounds(loaded, request, options.nowMs)
  const missing = readMissing(standing, suites)
  const decided = { request, standing, suites, missing, isDryRun: options.isDryRun }
  if (standing.isLiveThere) return { ...decided, status: 'live already', deployment: undefined }
  const { forceReason } = options
  if (missing.length > 0 && forceReason === undefined) return { ...decided, status: 'refused', deployment: undefined }
  const status = missing.length > 0 ? 'forced' : 'granted'
  const evidence = evidenceText({ standing, suites, missing }, status === 'forced' ? forceReason : undefined)
  const { name, version, to } = asked
  const deployment: Deployment = {
    ...{ kind: 'prompt', name, version, timeMs: options.nowMs, environment: to, action: standing.action },
    ...(options.by !== undefined && { by: options.by }),
    ...(evidence !== undefined && { evidence }),
  }
  return {
    ...decided,
    status,
    deployment: options.isDryRun ? deployment : await record(loaded, deployment),
  }
}

function requireEnvironment(to: string, environments: readonly string[]): void {
  if (environments.includes(to)) return
  const near = nearest(to, environments)
  throw new PilotError(`--to: evals.promotion.environments has no ${JSON.stringify(to)}.`, {
    hint: near === undefined ? `It has ${environments.join(', ')}.` : `Did you mean ${near}?`,
  })
}

async function readGrounds(
  loaded: LoadedConfig,
  request: PromotionRequest,
  nowMs: number,
): Promise<{ standing: Standing; suites: SuiteEvidence[] }> {
  const db = openExisting(loaded)
  try {
    const standing = readStanding(request, db === undefined ? [] : readDeployments(db), nowMs)
    const isAsked = standing.before !== undefined && !standing.isLiveThere
    return { standing, suites: isAsked ? await requiredSuites(loaded, db, { standing, nowMs }) : [] }
  } finally {
    db?.close()
  }
}

async function requiredSuites(
  loaded: LoadedConfig,
  db: Store | undefined,
  { standing, nowMs }: { standing: Standing; nowMs: number },
): Promise<SuiteEvidence[]> {
  const { suites, promotion, margin } = loaded.config.evals
  const judges = readJudges(loaded)
  const runs = db === undefined ? [] : readRuns(db).filter(({ finishedMs }) => finishedMs !== undefined)
  const lastRun = (suite: string, prompt: string, checks: readonly RunCheck[] = []): WholeRun | undefined => {
    const last = runs.findLast((run) => run.suite === suite && run.prompt === prompt && hasChecks(run, checks))
    return db && last && openRun(db, last)
  }
  const rules = {
    certificates: db === undefined ? new Map() : readCertificates(db),
    nowMs,
    // Where there are two runs to compare, there is a store.
    compare: (a: WholeRun, b: WholeRun) => verdictOn(db!, [a, b], { margin, nowMs }),
  }
  const { live, prompt } = standing
  const found: SuiteEvidence[] = []
  for (const suite of suites.filter(({ id }) => promotion.suites?.includes(id) ?? true)) {
    const checks = (await readyChecks(suite, judges)).map(({ use }) => use)
    const runs = {
      run: lastRun(suite.id, prompt, checks),
      liveRun: live && lastRun(suite.id, `${live.name}@${live.version}`),
    }
    const commandOf = (version: string) => commandFor(suite, version)
    found.push(readSuiteEvidence({ suite: suite.id, commandFor: commandOf, ...runs }, standing, rules))
  }
  return found
}

/** Whether a run used the gating checks as they are now: one of checks that were eased or dropped since is no evidence. */
function hasChecks({ checks }: EvalRun, wanted: readonly RunCheck[]): boolean {
  const hashes = new Map(checks.map(({ id, hash }) => [id, hash]))
  return wanted.every(({ id, hash, gate }) => !gate || hashes.get(id) === hash)
}

/** A model is asked with the file of the suite; anything else is told the version. */
function commandFor({ id, target }: SuiteConfig, prompt: string): string {
  return target.model === undefined ? `pilot eval run ${id} --prompt ${shellWord(prompt)}` : `pilot eval run ${id}`
}

function verdictOn(
  db: Store,
  pair: readonly [WholeRun, WholeRun],
  { margin, nowMs }: { margin: number; nowMs: number },
): NonInferiority | { why: string } {
  try {
    const how = { margin, check: undefined, isIndependent: false, isForced: false, seed: 1, nowMs }
    return compareOpened(db, pair, how).paired?.verdict ?? 'inconclusive'
  } catch (error) {
    if (error instanceof PilotError) return { why: error.message }
    throw error
  }
}

async function record(loaded: LoadedConfig, deployment: Deployment): Promise<Deployment> {
  const workspace = workspaceOf(loaded)
  const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
  const kept = policy.applyDeployment(deployment)
  const db = workspace.open('write')
  try {
    const entry = { path: 'pilot prompts promote', policy: workspace.policyHash, nowMs: deployment.timeMs, records: 1 }
    recordByHand(db, { kind: 'deployments', ...entry }, (source) => deploymentWriter(db, source).write(kept))
    return kept
  } finally {
    db.close()
  }
}
