import type { Command } from 'commander'
import { exitCodes, PilotError } from '../../core/errors.js'
import type { ProbeRun } from '../../core/probes/evidence.js'
import type { OutageResult } from '../../core/probes/outage.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { createCountProgress } from '../progress.js'

/** `pilot probe outage`. */
export function addOutage(group: Command, run: Parameters<AddCommand>[1]): void {
  group
    .command('outage')
    .summary('what the application does while the platform is out')
    .description(
      'Starts the application of probes.outage against a server on 127.0.0.1 that stands in for the platform and fails in each way in turn. Held against two runs without a fault: whether requests are answered, and as fast, when it ends, its memory, and what became of the traces. Exit 1 where requests do otherwise than probes.outage.expect says, or where a budget is exceeded.',
    )
    .option('--fault <name...>', 'only these; the run then counts as incomplete')
    .option('--last', 'run nothing: print the run that the scorecard goes by')
    .option('--platform <id>', 'the platform whose SDK it is; the sole candidate, if left out')
    .addHelpText(
      'after',
      examples('pilot probe outage --fault 503', 'pilot probe outage --fault refused --fault hang --json'),
    )
    .action(run(runOutage))
}

async function runOutage(context: Context, { fault, platform, last }: OutageWords): Promise<number> {
  const probed = last === true ? await lastRun(context, { fault, platform }) : await walk(context, { fault, platform })
  const { result } = probed
  if (context.options.json) {
    const { outageJson } = await import('../../reports/probe-outage-json.js')
    context.printJson({ schemaVersion: 1, ...outageJson(probed) })
  } else {
    const { formatOutage } = await import('../../reports/probe-outage.js')
    context.print(formatOutage(result, context))
  }
  context.remark(`Run ${probed.id}${result.isComplete ? '' : ', incomplete'}. Next: pilot scorecard`)
  if (result.stopped === 'interrupted') return exitCodes.interrupted
  const { isAsWanted } = await import('../../core/probes/outage-summary.js')
  return isAsWanted(result) ? exitCodes.ok : exitCodes.verdict
}

interface OutageWords {
  fault?: string[] | undefined
  platform?: string | undefined
  last?: boolean
}

async function lastRun(context: Context, { fault, platform }: OutageWords): Promise<ProbeRun<OutageResult>> {
  if (fault !== undefined) throw new PilotError('--last runs nothing: no --fault beside it.')
  const { lastOutage } = await import('../../jobs/probe-outage-evidence.js')
  return lastOutage(await context.loadConfig(), platform)
}

async function walk(context: Context, { fault, platform }: OutageWords): Promise<ProbeRun<OutageResult>> {
  const { probeOutage } = await import('../../jobs/probe-outage.js')
  const loaded = await context.loadConfig()
  const progress = createCountProgress(context)
  const interrupt = new AbortController()
  const stop = () => interrupt.abort()
  process.on('SIGINT', stop)
  return probeOutage(loaded, {
    ...{ platform, faults: fault, nowMs: context.io.nowMs, signal: interrupt.signal },
    onProgress: progress.show,
  }).finally(() => {
    process.off('SIGINT', stop)
    progress.clear()
  })
}
