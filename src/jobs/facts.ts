import type { LoadedConfig } from '../config/load.js'
import { lockState, readLock } from '../config/lock.js'
import type { Config } from '../config/schema.js'
import type { Deployment } from '../core/deployment.js'
import type { Evidence, RunTally } from '../core/evidence.js'
import { isLoose } from '../core/findings.js'
import type { PilotFacts } from '../core/pilot-facts.js'
import { type ProbeName, probeNames } from '../core/probes/evidence.js'
import { type PromptTest, promptTests } from '../core/prompts/tests.js'
import type { Scorecard } from '../core/scorecard.js'
import { worksheetOf } from '../core/security/worksheet.js'
import { readDeployments } from '../store/deployments.js'
import type { Store } from '../store/open.js'
import { firstProductionRequestMs } from '../store/requests.js'
import { countOtherPolicies } from '../store/sources.js'
import { countSpans } from '../store/spans.js'
import { questionsOf } from './ask/answers.js'
import { readEvidence } from './evidence.js'
import { hasConformingRun } from './map.js'
import { windowOf } from './platforms.js'
import { scorecardOf } from './scorecard.js'
import { readSecurity } from './security.js'
import { unseenNames } from './unseen-names.js'
import { openExisting, workspaceOf } from './workspace.js'

/** What the store and the lock hold of a pilot now. Before the first ingest there is no store, and nothing in it. */
export function readFacts(loaded: LoadedConfig, nowMs: number): PilotFacts {
  const { config, directory } = loaded
  const db = openExisting(loaded)
  const evidence = db ? readEvidence(db, config) : []
  const candidates = evidence.filter(({ role }) => role === 'candidate')
  const tallies = candidates.map(({ tally }) => tally)
  const filled = new Set(candidates.filter(({ tally }) => tally.traces > 0).map(({ platform }) => platform))
  return {
    lock: lockState(config, readLock(directory)).state,
    spans: db ? countSpans(db) : 0,
    emptyCandidates: config.pilot.candidates.map(({ id }) => id).filter((id) => !filled.has(id)),
    requests: requestsIn(evidence),
    firstProductionMs: (db && firstProductionRequestMs(db, windowOf(config))) ?? firstRunMs(tallies),
    workflows: workflowsIn(tallies),
    looseKeys: [...new Set(tallies.flatMap(({ metadata }) => metadata.filter(isLoose).map(({ key }) => key)))],
    sourcesUnderOtherRules: db ? countOtherPolicies(db, workspaceOf(loaded).policyHash) : 0,
    unseenNames: db ? unseenNames(db, config, candidates) : [],
    securityReview: securityIn(db, config, nowMs),
    scores: sum(tallies, ({ scored }) => scored.x),
    promptVersions: mostVersions(tallies),
    releases: new Set(tallies.flatMap(({ groups }) => groups.release.map(({ key }) => key))).size,
    pricedRuns: sum(tallies, ({ costKnown }) => costKnown.x),
    deployments: deploymentsIn(db ? readDeployments(db) : []),
    recordedTests: promptTests.filter(
      (test) => candidates.length > 0 && candidates.every((each) => isRecorded(test, each)),
    ),
    probed: probeNames.filter((name) => candidates.length > 0 && candidates.every((each) => isProbed(name, each))),
    unanswered: unansweredIn(config, candidates),
    offTheMap: config.pilot.candidates.map(({ id }) => id).filter((id) => !(db && hasConformingRun(db, config, id))),
    drills: drillsIn(evidence),
    openMusts: openMustsOf(scorecardOf(loaded, evidence, nowMs)),
  }
}

function securityIn(db: Store | undefined, config: Config, nowMs: number): PilotFacts['securityReview'] {
  const sheets = config.pilot.candidates.map(({ id }) =>
    worksheetOf(readSecurity(db, config, { platform: id, role: 'candidate' }), nowMs),
  )
  return {
    questions: sheets.reduce((total, { rows }) => total + rows.length, 0),
    open: sheets.reduce((total, { open }) => total + open, 0),
  }
}

function deploymentsIn(deployments: readonly Deployment[]): PilotFacts['deployments'] {
  const prompts = deployments.filter(({ kind }) => kind === 'prompt').length
  return { prompts, releases: deployments.length - prompts }
}

function isRecorded(test: PromptTest, { promptTests: recorded }: Evidence): boolean {
  const result = recorded?.record.results.find((each) => each.test === test)
  return result !== undefined && result.status !== 'not measured'
}

function isProbed(name: ProbeName, { probes }: Evidence): boolean {
  return name === 'outage' ? probes.outage?.result.isComplete === true : probes[name] !== undefined
}

/** Without a store nothing is answered. */
function unansweredIn(config: Config, candidates: readonly Evidence[]): string[] {
  const isAnswered = (id: string) =>
    candidates.length > 0 &&
    candidates.every(({ questions }) => questions.some((each) => each.id === id && each.share.x > 0))
  return questionsOf(config).flatMap(({ id, name }) => (isAnswered(id) ? [] : [name]))
}

/** Requests belong to no platform: every platform is measured against the same ones. */
function requestsIn([first]: readonly Evidence[]): PilotFacts['requests'] {
  if (first?.coverage === undefined) return undefined
  const { production, replay, synthetic } = first.coverage
  return { production: production.requests, replay: replay.requests, synthetic: synthetic.requests }
}

function drillsIn(evidence: readonly Evidence[]): PilotFacts['drills'] {
  const arms = evidence.flatMap(({ debugging }) => debugging ?? [])
  const last = arms.flatMap(({ lastAttemptMs }) => lastAttemptMs ?? [])
  return {
    attempts: arms.reduce((total, { times }) => total + times.judged + times.unjudged, 0),
    lastMs: last.length === 0 ? undefined : Math.max(...last),
  }
}

function firstRunMs(tallies: readonly RunTally[]): number | undefined {
  const known = tallies.flatMap((tally) => tally.firstRunMs ?? [])
  return known.length > 0 ? Math.min(...known) : undefined
}

/** Candidates see the same runs, so a workflow counts once however many of them have it. */
function workflowsIn(tallies: readonly RunTally[]): string[] {
  const runs = new Map<string, number>()
  for (const { name, runs: seen } of tallies.flatMap(({ workflows }) => workflows))
    runs.set(name, Math.max(runs.get(name) ?? 0, seen))
  return [...runs].sort((a, b) => b[1] - a[1]).map(([name]) => name)
}

function mostVersions(tallies: readonly RunTally[]): number {
  const versions = new Map<string, Set<string>>()
  for (const { name, version } of tallies.flatMap(({ promptVersions }) => promptVersions))
    versions.set(name, (versions.get(name) ?? new Set()).add(version))
  return Math.max(0, ...[...versions.values()].map(({ size }) => size))
}

function openMustsOf({ lines, platforms }: Scorecard): string[] {
  const candidates = new Set(platforms.filter(({ role }) => role === 'candidate').map(({ id }) => id))
  const isOpen = (verdict: string | undefined) => verdict === 'not measured' || verdict === 'inconclusive'
  return lines
    .flatMap(({ rows }) => rows)
    .filter(
      ({ must, cells }) =>
        must && cells.some((cell) => candidates.has(cell.platform) && isOpen(cell.judgement?.verdict)),
    )
    .map(({ id }) => id)
}

function sum(tallies: readonly RunTally[], read: (tally: RunTally) => number): number {
  return tallies.reduce((total, tally) => total + read(tally), 0)
}
