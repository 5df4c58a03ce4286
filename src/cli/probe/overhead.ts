import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { exitCodes } from '../../core/errors.js'
import type { ProbedOverhead } from '../../jobs/probe-overhead.js'
import type { ShownOverhead } from '../../reports/probe-overhead.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { parseCount } from '../count.js'
import { type PlatformOption, platformOption } from '../measure.js'
import { createCountProgress } from '../progress.js'

export function overhead(group: Command, run: Parameters<AddCommand>[1]): void {
  group
    .command('overhead')
    .summary('what instrumentation adds to a request')
    .description(
      'Runs the application of probes.overhead without and with instrumentation, in pairs, and compares: latency, CPU, memory, bytes sent, delay at exit, throughput, errors. First off against off, which must show nothing. The verdict is by the upper bound of the added p95 at the largest concurrency. With {endpoint} in its settings nothing leaves this machine.',
    )
    .option('--pairs <n>', 'pairs of runs at each concurrency, instead of probes.overhead.pairs', parseCount)
    .option('--requests <n>', 'measured requests of a run, instead of probes.overhead.requests', parseCount)
    .option('--concurrency <n,n>', 'instead of probes.overhead.concurrency', parseCounts)
    .option('--history', 'the probes that were kept; runs nothing')
    .option(...platformOption)
    .addHelpText(
      'after',
      examples('pilot probe overhead --history', "pilot probe overhead --history --json | jq '.runs'"),
    )
    .action(run(runOverhead))
}

interface OverheadFlags extends PlatformOption {
  pairs?: number
  requests?: number
  concurrency?: number[]
  history?: boolean
}

function parseCounts(written: string): number[] {
  const counts = written.split(',').map(parseCount)
  if (counts.length > 8 || counts.some((count) => count > 256))
    throw new InvalidArgumentError('Expected at most 8 numbers up to 256.')
  return [...new Set(counts)]
}

/** `pilot probe overhead`: exit 1 where the budget was missed. */
async function runOverhead(context: Context, flags: OverheadFlags): Promise<number> {
  if (flags.history) return printHistory(context, flags.platform)
  const { probeOverhead } = await import('../../jobs/probe-overhead.js')
  const loaded = await context.loadConfig()
  const progress = createCountProgress(context)
  const { io } = context
  const probed = await probeOverhead(loaded, {
    platform: flags.platform,
    pairs: flags.pairs,
    requests: flags.requests,
    concurrency: flags.concurrency,
    env: io.env,
    nowMs: io.nowMs,
    onProgress: (done, all) => progress.show('overhead', done, all),
  }).finally(progress.clear)
  const shown = await judged(probed)
  if (context.options.json) {
    const { overheadJson } = await import('../../reports/probe-overhead-json.js')
    context.printJson({ schemaVersion: 1, ...overheadJson(shown) })
  } else {
    const { formatOverhead } = await import('../../reports/probe-overhead.js')
    context.print(formatOverhead(shown, context))
    context.remark('Next: pilot scorecard')
  }
  return shown.judgement?.verdict === 'missed' ? exitCodes.verdict : exitCodes.ok
}

async function printHistory(context: Context, platform: string | undefined): Promise<number> {
  const { overheadHistory } = await import('../../jobs/probe-overhead.js')
  const history = await Promise.all(overheadHistory(await context.loadConfig(), platform).map(judged))
  if (context.options.json) {
    const { overheadJson } = await import('../../reports/probe-overhead-json.js')
    context.printJson({ schemaVersion: 1, runs: history.map(overheadJson) })
    return exitCodes.ok
  }
  const { formatOverheadHistory } = await import('../../reports/probe-overhead.js')
  context.print(formatOverheadHistory(history, context))
  context.remark('Next: pilot probe overhead')
  return exitCodes.ok
}

/** As the scorecard judges it, against the target of today. */
async function judged({ run, target }: ProbedOverhead): Promise<ShownOverhead> {
  const { measureOverhead } = await import('../../criteria/overhead.js')
  const { judge } = await import('../../core/verdict.js')
  const measurement = measureOverhead(run.platform, run)
  return { run, measurement, target, judgement: target && judge(measurement, target, 0) }
}
