import { PilotError } from '../../core/errors.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { byOption, dimensionsOf, measure, type PlatformOption, platformOption } from '../measure.js'

export const cost: AddCommand = (program, run) => {
  program
    .command('cost')
    .summary('cost per run, completed task, model, tenant, step, prompt, release')
    .description(
      'What the platform states and what tokens × prices give stand apart, and are never added up. A model without a price is unpriced, not free; prices in pilot.yaml go before the built-in, dated table. A completed task pays for the runs that were none; workflow.completed says which are.',
    )
    .option(...platformOption)
    .option(...byOption)
    .option('--reconcile', 'set the ingested bill against what is stated and computed, and say why they differ')
    .option('--platform-fee', 'what the platform itself costs a month: by part, as it grows, against the budget')
    .addHelpText(
      'after',
      examples(
        'pilot cost',
        'pilot cost --by tenant',
        'pilot cost --reconcile',
        'pilot cost --platform-fee',
        "pilot cost --json | jq '.platforms[0].costUsd'",
        "pilot cost --json | jq '.platforms[0].perCompletedTask'",
      ),
    )
    .action(run(runCost))
}

async function runCost(
  context: Context,
  options: PlatformOption & { by?: string; reconcile?: boolean; platformFee?: boolean },
): Promise<number> {
  if (options.platformFee) return runPlatformFee(context, options)
  if (options.reconcile) return runReconcile(context, options)
  const by = dimensionsOf(options.by)
  const { formatCost } = await import('../../reports/breakdown.js')
  const { completedJson } = await import('../../reports/completed-cost.js')
  const { breakDown, summarise } = await import('../../core/summary.js')
  const { readTallies } = await import('../../jobs/run-tally.js')
  const { eachPriced } = await import('../../store/each-trace.js')
  return measure(context, options, {
    read: (db, config, platform) =>
      readTallies(db, config, { platform, parts: ['outcomes', 'steps', 'costs', 'tasks', 'groups'], read: eachPriced }),
    json: ({ tally }) => ({
      runs: tally.runs,
      costUsd: tally.costUsd,
      costKnown: tally.costKnown,
      modelKnown: tally.modelKnown,
      tenantKnown: tally.tenantKnown,
      perRun: summarise(tally.costPerRun),
      perCompletedTask: completedJson(tally.costPerTask, by),
      by: Object.fromEntries(by.map((dimension) => [dimension, breakDown(tally.groups[dimension], 'costUsd')])),
    }),
    text: ({ tally }) => formatCost(tally, context, by),
    next: 'pilot latency',
  })
}

async function runPlatformFee(
  context: Context,
  options: PlatformOption & { by?: string; reconcile?: boolean },
): Promise<number> {
  if (options.by !== undefined || options.reconcile)
    throw new PilotError('--platform-fee is a table of its own: neither --by nor --reconcile goes with it.', {
      hint: 'pilot cost --platform-fee',
    })
  const { formatPlatformFee } = await import('../../reports/platform-fee.js')
  const { readEvidence } = await import('../../jobs/evidence.js')
  return measure(context, options, {
    read: readEvidence,
    json: ({ platformFee }) => ({ platformFee }),
    text: ({ platformFee }) => formatPlatformFee(platformFee, context),
    next: 'pilot scorecard',
  })
}

async function runReconcile(context: Context, { platform, by }: PlatformOption & { by?: string }): Promise<number> {
  if (by !== undefined)
    throw new PilotError('--reconcile is per model and day: --by does not go with it.', {
      hint: 'pilot cost --reconcile',
    })
  const { workspaceOf } = await import('../../jobs/workspace.js')
  const { reconcilePlatforms } = await import('../../jobs/reconcile.js')
  const { formatReconciliation } = await import('../../reports/reconcile.js')
  const { reconciliationJson } = await import('../../reports/reconcile-json.js')
  const loaded = await context.loadConfig()
  const read = reconcilePlatforms(workspaceOf(loaded).open('read'), loaded.config, platform)
  const names = await context.namesForProduct()
  const { reconciledForProduct } = await import('../../core/audience/reconcile.js')
  const found = names === undefined ? read : read.map(reconciledForProduct(names))
  if (context.options.json) {
    context.printJson({ schemaVersion: 1, platforms: found.map(reconciliationJson) })
    return 0
  }
  for (const each of found) {
    if (found.length > 1) context.print(context.color.bold(`${each.platform} (${each.role})`))
    context.print(formatReconciliation(each.result, context))
  }
  context.remark('Next: pilot cost')
  return 0
}
