import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

export const status: AddCommand = (program, run) => {
  program
    .command('status')
    .summary('the day plan: what is due, what is missing, the next command')
    .description(
      'Shows each phase of the plan with its days, the evidence that it has to leave behind and does not have yet, whether the criteria are locked, sources that were not read to their end, and the one next command.',
    )
    .addHelpText('after', examples('pilot status', 'pilot status --json | jq -r .next'))
    .action(run(runStatus))
}

async function runStatus(context: Context): Promise<number> {
  const loaded = await context.loadConfig()
  const { readStatus } = await import('../../jobs/status.js')
  const { formatStatus, statusJson } = await import('../../reports/status.js')
  const { statusForProduct } = await import('../../jobs/audience/status.js')
  const all = readStatus(loaded, context.io.nowMs())
  const read = context.audience === 'product' ? statusForProduct(all) : all
  if (context.options.json) context.printJson(statusJson(read))
  else context.print(formatStatus(read, context))
  return 0
}
