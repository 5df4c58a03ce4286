import { PilotError } from '../../core/errors.js'
import { msOfMoment } from '../../formats/time.js'
import type { PurgeRequest } from '../../jobs/purge/selector.js'
import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

interface Options {
  trace?: string[]
  user?: string[]
  tenant?: string[]
  olderThan?: string
  yes?: boolean
  by?: string
  log?: boolean
}

export const purge: AddCommand = (program, run) => {
  program
    .command('purge')
    .summary('take traces out for good, with all that hangs on them')
    .description(
      'Takes traces out of the store with all that was said and made of them: texts, scores, feedback, requests, labels, evals, drills. Without --yes it shows what would go and changes nothing. With it the files are written anew and searched for what went. What was purged does not come back when its file is ingested again.',
    )
    .option('--trace <id...>', 'these traces, on every platform that has them')
    .option(
      '--user <user...>',
      'all of these users, by the id as the application has it, also where only its hash is stored',
    )
    .option('--tenant <tenant...>', 'all of these tenants')
    .option('--older-than <age>', 'what began longer ago: 30d, 12h or 4w; or before a day or time, UTC: 2026-03-10')
    .option('--yes', 'do it; alone it finishes a purge that had to wait for a reader')
    .option('--by <alias>', 'who purges, for the log of purges; never a name or an address')
    .option('--log', 'list the purges so far')
    .addHelpText(
      'after',
      examples(
        'pilot purge --trace 47d87f7f',
        'pilot purge --older-than 30d',
        'pilot purge --user user-12 --yes --by lead',
        "pilot purge --tenant acme --json | jq '.rows.spans'",
        'pilot purge --log',
      ),
    )
    .action(run(runPurgeCommand))
}

async function runPurgeCommand(context: Context, options: Options): Promise<number> {
  const { listPurges, nothingNamed, previewPurge, runPurge } = await import('../../jobs/purge/purge.js')
  const { formatPurge, formatPurgeLog, purgeJson } = await import('../../reports/purge.js')
  const loaded = await context.loadConfig()
  if (options.log) {
    const purges = listPurges(loaded)
    if (context.options.json) context.printJson({ schemaVersion: 1, purges })
    else context.print(formatPurgeLog(purges, context))
    return 0
  }
  const nowMs = context.io.nowMs()
  const request = requestOf(options, nowMs)
  if (request === undefined && !options.yes) throw nothingNamed()
  const report =
    request !== undefined && !options.yes
      ? await previewPurge(loaded, request, { by: options.by })
      : await runPurge(loaded, request, { nowMs, by: options.by })
  if (context.options.json) context.printJson(purgeJson(report))
  else context.print(formatPurge(report, context))
  const isWorthIt = Object.values(report.rows).some((rows) => rows > 0)
  if (report.dryRun) context.remark(`Nothing was changed.${isWorthIt ? ' Next: the same with --yes' : ''}`)
  return (report.proof?.left.length ?? 0) > 0 ? 1 : 0
}

function requestOf({ trace, user, tenant, olderThan }: Options, nowMs: number): PurgeRequest | undefined {
  const requests: PurgeRequest[] = [
    ...(trace === undefined ? [] : [{ kind: 'trace' as const, ids: trace }]),
    ...(user === undefined ? [] : [{ kind: 'user' as const, values: user }]),
    ...(tenant === undefined ? [] : [{ kind: 'tenant' as const, values: tenant }]),
    ...(olderThan === undefined ? [] : [{ kind: 'older-than' as const, beforeMs: momentOf(olderThan, nowMs) }]),
  ]
  if (requests.length > 1)
    throw new PilotError('--trace, --user, --tenant and --older-than are one purge each.', {
      hint: 'Run pilot purge once for each.',
    })
  const [request] = requests
  const named =
    request === undefined || request.kind === 'older-than' ? [] : 'ids' in request ? request.ids : request.values
  if (named.includes(''))
    throw new PilotError(`--${request?.kind} takes no empty text.`, { hint: 'pilot purge --help' })
  return request
}

const unitMs = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

function momentOf(written: string, nowMs: number): number {
  const [, count, unit] = /^(\d{1,5})([hdw])$/.exec(written) ?? []
  if (count !== undefined) return nowMs - Number(count) * unitMs[unit as keyof typeof unitMs] // the form allows no other unit
  const ms = /^\d+$/.test(written) ? undefined : msOfMoment(written)
  if (ms === undefined)
    throw new PilotError('--older-than takes an age such as 30d, 12h or 4w, or a day such as 2026-03-10.', {
      hint: 'Times are UTC where they name no zone.',
    })
  return ms
}
