import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

export const data: AddCommand = (program, run) => {
  program
    .command('data')
    .summary('what is in the store, per platform and source')
    .description(
      'Counts everything that is stored, whatever the window and workflow.match. Tokens and cost count a span’s usage only if no span below it states usage; the naive sum stands beside them.',
    )
    .addHelpText('after', examples('pilot data', "pilot data --json | jq '.total.tokens'"))
    .action(run(runData))
}

async function runData(context: Context): Promise<number> {
  const { workspaceOf } = await import('../../jobs/workspace.js')
  const { readData } = await import('../../jobs/data.js')
  const loaded = await context.loadConfig()
  const { dataForProduct } = await import('../../jobs/audience/data.js')
  const names = await context.namesForProduct()
  const read = readData(workspaceOf(loaded).open('read'), loaded.config)
  const report = names === undefined ? read : dataForProduct(read, names)
  if (context.options.json) context.printJson(report)
  else {
    const { formatData } = await import('../../reports/data.js')
    context.print(formatData(report, context))
  }
  return 0
}
