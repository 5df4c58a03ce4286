import type { SuiteConfig } from '../config/sections/evals.js'
import { PilotError } from '../core/errors.js'
import { hasJudged } from '../core/eval/result.js'
import type { CheckSummary } from '../core/eval/summarise.js'
import type { SuiteRun } from '../jobs/eval/run-suite.js'
import type { ShownRun } from '../jobs/eval/show-runs.js'
import type { Context } from './context.js'
import { type OutputOptions, printsText, refuseJunit, writeRunOutputs } from './eval-outputs.js'
import { createCountProgress } from './progress.js'

export interface RunOptions extends OutputOptions {
  platform?: string
  prompt?: string
  release?: string
  repeat?: number
  budget?: number
  fresh?: boolean
  retryErrors?: boolean
  yes?: boolean
  import?: string
  passFrom: number
}

/** `pilot eval run`. */
export async function runEval(
  context: Context,
  suite: string | undefined,
  file: string | undefined,
  options: RunOptions,
): Promise<number> {
  if (options.import !== undefined) {
    const { importRuns } = await import('./eval-import.js')
    return importRuns(context, [suite, file], options)
  }
  const isText = printsText(context, options)
  const { findSuite } = await import('../jobs/eval/open-suite.js')
  const loaded = await context.loadConfig()
  const suites = suite === undefined ? loaded.config.evals.suites : [findSuite(loaded, suite)]
  if (suites.length === 0)
    throw new PilotError('pilot.yaml has no suite.', {
      hint: 'Write one under evals.suites; pilot.yaml.example shows how. Or take in results: --import.',
    })
  const shown: ShownRun[] = []
  let isWhole = true
  for (const each of suites) {
    const ran = await runOne(context, each, options)
    shown.push(await showOne(context, ran, isText))
    if (ran.stopped !== undefined) isWhole = false
  }
  if (context.options.json) {
    const { runJson } = await import('../reports/eval-json.js')
    context.printJson({
      schemaVersion: 1,
      runs: shown.map(({ summary, gates, live }) => runJson(summary, gates, live)),
    })
  }
  await writeRunOutputs(context, shown, options)
  context.remark('Next: pilot eval show, then pilot eval compare A B')
  return isWhole && !shown.some(hasIdleGate) ? 0 : 1
}

function hasIdleGate({ summary, gates }: ShownRun): boolean {
  return summary.checks.some(({ check, counts }) => check !== undefined && !gates.has(check.id) && !hasJudged(counts))
}

async function runOne(context: Context, suite: SuiteConfig, options: RunOptions): Promise<SuiteRun> {
  const { runSuite } = await import('../jobs/eval/run-suite.js')
  const { formatUsd } = await import('../reports/number.js')
  const progress = createCountProgress(context)
  const { io } = context
  const ran = await runSuite(await context.loadConfig(), suite, {
    filter: { platform: options.platform, prompt: options.prompt, release: options.release },
    repeats: options.repeat,
    budgetUsd: options.budget,
    isFresh: options.fresh === true,
    retriesErrors: options.retryErrors === true,
    yes: options.yes === true,
    env: io.env,
    stdin: io.stdin,
    nowMs: io.nowMs,
    onEstimate: (estimate, { target }) => {
      if (estimate !== undefined)
        context.remark(
          `${suite.id}: about ${formatUsd(estimate.usd)} by ${target.name} (${estimate.basis}; judges are not reckoned)`,
        )
    },
    onProgress: (done, all) => progress.show(suite.id, done, all),
  })
  progress.clear()
  for (const { line, message } of ran.problems) context.warn(`problem ${suite.dataset}:${line}: ${message}`)
  if (ran.resumed > 0) context.remark(`${ran.run.id}: went on after ${ran.resumed} outputs that were there.`)
  if (ran.spentUsd > 0)
    context.remark(
      `${ran.run.id}: spent ${formatUsd(ran.spentUsd)}${ran.unpriced > 0 ? `, and ${ran.unpriced} calls of which nobody knows the price` : ''}`,
    )
  if (ran.unpriced > 0 && (options.budget ?? suite.budget_usd) !== undefined)
    context.warn(`${ran.run.id}: nobody knows what ${ran.unpriced} of the calls cost; the budget did not hold them.`)
  if (ran.stopped !== undefined)
    context.warn(`${ran.run.id} stopped at its budget; with a higher --budget the same command goes on.`)
  return ran
}

async function showOne(context: Context, { run }: SuiteRun, isText: boolean): Promise<ShownRun> {
  const { showRun } = await import('../jobs/eval/show-runs.js')
  const { formatRun } = await import('../reports/eval-run.js')
  const shown = showRun(await context.loadConfig(), run.id, context.io.nowMs())
  if (isText) {
    context.print(formatRun(shown.summary, { ...context, ...shown, everyCase: false }))
    const { sizeRemark } = await import('../reports/size-remark.js')
    const remark = sizeRemark(run.cases)
    if (remark !== undefined) context.remark(remark)
  }
  return shown
}

/** `pilot eval list`. */
export async function runList(context: Context): Promise<number> {
  const loaded = await context.loadConfig()
  const { showRuns } = await import('../jobs/eval/show-runs.js')
  const { runHead } = await import('../reports/eval-json.js')
  const { formatRuns, formatSuites } = await import('../reports/eval-list.js')
  const see = await seenRun(context)
  const runs = showRuns(loaded, context.io.nowMs())
    .map(see)
    .map((shown) => ({ ...shown.summary, first: firstOf(shown) }))
  const { suites } = loaded.config.evals
  if (context.options.json) {
    context.printJson({
      schemaVersion: 1,
      suites: suites.map(({ id, dataset, checks }) => ({
        id,
        dataset: dataset ?? null,
        checks: checks.map((check) => check.id),
      })),
      runs: runs.map(({ run, outputs, first }) => ({
        ...runHead(run),
        outputs,
        check: first?.id ?? null,
        rate: first?.rate.rate ?? null,
      })),
    })
    return 0
  }
  context.print(formatSuites(suites, context))
  context.print('')
  context.print(runs.length === 0 ? 'No eval has run yet.' : formatRuns(runs, context))
  context.remark(`Next: pilot eval ${runs.length === 0 ? 'run' : 'show'}`)
  return 0
}

/** All gates together, else the only one; of checks that only report the first. */
function firstOf({ summary: { checks }, gates }: ShownRun): CheckSummary | undefined {
  return checks.find(({ check }) => check === undefined) ?? checks.find(({ id }) => !gates.has(id)) ?? checks[0]
}

interface ShowOptions extends OutputOptions {
  check?: string
  cases?: boolean
}

/** `pilot eval show`. */
export async function runShow(context: Context, named: string | undefined, options: ShowOptions): Promise<number> {
  const isText = printsText(context, options)
  const { showRun } = await import('../jobs/eval/show-runs.js')
  const { formatRun } = await import('../reports/eval-run.js')
  refuseJunit(context, options)
  const all = showRun(await context.loadConfig(), named, context.io.nowMs())
  const shown = (await seenRun(context))(onlyCheck(all, options.check))
  if (context.options.json) {
    const { runJson } = await import('../reports/eval-json.js')
    context.printJson({ schemaVersion: 1, ...runJson(shown.summary, shown.gates, shown.live) })
  } else if (isText)
    context.print(formatRun(shown.summary, { ...context, ...shown, everyCase: options.cases === true }))
  await writeRunOutputs(context, [shown], options)
  context.remark('Next: pilot eval compare A B')
  return 0
}

function onlyCheck(shown: ShownRun, check: string | undefined): ShownRun {
  if (check === undefined) return shown
  const checks = shown.summary.checks.filter(({ id }) => id === check)
  if (checks.length > 0) return { ...shown, summary: { ...shown.summary, checks } }
  throw new PilotError(`${shown.summary.run.id} has no check ${check}.`, {
    hint: `It has ${shown.summary.checks.map(({ id }) => id).join(', ')}.`,
  })
}

/** A run as far as its reader may see it. */
async function seenRun(context: Context): Promise<(shown: ShownRun) => ShownRun> {
  const names = await context.namesForProduct()
  if (names === undefined) return (shown) => shown
  const { shownRunForProduct } = await import('../jobs/audience/evals.js')
  return (shown) => shownRunForProduct(shown, names)
}
