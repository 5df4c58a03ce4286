import type { FoundTraces } from '../../jobs/find-traces.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'
import { findRuns } from '../find-runs.js'
import type { TraceFlags } from '../trace-filter.js'

export const traces: AddCommand = (program, run) => {
  program
    .command('traces')
    .summary('find traces')
    .description(
      'Lists stored traces, the newest first, or the nearest to --around; every filter narrows the list, and where none is left it says which one leaves none. Times are UTC unless they or --zone say otherwise. Users, tenants, sessions and texts are looked for as capture.privacy has left them, whatever their case.',
    )
    .option('--platform <id>', 'of this platform only')
    .option('--since <time>', 'begun at or after this time: 2026-03-02, 2026-03-02T10:00')
    .option('--until <time>', 'begun before this time')
    .option('--around <time>', "begun near it: '2026-03-02 14:05', 2026-03-02T14:05+01:00, 'yesterday 14:05'")
    .option('--within <duration>', 'how far from --around: 15m if left out')
    .option('--zone <name>', 'of times that name none, such as Europe/Berlin; else UTC')
    .option('--status <status>', 'error or ok (no span failed)')
    .option('--tenant <tenant>', 'of this tenant')
    .option('--user <user>', 'of this user; hashed as the privacy rules hash')
    .option('--session <id>', 'of this session')
    .option('--request <id>', "of this request, by its id in the traces or in the application's log")
    .option('--model <model>', 'in which this model was asked or answered')
    .option('--prompt <name[@version]>', 'in which this prompt (version) was used')
    .option('--release <release>', 'of this release')
    .option('--min-latency <duration>', 'at least this long: 500ms, 2s, 1m')
    .option('--min-cost <usd>', 'at least this dear, in US dollars')
    .option('--feedback <kind>', 'with feedback: any, up, down, rating, edit, retry, escalation or comment')
    .option('--text <text>', 'in whose prompts, outputs or attributes it stands, however it is spaced or quoted')
    .option('--sort <field>', 'time, latency, cost or tokens; else time, or nearness to --around')
    .option('--limit <n>', 'at most this many', '20')
    .addHelpText(
      'after',
      examples(
        'pilot traces --status error --since 2026-03-02',
        'pilot traces --tenant acme --sort cost --limit 5',
        "pilot traces --text 'wrong address' --feedback down",
        "pilot traces --user user-17 --around '2026-03-02 14:05' --zone Europe/Berlin --audience support",
        'pilot traces --feedback down --audience product',
      ),
    )
    .action(run(runTraces))
}

async function runTraces(context: Context, flags: TraceFlags): Promise<number> {
  const found = await findRuns(context, flags)
  if (context.audience === 'product') return showExamples(context, found)
  const { wideningOf } = await import('../widen.js')
  const none = found.none && wideningOf(found.none, flags)
  if (context.options.json) {
    context.printJson({ schemaVersion: 1, matching: found.matching, traces: found.traces, none: none ?? null })
    return 0
  }
  const { formatTraces } = await import('../../reports/traces.js')
  context.print(formatTraces({ ...found, why: none?.lines ?? [] }, context))
  const as = context.audience === 'support' ? ' --audience support' : ''
  if (found.traces[0]) context.remark(`Next: pilot trace ${found.traces[0].traceId.slice(0, 12)}${as}`)
  else if (none?.next !== undefined) context.remark(`Next: ${none.next}${as}`)
  return 0
}

async function showExamples(context: Context, { matching, traces: rows }: FoundTraces): Promise<number> {
  const { examplesOf } = await import('../../jobs/audience/examples.js')
  const names = await context.namesForProduct()
  const examples = names === undefined ? [] : examplesOf(await context.loadConfig(), rows, names)
  if (context.options.json) context.printJson({ schemaVersion: 1, matching, examples })
  else context.print((await import('../../reports/examples.js')).formatExamples({ matching, examples }, context))
  return 0
}
