import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { byOption, dimensionsOf, measure, type PlatformOption, platformOption } from '../measure.js'

export const cost: AddCommand = (program, run) => {
  program
    .command('cost')
    .summary('cost per run, model, tenant, step, prompt version, release')
    .description(
      'What the platform states and what tokens × prices give stand apart, and are never added up. A model without a price is unpriced, not free; prices in pilot.yaml go before the built-in, dated table.',
    )
    .option(...platformOption)
    .option(...byOption)
    .addHelpText(
      'after',
      examples('pilot cost', 'pilot cost --by tenant', "pilot cost --json | jq '.platforms[0].costUsd'"),
    )
    .action(run(runCost))
}

async function runCost(context: Context, options: PlatformOption & { by?: string }): Promise<number> {
  const by = dimensionsOf(options.by)
  const { formatCost } = await import('../../reports/breakdown.js')
  const { breakDown, summarise } = await import('../../core/summary.js')
  return measure(context, options, {
    json: ({ tally }) => ({
      runs: tally.runs,
      costUsd: tally.costUsd,
      costKnown: tally.costKnown,
      modelKnown: tally.modelKnown,
      tenantKnown: tally.tenantKnown,
      perRun: summarise(tally.costPerRun),
      by: Object.fromEntries(by.map((dimension) => [dimension, breakDown(tally.groups[dimension], 'costUsd')])),
    }),
    text: ({ tally }) => formatCost(tally, context, by),
    next: 'pilot latency',
  })
}
