import type { Deployment } from '../deployment.js'
import type { EvalRun } from '../eval/run.js'
import type { Watched } from './watch.js'

export const promptTests = [
  'version-visible',
  'versions-compared',
  'rollback-reflected',
  'reviewed-before-production',
] as const
export type PromptTest = (typeof promptTests)[number]

export type TestStatus = 'passed' | 'failed' | 'not measured'

/** What a test says of one deployment or one prompt. */
export interface TestItem {
  /** `name@version`, or the name of the prompt. */
  prompt: string
  /** Of the deployment; absent where the item is none. */
  environment?: string
  atMs?: number
  status: TestStatus
  reason: string
  /** Runs that show the version, of those that name one, after the time allowed. */
  shown?: number
  stragglers?: number
  /** How long after the deployment the version was first seen, milliseconds. */
  afterMs?: number
  /** Trace ids of stragglers, or ids of eval runs. */
  examples: string[]
}

export interface TestResult {
  test: PromptTest
  /** Failed where an item failed, else passed where one passed. */
  status: TestStatus
  /** Why it is not measured. */
  reason?: string
  items: TestItem[]
}

/** A new version is seen in time, or in the first run after that; runs of other versions after that are listed. */
export function testVisible(watched: readonly Watched[]): TestResult {
  const deployed = watched.filter(({ deployment }) => deployment.action === 'deploy')
  const items = deployed.map((each) => watchedItem(each, visibleStatus(each)))
  return resultOf('version-visible', items, 'No deployment of a prompt is stored.')
}

function visibleStatus({ inTime, firstMs, firstStragglerMs, unknown, stragglers }: Watched): [TestStatus, string] {
  if (firstMs === undefined) {
    if (stragglers.runs > 0) return ['failed', 'it was never seen, other versions were']
    return ['not measured', unknown > 0 ? 'no run after it names a version' : 'no run of the prompt came after it']
  }
  if (firstStragglerMs !== undefined && firstStragglerMs < firstMs)
    return ['failed', 'other versions ran on before it was seen']
  const seen = inTime > 0 ? 'seen in time' : 'seen in the first run after that'
  return ['passed', stragglers.runs > 0 ? `${seen}; other versions ran on` : seen]
}

/** After a rollback, from the time allowed on, each run that names a version shows the one that was gone back to. */
export function testRollback(watched: readonly Watched[]): TestResult {
  const back = watched.filter(({ deployment }) => deployment.action === 'rollback')
  const items = back.map((each) => watchedItem(each, rollbackStatus(each)))
  return resultOf('rollback-reflected', items, 'No rollback of a prompt is stored.')
}

function rollbackStatus({ inTime, shown, unknown, stragglers }: Watched): [TestStatus, string] {
  if (stragglers.runs > 0) return ['failed', 'other versions ran on']
  if (shown > 0) return ['passed', 'every run that names a version shows it']
  if (inTime > 0) return ['passed', 'seen in time, and no run came after that']
  return ['not measured', unknown > 0 ? 'no run after it names a version' : 'no run of the prompt came after it']
}

function watchedItem(
  { deployment, shown, stragglers, firstMs }: Watched,
  [status, reason]: [TestStatus, string],
): TestItem {
  return {
    ...ofDeployment(deployment),
    status,
    reason,
    shown,
    stragglers: stragglers.runs,
    ...(firstMs !== undefined && { afterMs: firstMs - deployment.timeMs }),
    examples: stragglers.examples,
  }
}

function ofDeployment({ name, version, environment, timeMs }: Deployment) {
  return { prompt: `${name}@${version}`, ...(environment !== undefined && { environment }), atMs: timeMs }
}

/** A prompt, how many versions were seen of it, and which two of them met most of the same inputs; asked only where no eval run tells. */
export interface PromptInputs {
  name: string
  versions: number
  sharedInputs(): { a: string; b: string; inputs: number } | undefined
}

/** Two versions met the same inputs: in two whole eval runs over the same cases, else in traces. */
export function testCompared(prompts: readonly PromptInputs[], runs: readonly EvalRun[]): TestResult {
  const items = prompts.map((prompt) => comparedItem(prompt, pairOf(prompt.name, runs)))
  return resultOf('versions-compared', items, 'No run names a prompt and its version.')
}

function comparedItem(
  { name, versions, sharedInputs }: PromptInputs,
  pair: readonly [EvalRun, EvalRun] | undefined,
): TestItem {
  const item = (status: TestStatus, reason: string, examples: string[] = []) => ({
    prompt: name,
    status,
    reason,
    examples,
  })
  if (pair !== undefined) {
    const [a, b] = pair
    return item('passed', `eval runs of ${a.prompt} and ${b.prompt} over the same cases`, [a.id, b.id])
  }
  if (versions < 2) return item('not measured', 'fewer than two versions were seen')
  const shared = sharedInputs()
  return shared === undefined
    ? item('failed', 'no two versions met the same input')
    : item('passed', `equal inputs of runs of ${shared.a} and ${shared.b}: ${shared.inputs}`)
}

/** The last two whole runs over the same cases with two versions of the prompt. */
function pairOf(name: string, runs: readonly EvalRun[]): [EvalRun, EvalRun] | undefined {
  const whole = runs.filter((run) => run.finishedMs !== undefined && run.prompt?.startsWith(`${name}@`))
  for (const [at, b] of [...whole.entries()].reverse()) {
    const a = whole
      .slice(0, at)
      .findLast(({ casesHash, prompt, suite }) => casesHash === b.casesHash && suite === b.suite && prompt !== b.prompt)
    if (a !== undefined) return [a, b]
  }
  return undefined
}

/** Each version that went to production had a review, and a whole eval run that was begun before. */
export function testReviewed(
  deployments: readonly Deployment[],
  runs: readonly EvalRun[],
  production: string,
): TestResult {
  const items = firstDeployments(deployments, production).map((deployment): TestItem => {
    const { prompt, ...where } = ofDeployment(deployment)
    const run = runs.find(
      (each) => each.prompt === prompt && each.finishedMs !== undefined && each.startedMs < deployment.timeMs,
    )
    const lacks = [
      ...(isReviewed(deployment) ? [] : ['no review is recorded']),
      ...(run ? [] : ['no whole eval run before it']),
    ]
    return {
      prompt,
      ...where,
      status: lacks.length === 0 ? 'passed' : 'failed',
      reason: lacks.length === 0 ? 'reviewed, and an eval run before it' : lacks.join('; '),
      examples: run === undefined ? [] : [run.id],
    }
  })
  return resultOf('reviewed-before-production', items, `No deployment of a prompt to ${production} is stored.`)
}

/** When each version first went to production; one without an environment counts as production. */
function firstDeployments(deployments: readonly Deployment[], production: string): Deployment[] {
  const first = new Map<string, Deployment>()
  for (const each of deployments) {
    const { kind, name, version, environment = production, action } = each
    if (kind !== 'prompt' || name === undefined || action !== 'deploy' || environment !== production) continue
    const key = JSON.stringify([name, version])
    if (!first.has(key)) first.set(key, each)
  }
  return [...first.values()]
}

/** A promotion that was forced says so, and what was missing: no review. */
function isReviewed({ reviewedBy, evidence }: Deployment): boolean {
  return Boolean(reviewedBy) || (Boolean(evidence) && !evidence?.startsWith('forced:'))
}

function resultOf(test: PromptTest, items: TestItem[], none: string): TestResult {
  const has = (status: TestStatus) => items.some((item) => item.status === status)
  if (has('failed')) return { test, status: 'failed', items }
  if (has('passed')) return { test, status: 'passed', items }
  return { test, status: 'not measured', reason: items[0]?.reason ?? none, items }
}
