import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { byOption, dimensionsOf, measure, type PlatformOption, platformOption } from '../measure.js'

export const latency: AddCommand = (program, run) => {
  program
    .command('latency')
    .summary('latency per run, model, tenant, step, prompt version, release')
    .description(
      'p50, p95 and p99 by the type-7 rule, with order-statistic intervals; where a sample is too small for one, the n that is needed stands in its place. Retries and fallbacks are stated where the export says so, else inferred from what failed before; both are shown apart.',
    )
    .option(...platformOption)
    .option(...byOption)
    .addHelpText('after', examples('pilot latency', 'pilot latency --by step'))
    .action(run(runLatency))
}

async function runLatency(context: Context, options: PlatformOption & { by?: string }): Promise<number> {
  const by = dimensionsOf(options.by)
  const { formatLatency } = await import('../../reports/breakdown.js')
  const { breakDown, summarise } = await import('../../core/summary.js')
  return measure(context, options, {
    json: ({ tally }) => ({
      runs: tally.runs,
      stepsTimed: tally.stepsTimed,
      perRun: summarise(tally.latencyPerRun),
      retries: tally.retries,
      fallbacks: tally.fallbacks,
      by: Object.fromEntries(by.map((dimension) => [dimension, breakDown(tally.groups[dimension], 'latencyMs')])),
    }),
    text: ({ tally }) => formatLatency(tally, context, by),
    next: 'pilot scorecard',
  })
}
