import { durationFault, durationForm, durationMs } from '../../core/duration.js'
import { PilotError } from '../../core/errors.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { byOption, dimensionsOf, measure, type PlatformOption, platformOption } from '../measure.js'

interface LatencyOptions extends PlatformOption {
  by?: string
  criticalPath?: boolean
  spikes?: boolean
  over?: string
}

export const latency: AddCommand = (program, run) => {
  program
    .command('latency')
    .summary('latency per run, model, tenant, user, step …; critical path, spikes')
    .description(
      'p50, p95 and p99 by the type-7 rule, with order-statistic intervals; where a sample is too small for one, the n that is needed stands in its place. Retries and fallbacks are stated where the export says so, else inferred from what failed before; both are shown apart.',
    )
    .option(...platformOption)
    .option(...byOption)
    .option('--critical-path', 'which step the time was spent in: self time, critical path and cost per step')
    .option('--spikes', 'whose the slow runs are: what stands out by user, tenant, workflow, model, step …')
    .option('--over <duration>', 'with --spikes: runs above this are slow; by default above the p95')
    .addHelpText(
      'after',
      examples(
        'pilot latency',
        'pilot latency --by step',
        'pilot latency --critical-path',
        'pilot latency --spikes --over 5s',
      ),
    )
    .action(run(runLatency))
}

async function runLatency(context: Context, options: LatencyOptions): Promise<number> {
  const overMs = readOver(options)
  const by = dimensionsOf(options.by)
  const { formatLatency, formatLatencyDetails } = await import('../../reports/breakdown.js')
  const { criticalPathJson } = await import('../../reports/step-times.js')
  const { spikesJson } = await import('../../reports/spikes.js')
  const { breakDown, summarise } = await import('../../core/summary.js')
  const { readTallies } = await import('../../jobs/run-tally.js')
  const { eachTimed, eachTimedAndPriced } = await import('../../store/each-trace.js')
  const { latencyDetails } = await import('../../core/latency-details.js')
  const { detailsForProduct } = await import('../../core/audience/latency.js')
  const { criticalPath = false, spikes = false } = options
  const wantsDetails = criticalPath || spikes
  const details = latencyDetails({ criticalPath, spikes, overMs })
  const names = await context.namesForProduct()
  const detailsOf = (platform: string) => {
    const found = details.result(platform)
    return names === undefined ? found : detailsForProduct(names)(found)
  }
  return measure(context, options, {
    read: (db, config, platform) =>
      readTallies(db, config, {
        ...{ platform, parts: ['outcomes', 'steps', 'repeats', 'groups'] },
        // Cost is a part of the critical path alone.
        read: criticalPath ? eachTimedAndPriced : eachTimed,
        ...(wantsDetails && { onRun: details.add }),
      }),
    json: ({ platform, tally }) => {
      const { criticalPath: path, spikes: found } = detailsOf(platform)
      return {
        runs: tally.runs,
        stepsTimed: tally.stepsTimed,
        perRun: summarise(tally.latencyPerRun),
        retries: tally.retries,
        fallbacks: tally.fallbacks,
        by: Object.fromEntries(by.map((dimension) => [dimension, breakDown(tally.groups[dimension], 'latencyMs')])),
        ...(path && { criticalPath: criticalPathJson(path) }),
        ...(found && { spikes: spikesJson(found) }),
      }
    },
    text: ({ platform, tally }) => {
      const asked = wantsDetails ? [formatLatencyDetails(detailsOf(platform), context)] : []
      const rest = wantsDetails && options.by === undefined ? [] : [formatLatency(tally, context, by)]
      return [...asked, ...rest].join('\n')
    },
    next: 'pilot scorecard',
  })
}

/** Milliseconds of `--over`. Throws `PilotError` where it is no duration, or does not belong here. */
function readOver({ spikes, over }: LatencyOptions): number | undefined {
  if (over === undefined) return undefined
  if (!spikes)
    throw new PilotError('--over says which runs are spikes: it goes with --spikes.', {
      hint: 'pilot latency --spikes --over 5s',
    })
  if (!durationForm.test(over))
    throw new PilotError(`--over: ${durationFault}.`, { hint: 'pilot latency --spikes --over 5s' })
  return durationMs(over)
}
