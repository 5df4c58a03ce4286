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
      'Everything that is known of one run in one place. The beginning of the id is enough if no other trace begins so.',
    )
    .argument('<id>', 'trace id, or its beginning')
    .option('--platform <id>', 'of this platform, where several have the trace')
    .option('--full', 'every text to its end')
    .addHelpText('after', examples('pilot trace 47d87f7f', 'pilot trace 47d87f7f --full | less'))
    .action(run(runTrace))
}

async function runTrace(context: Context, id: string, options: Options): Promise<number> {
  const { workspaceOf } = await import('../../jobs/workspace.js')
  const { openTrace } = await import('../../jobs/open-trace.js')
  const loaded = await context.loadConfig()
  const view = openTrace(workspaceOf(loaded).open('read'), loaded.config, { id, platform: options.platform })
  if (context.options.json) {
    const spans = view.trace.spans.map((span) => ({
      ...span,
      computedCostUsd: view.cost.computed.get(span.spanId) ?? null,
      isUsageRepeated: view.repeated.has(span.spanId),
      retry: (span.retries ?? 0) > 0 ? 'stated' : view.inferred.retries.has(span.spanId) ? 'inferred' : null,
      fallback:
        span.fallbackFrom !== undefined ? 'stated' : view.inferred.fallbacks.has(span.spanId) ? 'inferred' : null,
      content: view.contents.get(span.spanId) ?? null,
    }))
    const { trace, tokens, feedback, scores, evals } = view
    context.printJson({
      schemaVersion: 1,
      ...trace,
      tokens,
      costUsd: view.cost.total ?? null,
      spans,
      feedback,
      scores,
      evals,
    })
    return 0
  }
  const { formatTrace } = await import('../../reports/trace.js')
  context.print(formatTrace(view, { ...context, full: options.full ?? false }))
  return 0
}
