import { Option } from 'commander'
import type { ExportFormat } from '../../jobs/export/export.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  out: string
  format: ExportFormat
  force?: boolean
}

export const exportAll: AddCommand = (program, run) => {
  program
    .command('export')
    .summary('write everything out, in files that ingest reads back')
    .description(
      "Writes all that is stored into a folder that its owner alone may read: traces in pilot's own format with nothing lost, requests, feedback, scores, labels, attempts, deployments, bills and the log, and a manifest with counts, hashes and the commands that read each file back. What no file can carry is counted in the manifest. With --format csv, tables of spans, scores and feedback for a spreadsheet.",
    )
    .option('--out <dir>', 'the folder, made if it is not there', 'pilot-export')
    .addOption(
      new Option('--format <format>', 'jsonl, or csv for a spreadsheet').choices(['jsonl', 'csv']).default('jsonl'),
    )
    .option('--force', 'replace files that are there')
    .addHelpText(
      'after',
      examples('pilot export', 'pilot export --out backup --force', 'pilot export --format csv --out tables'),
    )
    .action(run(runExport))
}

async function runExport(context: Context, { out, format, force }: Options): Promise<number> {
  const { exportStore } = await import('../../jobs/export/export.js')
  const { formatExport } = await import('../../reports/export.js')
  const { createCountProgress } = await import('../progress.js')
  const { io } = context
  const bar = createCountProgress(context)
  const loaded = await context.loadConfig()
  try {
    const manifest = exportStore(loaded, {
      ...{ out, format, force: force ?? false, nowMs: io.nowMs(), cwd: io.cwd },
      onProgress: (done, all) => bar.show('writing spans', done, all),
    })
    bar.clear()
    if (context.options.json) context.printJson({ schemaVersion: 1, out, ...manifest })
    else context.print(formatExport({ ...manifest, out }, context))
    return 0
  } finally {
    bar.clear()
  }
}
