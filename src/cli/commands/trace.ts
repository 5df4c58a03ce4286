import type { Names } from '../../core/audience/names.js'
import type { OpenedTrace } from '../../jobs/open-trace.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  platform?: string
  full?: boolean
}

export const trace: AddCommand = (program, run) => {
  program
    .command('trace')
    .summary('open one trace: tree, prompt, context, tools, output, cost, feedback')
    .description(
      'Everything that is known of one run in one place: what each step was for, what was tried again, how it went. The beginning of the id is enough if no other trace begins so.',
    )
    .argument('<id>', 'trace id, or its beginning')
    .option('--platform <id>', 'of this platform, where several have the trace')
    .option('--full', 'every text to its end')
    .addHelpText(
      'after',
      examples('pilot trace 47d87f7f', 'pilot trace 47d87f7f --full | less', 'pilot trace 47d87f7f --audience support'),
    )
    .action(run(runTrace))
}

async function runTrace(context: Context, id: string, options: Options): Promise<number> {
  const { workspaceOf } = await import('../../jobs/workspace.js')
  const { openTrace } = await import('../../jobs/open-trace.js')
  const loaded = await context.loadConfig()
  const opened = openTrace(workspaceOf(loaded).open('read'), loaded.config, { id, platform: options.platform })
  const names = await context.namesForProduct()
  if (names !== undefined) return showShape(context, opened, names)
  const { supportView } = await import('../../jobs/audience/support.js')
  const view = context.audience === 'support' ? supportView(loaded.config, opened) : opened
  if (context.options.json) {
    const { traceJson } = await import('../../reports/trace-json.js')
    context.printJson(traceJson(view))
    return 0
  }
  const { formatTrace } = await import('../../reports/trace.js')
  context.print(formatTrace(view, { ...context, full: options.full ?? false }))
  return 0
}

async function showShape(context: Context, opened: OpenedTrace, names: Names): Promise<number> {
  const { runShape } = await import('../../core/audience/trace.js')
  const { treeOf } = await import('../../reports/trace-tree.js')
  const shape = runShape({ ...opened, branches: treeOf(opened.trace.spans) }, names)
  if (context.options.json) context.printJson({ schemaVersion: 1, ...shape })
  else context.print((await import('../../reports/run-shape.js')).formatRunShape(shape, context))
  return 0
}
