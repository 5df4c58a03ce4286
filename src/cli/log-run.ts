import { resolve } from 'node:path'
import { PilotError } from '../core/errors.js'
import { type LogEntry, logKinds } from '../core/log-entry.js'
import type { Context } from './context.js'
import type { EffortOptions, EntryOptions, TaskOptions, UsageOptions } from './log-options.js'

/** Where entries go without a pilot.yaml. */
export const outFile = 'pilot-log.jsonl'

/** Logs hours, or what git says of them. */
export async function runEffort(context: Context, options: EffortOptions): Promise<number> {
  const { aliasOf, effortOf } = await import('./log-options.js')
  const engineer = options.engineer === undefined ? undefined : aliasOf(options.engineer)
  return record(context, options, { engineer, note: options.note, work: await workOf() })

  async function workOf(): Promise<LogEntry['work']> {
    const { git, hours, activity, repo, path } = options
    if (git === undefined) return effortOf(options)
    if (hours !== undefined || activity !== undefined)
      throw new PilotError('--hours and --activity do not go with --git.', { hint: 'Log them as two entries.' })
    const { readGitWork } = await import('../jobs/log-git.js')
    return { kind: 'effort', git: await readGitWork({ range: git, repo, path, cwd: context.io.cwd }) }
  }
}

/** Logs one try of a task, or prints the scripts. */
export async function runTask(context: Context, id: string | undefined, options: TaskOptions): Promise<number> {
  if (options.list) {
    const { personas } = await import('../core/personas.js')
    const { formatTaskScripts } = await import('../reports/log.js')
    if (context.options.json) context.printJson({ schemaVersion: 1, personas })
    else context.print(formatTaskScripts(personas, context))
    return 0
  }
  const { requireAlias, taskOf } = await import('./log-options.js')
  const work = taskOf(id, options)
  return record(context, options, { engineer: requireAlias(options.engineer), note: options.note, work })
}

/** Logs one use. */
export async function runUsage(context: Context, options: UsageOptions): Promise<number> {
  const { requireAlias, usageOf } = await import('./log-options.js')
  const engineer = requireAlias(options.engineer)
  return record(context, options, { engineer, note: options.for, work: usageOf(options) })
}

/** Stores an entry, or appends it to a file where there is no pilot or `--out` says so. */
export async function record(
  context: Context,
  { out, platform: named, date }: EntryOptions,
  told: Pick<LogEntry, 'engineer' | 'note' | 'work'>,
): Promise<number> {
  const { momentOf } = await import('./log-options.js')
  const { addToLog, newEntryId } = await import('../jobs/log.js')
  const { requirePlatform } = await import('../jobs/platforms.js')
  const { logRow } = await import('../formats/log.js')
  const { formatLogged } = await import('../reports/log.js')
  const nowMs = context.io.nowMs()
  const loaded = await context.loadConfigIfAny()
  const platform = loaded ? requirePlatform(loaded.config, named, 'Say which one it is about') : named
  const made = { id: newEntryId(), platform, timeMs: momentOf(date, nowMs), ...told }
  const file = out ?? (loaded ? undefined : outFile)
  if (file === undefined && loaded !== undefined) {
    const kept = await addToLog(loaded, made, nowMs)
    const { firstTraceOf } = await import('../jobs/log-report.js')
    const firstTraceMs = 'git' in kept.work ? firstTraceOf(loaded, kept.platform) : undefined
    if (context.options.json) context.printJson({ schemaVersion: 1, entry: logRow(kept), file: null })
    else context.print(formatLogged(kept, firstTraceMs))
    context.remark('Next: pilot log list')
    return 0
  }
  const { appendLine } = await import('../io/append-line.js')
  const path = file ?? outFile
  appendLine(resolve(context.io.cwd, path), JSON.stringify(logRow(made)))
  if (context.options.json) context.printJson({ schemaVersion: 1, entry: logRow(made), file: path })
  else context.print(`${formatLogged(made, undefined)}\nWrote it to ${path}.`)
  context.remark(`Next, where the pilot is: pilot ingest --as log ${path}`)
  return 0
}

/** Prints the log. */
export async function runList(context: Context, { kind }: { kind?: string }): Promise<number> {
  const { reportLog } = await import('../jobs/log-report.js')
  const { formatLog } = await import('../reports/log.js')
  const wanted = logKinds.find((known) => known === kind)
  if (kind !== undefined && wanted === undefined)
    throw new PilotError(`--kind: there is none called ${kind}.`, { hint: `One of ${logKinds.join(', ')}.` })
  const report = reportLog(await context.loadConfig(), wanted)
  if (context.options.json) {
    const { logRow } = await import('../formats/log.js')
    const entries = report.entries.map((entry) => ({ ...logRow(entry), source: entry.from }))
    context.printJson({ schemaVersion: 1, ...report, entries })
  } else context.print(formatLog(report, context))
  context.remark('Next: pilot scorecard')
  return 0
}

/** Takes an entry out. */
export async function runRemove(context: Context, id: string): Promise<number> {
  const { removeFromLog } = await import('../jobs/log.js')
  const { ownLogPath } = await import('../store/log.js')
  const { formatRemoved } = await import('../reports/log.js')
  const { from, ...entry } = removeFromLog(await context.loadConfig(), id)
  if (context.options.json) {
    const { logRow } = await import('../formats/log.js')
    context.printJson({ schemaVersion: 1, removed: logRow(entry) })
  } else context.print(formatRemoved(entry, from === ownLogPath ? undefined : from))
  context.remark('Next: pilot log list')
  return 0
}
