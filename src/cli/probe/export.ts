import type { Command } from 'commander'
import { examples, type Run } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  platform?: string
  against?: string
  environment?: string
  from?: string
}

/** `pilot probe export`: what an export keeps of what was sent. */
export function exportProbe(group: Command, run: Run): void {
  group
    .command('export')
    .summary('what an export keeps of what was sent')
    .description(
      "Holds a fresh export against the store: lost traces, spans and fields, changed values and texts, scores and feedback, traces of other environments, and whether it reads the same twice. What was sent is known from another platform that saw the same traffic, or from the platform's own earlier traces. Nothing of the export is stored. Without a file it shows what was found last.",
    )
    .argument('[files...]', 'the export; - for standard input')
    .option('--platform <id>', 'whose export it is; needed where pilot.yaml names several candidates')
    .option('--against <id>', 'whose traces in the store tell what was sent; the platform itself, if left out')
    .option('--environment <name>', 'the environment that the export was asked for')
    .option('--from <format>', 'the trace format, if it is not to be found by content')
    .addHelpText(
      'after',
      examples('pilot probe export traces.jsonl', 'pilot probe export traces.jsonl --environment production --json'),
    )
    .action(run(runExport))
}

async function runExport(context: Context, files: string[], options: Options): Promise<number> {
  const { probeExport, readExportProbe } = await import('../../jobs/probe-export.js')
  const { exportJson, formatExportProbe } = await import('../../reports/export-probe.js')
  const { requirePlatform } = await import('../../jobs/platforms.js')
  const { io } = context
  const { platform, against, environment, from: format } = options
  const loaded = await context.loadConfig()
  const found =
    files.length === 0
      ? readExportProbe(loaded, requirePlatform(loaded.config, platform))
      : await probeExport(loaded, {
          ...{ platform, against, environment, files, format, clock: io.nowMs, stdin: io.stdin, cwd: io.cwd },
        })
  if (found === undefined) {
    if (context.options.json) context.printJson({ schemaVersion: 1, files: [], sent: null })
    else context.print('No export was held against anything yet.')
    context.remark('Next: pilot probe export FILE --against PLATFORM')
    return 0
  }
  if (context.options.json) context.printJson({ schemaVersion: 1, ...exportJson(found) })
  else context.print(formatExportProbe(found, context))
  context.remark('Next: pilot scorecard --explain export-fidelity')
  return 0
}
