import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../../config/load.js'
import type { SuiteConfig } from '../../config/sections/evals.js'
import type { EvalRun } from '../../core/eval/run.js'
import type { LineProblem } from '../../core/ingest-report.js'
import type { Pricer } from '../../core/prices.js'
import { createPolicy, type Policy } from '../../core/privacy/policy.js'
import { loadHash } from '../../io/salt.js'
import { saveRun } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import { workspaceOf } from '../workspace.js'
import { judgeAsker } from './ask-judge.js'
import { createBudget, refuseUnpriced } from './budget.js'
import { eachAtOnce } from './each-at-once.js'
import { type Consent, chatEndpoint } from './endpoints.js'
import { askedJudges, gradeOutput, readyChecks } from './grade.js'
import { readJudges } from './judges.js'
import { type OpenedSuite, openSuite } from './open-suite.js'
import type { RecordedFilter } from './recorded-runs.js'
import { resultKeeper } from './result-keeper.js'
import { type Place, startRun } from './start-run.js'
import type { Produced } from './targets/target.js'

export interface SuiteOptions extends Consent {
  filter: RecordedFilter
  repeats: number | undefined
  /** For the run, with what it had cost before it was cut off. */
  budgetUsd: number | undefined
  /** Begin anew, although a run of the same was cut off. */
  isFresh: boolean
  /** Do again what ended in an error. */
  retriesErrors: boolean
  stdin: Readable
  nowMs(): number
  /** Told before anything is sent: what it will cost, where somebody knows. */
  onEstimate(estimate: { usd: number; basis: string } | undefined, opened: OpenedSuite): void
  onProgress(done: number, all: number): void
}

/** What came of a run. */
export interface SuiteRun {
  run: EvalRun
  problems: LineProblem[]
  /** Outputs that a run which was cut off had left. */
  resumed: number
  /** By the whole run, also before it was cut off. */
  spentUsd: number
  /** Calls of which nobody knows what they cost. */
  unpriced: number
  /** Why it is not whole. */
  stopped: 'budget' | undefined
}

/** Runs a suite, or goes on with a run of the same that was cut off. Throws `PilotError` where it cannot begin. */
export async function runSuite(loaded: LoadedConfig, suite: SuiteConfig, options: SuiteOptions): Promise<SuiteRun> {
  const workspace = workspaceOf(loaded)
  const db = workspace.open('write')
  try {
    const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
    return await runReady(await prepareRun(loaded, suite, { db, policy, options }))
  } finally {
    db.close()
  }
}

interface Parts {
  db: Store
  policy: Policy
  options: SuiteOptions
}

const unpriced: Pricer = () => undefined

/** Loaded when a model is asked: the price lists take time. */
async function pricerOf({ config }: LoadedConfig): Promise<Pricer> {
  const { createPricer } = await import('../../core/prices.js')
  return createPricer(config.prices)
}

/** All that a run needs; whatever may be refused is refused here, before anything is sent or paid for. */
async function prepareRun(loaded: LoadedConfig, suite: SuiteConfig, parts: Parts) {
  const { db, policy, options } = parts
  const { applyText } = policy
  const judges = readJudges(loaded)
  const checks = await readyChecks(suite, judges)
  const opened = await openSuite(loaded, suite, { ...options, db, applyText })
  const asked = askedJudges(checks, judges)
  for (const { config } of asked) chatEndpoint(config, options)
  const limitUsd = options.budgetUsd ?? suite.budget_usd
  const models = [suite.target.model, ...asked.map(({ spec }) => spec.model)].filter((model) => model !== undefined)
  const price = models.length === 0 ? unpriced : await pricerOf(loaded)
  if (limitUsd !== undefined) refuseUnpriced(suite.id, models, price)
  const ask = judgeAsker({ ...options, db, applyText, price })
  return {
    ...parts,
    opened,
    checks,
    limitUsd,
    grading: { ask, judges, cwd: loaded.directory, retriesErrors: options.retriesErrors },
  }
}

async function runReady(ready: Awaited<ReturnType<typeof prepareRun>>): Promise<SuiteRun> {
  const { db, policy, options, opened, checks, limitUsd, grading } = ready
  const { suite, cases, target, problems } = opened
  const repeats = options.repeats ?? suite.repeats
  const { run, done, spentUsd, left } = startRun(db, opened, {
    ...options,
    checks,
    repeats,
    applyText: policy.applyText,
  })
  const unmade = left.filter(({ made }) => made === undefined).map(({ given }) => given)
  options.onEstimate(unmade.length === 0 ? undefined : target.estimate?.(unmade, 1), opened)
  const budget = createBudget(limitUsd, spentUsd)
  const isJudged = checks.some(({ isDear }) => isDear)
  const keeper = resultKeeper(db, run.id, { policy, isDear: target.isDear || isJudged })
  let finished = done
  const produce = async ({ given, repeat }: Place, signal: AbortSignal): Promise<Produced> => {
    const produced = await target.produce(given, { run: `${run.id} ${run.startedMs}`, repeat }, signal)
    if (!target.isDear || !('output' in produced)) return produced
    budget.add(produced.output.costUsd)
    // Before it is judged, which takes time: a kill would lose what was paid for.
    if (isJudged) keeper.keep({ caseId: given.id, repeat, produced, results: new Map(), judgingUsd: [] })
    return produced
  }
  await eachAtOnce(left, suite.concurrency, async (place, signal) => {
    if (budget.isSpent()) return
    const { given, repeat, made } = place
    const produced = made ?? (await produce(place, signal))
    const { results, judgingUsd } = await gradeOutput(checks, { given, produced }, { ...grading, signal })
    for (const usd of judgingUsd) budget.add(usd)
    if (signal.aborted) return // what was interrupted did not fail
    keeper.keep({ caseId: given.id, repeat, produced, results, judgingUsd: [made?.judgingUsd, ...judgingUsd] })
    finished += 1
    options.onProgress(finished, cases.length * repeats)
  })
  keeper.flush()
  const isWhole = finished >= cases.length * repeats
  const ended: EvalRun = isWhole ? { ...run, finishedMs: options.nowMs() } : run
  saveRun(db, ended)
  return {
    run: ended,
    problems,
    resumed: done,
    spentUsd: budget.spentUsd(),
    unpriced: budget.unpriced(),
    stopped: isWhole ? undefined : 'budget',
  }
}
