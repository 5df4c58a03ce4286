import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { PilotError } from '../../core/errors.js'
import type { FileReport } from '../../core/ingest-report.js'
import type { ReaderThread } from '../../jobs/reader-thread.js'
import type { SourceKind } from '../../store/sources.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  platform?: string
  from?: string
  as: SourceKind
  preview?: number
  strict?: boolean
  restorePurged?: boolean
  formats?: boolean
  schema?: boolean
}

export const ingest: AddCommand = (program, run) => {
  program
    .command('ingest')
    .summary('read exports into the store')
    .description(
      'Reads exports of traces, or what stands beside them (requests, feedback, scores, deployments, bills, logs of people), into .pilot/pilot.db. The format is found by content; .gz and .zst are unpacked; - is standard input. The same file twice changes nothing. With --as deployments, a folder under git stands for its history: each commit that changed a file there deployed that prompt.',
    )
    .argument('[files...]', 'exports to read, - for standard input; with --as deployments also a folder under git')
    .option('--platform <id>', 'the candidate (or baseline) they come from; needed where pilot.yaml names several')
    .option('--as <kind>', 'what they hold: traces, requests, feedback, scores, deployments, billing or log', 'traces')
    .option('--from <format>', 'the trace format, if it is not to be found by content')
    .option('--preview <n>', 'show what the first n records would be stored as, and store nothing', parsePreview)
    .option('--strict', 'exit 1 if any line was bad')
    .option('--restore-purged', 'take in what was purged before, and forget that it was')
    .option('--formats', 'list the formats that can be read, and how to get them')
    .option('--schema', "print the JSON Schema of pilot's own trace format, one span per line")
    .addHelpText(
      'after',
      examples(
        'pilot ingest traces.jsonl',
        'pilot ingest --platform lantern traces.jsonl.gz',
        'pilot ingest --preview 5 traces.jsonl',
        'pilot ingest --as requests requests.jsonl',
        'pilot ingest --as billing billing.csv',
        'zcat traces.jsonl.gz | pilot ingest -',
      ),
    )
    .action(run(runIngest))
}

async function runIngest(context: Context, files: string[], options: Options): Promise<number> {
  if (options.formats) return printFormats(context)
  if (options.schema) return printSchema(context)
  if (options.preview !== undefined) return printPreview(context, files, options.preview, options)
  const { io } = context
  const thread = await startEarly(files, io.cwd, options)
  try {
    return await ingestFiles(context, files, options, thread)
  } finally {
    await thread?.stop()
  }
}

/** A second thread for large files, started while pilot.yaml and the code are still being loaded. */
async function startEarly(
  files: readonly string[],
  cwd: string,
  { as: kind }: Options,
): Promise<ReaderThread | undefined> {
  if (kind !== 'traces' || !files.some((file) => isLarge(resolve(cwd, file)))) return undefined
  const { startReaderThread } = await import('../../jobs/reader-thread.js')
  return startReaderThread()
}

/** Less than this is read before a thread has started. */
const largeBytes = 8 * 1024 * 1024

function isLarge(path: string): boolean {
  try {
    return statSync(path).size >= largeBytes
  } catch {
    return false // missing, a circle of links, …: who opens it says so
  }
}

async function ingestFiles(
  context: Context,
  files: string[],
  options: Options,
  thread: ReaderThread | undefined,
): Promise<number> {
  const { io } = context
  const { ingestIntoPilot } = await import('../../jobs/ingest-into-pilot.js')
  const progress = await import('../progress.js')
  const bar = progress.createProgress(context)
  const { reports, lockedNow, selection } = await ingestIntoPilot(await context.loadConfig(), files, {
    kind: options.as,
    platform: options.platform,
    format: options.from,
    restoresPurged: options.restorePurged ?? false,
    nowMs: io.nowMs(),
    stdin: io.stdin,
    cwd: io.cwd,
    thread,
    onProgress: bar.show,
  })
  bar.clear()
  const { formatFileReport, formatProblems, formatSelection, ingestJson } = await import('../../reports/ingest.js')
  if (context.options.json) context.printJson(ingestJson(reports, selection))
  else for (const report of reports) if (report.state !== 'refused') context.print(formatFileReport(report))
  for (const report of reports) {
    if (!context.options.json) for (const line of formatProblems(report)) context.warn(line)
    if (report.error) printError(context, report.error)
  }
  if (lockedNow) context.remark('The criteria are locked now: pilot.lock holds them; commit it.')
  if (selection && !context.options.json) context.print(formatSelection(selection))
  if (reports.some(({ state }) => state !== 'refused')) context.remark(`Next: ${nextOf[options.as]}`)
  return exitCodeOf(reports, options.strict)
}

/** Where what came in can be seen. */
const nextOf: Readonly<Record<SourceKind, string>> = {
  traces: 'pilot capture',
  requests: 'pilot coverage',
  feedback: 'pilot coverage',
  scores: 'pilot scorecard',
  deployments: 'pilot data',
  billing: 'pilot cost --reconcile',
  attempts: 'pilot drill report',
  labels: 'pilot label report',
  log: 'pilot log list',
}

function printError(context: Context, error: { message: string; hint: string | null }): void {
  context.warn(`error ${error.message}${error.hint ? `\n${error.hint}` : ''}`)
}

function exitCodeOf(reports: readonly FileReport[], isStrict: boolean | undefined): number {
  if (reports.some(({ error }) => error)) return 3
  return isStrict && reports.some(({ problems }) => problems.length > 0) ? 1 : 0
}

function parsePreview(written: string): number {
  const count = Number(written)
  if (!Number.isInteger(count) || count < 1 || count > 1000)
    throw new InvalidArgumentError('Expected a number from 1 to 1000.')
  return count
}

async function printPreview(context: Context, files: string[], most: number, options: Options): Promise<number> {
  const { preview } = await import('../../jobs/preview.js')
  const { formatPreview } = await import('../../reports/preview.js')
  const { stdin, cwd } = context.io
  if (options.as !== 'traces') throw new PilotError('--preview shows traces only.', { hint: 'Leave out --as.' })
  const shown = await preview(await context.loadConfig(), files, { most, format: options.from, stdin, cwd })
  if (context.options.json) context.printJson({ schemaVersion: 1, files: shown })
  else context.print(shown.map((each) => formatPreview(each, context.width)).join('\n\n'))
  context.remark('Nothing was stored. Next: pilot ingest without --preview')
  return 0
}

async function printFormats(context: Context): Promise<number> {
  const { formats } = await import('../../formats/index.js')
  const { formatFormats } = await import('../../reports/formats.js')
  const listed = formats.map(({ name, title, status, obtain, lacks }) => ({ name, title, status, obtain, lacks }))
  if (context.options.json) context.printJson({ schemaVersion: 1, formats: listed })
  else context.print(formatFormats(listed, context.width))
  context.remark(
    '\nA log of your own: name its fields in pilot.yaml under inputs.traces, then pilot ingest --preview 5 FILE',
  )
  return 0
}

async function printSchema(context: Context): Promise<number> {
  const { nativeSchema } = await import('../../formats/native/schema.js')
  context.printJson(nativeSchema)
  return 0
}
