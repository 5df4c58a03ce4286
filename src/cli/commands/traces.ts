import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { readTraceFilter, type TraceFlags } from '../trace-filter.js'

export const traces: AddCommand = (program, run) => {
  program
    .command('traces')
    .summary('find traces')
    .description('Lists stored traces, the newest first; every filter narrows the list. Times are UTC.')
    .option('--platform <id>', 'of this platform only')
    .option('--since <time>', 'begun at or after this time: 2026-03-02, 2026-03-02T10:00')
    .option('--until <time>', 'begun before this time')
    .option('--status <status>', 'error or ok (no span failed)')
    .option('--tenant <tenant>', 'of this tenant')
    .option('--user <user>', 'of this user')
    .option('--model <model>', 'in which this model was asked or answered')
    .option('--prompt <name[@version]>', 'in which this prompt (version) was used')
    .option('--release <release>', 'of this release')
    .option('--min-latency <duration>', 'at least this long: 500ms, 2s, 1m')
    .option('--min-cost <usd>', 'at least this dear, in US dollars')
    .option('--feedback <kind>', 'with feedback: any, up, down, rating, edit, retry, escalation or comment')
    .option('--text <text>', 'in whose prompts, outputs or attributes this text stands')
    .option('--sort <field>', 'time, latency, cost or tokens', 'time')
    .option('--limit <n>', 'at most this many', '20')
    .addHelpText(
      'after',
      examples(
        'pilot traces --status error --since 2026-03-02',
        'pilot traces --tenant acme --sort cost --limit 5',
        "pilot traces --text 'wrong address' --feedback down",
      ),
    )
    .action(run(runTraces))
}

async function runTraces(context: Context, flags: TraceFlags): Promise<number> {
  const query = readTraceFilter(flags)
  const { workspaceOf } = await import('../../jobs/workspace.js')
  const { findTraces } = await import('../../jobs/find-traces.js')
  const loaded = await context.loadConfig()
  const found = findTraces(workspaceOf(loaded).open('read'), loaded.config, query)
  if (context.options.json) {
    context.printJson({ schemaVersion: 1, matching: found.matching, traces: found.traces })
    return 0
  }
  const { formatTraces } = await import('../../reports/traces.js')
  context.print(formatTraces(found, context))
  if (found.traces[0]) context.remark(`Next: pilot trace ${found.traces[0].traceId.slice(0, 12)}`)
  return 0
}
