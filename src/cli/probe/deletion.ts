import type { Command } from 'commander'
import type { LoadedConfig } from '../../config/load.js'
import { PilotError } from '../../core/errors.js'
import type { DeletionProbe } from '../../core/probes/deletion.js'
import { msOfMoment } from '../../formats/time.js'
import { examples, type Run } from '../command.js'
import type { Context } from '../context.js'
import { parseCount } from '../count.js'

interface PlaceOptions {
  platform?: string
}

interface PlanOptions extends PlaceOptions {
  count: number
  seed: number
  out?: string
}

interface TimeOptions extends PlaceOptions {
  at?: string
}

interface VerifyOptions extends TimeOptions {
  from?: string
}

/** `pilot probe deletion`: from a plan to the proof that deleted traces are gone. */
export function deletionProbe(group: Command, run: Run): void {
  const command = group
    .command('deletion')
    .summary('are deleted traces gone, and when')
    .description(
      "Plans which traces the team deletes on the platform, notes when it did, and looks for them afterwards as often as wanted: in fresh exports, or through a program of the team's that asks the platform. Traces that were not deleted tell whether a look proves anything.",
    )
    .addHelpText(
      'after',
      examples(
        'pilot probe deletion plan',
        'pilot probe deletion plan --count 3 --seed 7',
        'pilot probe deletion show',
      ),
    )
  for (const add of [plan, deleted, verify, show]) add(command, run)
}

function place(command: Command): Command {
  return command.option('--platform <id>', 'the candidate (or baseline); needed where pilot.yaml names several')
}

function plan(command: Command, run: Run): void {
  place(command.command('plan'))
    .summary('which traces to delete')
    .description('Draws production traces per environment at random, or takes the named ones, and keeps the plan.')
    .argument('[traces...]', 'ids of traces, or their beginnings; drawn at random, if left out')
    .option('--count <n>', 'how many per environment', parseCount, 3)
    .option('--seed <n>', 'another number draws others', parseCount, 1)
    .option('-o, --out <file>', 'write the sheet for the platform as CSV')
    .addHelpText('after', examples('pilot probe deletion plan', 'pilot probe deletion plan 47d87f7f -o delete.csv'))
    .action(run(runPlan))
}

function deleted(command: Command, run: Run): void {
  place(command.command('deleted'))
    .summary('the team has deleted them')
    .description('Notes when the planned traces were deleted on the platform.')
    .option('--at <time>', 'when, ISO 8601, UTC where it names no zone; now, if left out')
    .addHelpText(
      'after',
      examples('pilot probe deletion deleted', 'pilot probe deletion deleted --at 2026-03-05T10:00'),
    )
    .action(run(runDeleted))
}

function verify(command: Command, run: Run): void {
  place(command.command('verify'))
    .summary('look for them, as often as wanted')
    .description(
      'Looks for the deleted traces in fresh exports, and through probes.deletion.command of pilot.yaml where it is set. Nothing of the exports is stored. Exits 1 where the criterion is missed.',
    )
    .argument('[files...]', 'exports that were made after the deletion')
    .option('--from <format>', 'the trace format, if it is not to be found by content')
    .option('--at <time>', 'when the export was made; the time of its file, if left out')
    .addHelpText('after', examples('pilot probe deletion verify fresh.jsonl', 'pilot probe deletion verify'))
    .action(run(runVerify))
}

function show(command: Command, run: Run): void {
  place(command.command('show'))
    .summary('how it stands')
    .description('The last deletion, trace by trace.')
    .addHelpText('after', examples('pilot probe deletion show', 'pilot probe deletion show --json'))
    .action(run(runShow))
}

async function runPlan(context: Context, named: string[], options: PlanOptions): Promise<number> {
  const { planDeletionProbe } = await import('../../jobs/probe-deletion.js')
  const loaded = await context.loadConfig()
  const { count: perEnvironment, seed, platform, out } = options
  const nowMs = context.io.nowMs()
  const made = planDeletionProbe(loaded, { platform, named, perEnvironment, seed, nowMs })
  if (out !== undefined) {
    const { writeAtomically } = await import('../../config/atomic-write.js')
    const { deletionSheet } = await import('../../reports/deletion.js')
    const { resolve } = await import('node:path')
    writeAtomically(resolve(context.io.cwd, out), deletionSheet(made.result))
  }
  await print(context, loaded, made)
  if (out !== undefined) context.remark(`Wrote ${out}.`)
  context.remark('Next: delete them on the platform, then pilot probe deletion deleted')
  return 0
}

async function runDeleted(context: Context, { platform, at }: TimeOptions): Promise<number> {
  const { noteDeleted } = await import('../../jobs/probe-deletion.js')
  const nowMs = context.io.nowMs()
  const loaded = await context.loadConfig()
  await print(context, loaded, noteDeleted(loaded, { platform, atMs: momentOf(at), nowMs }))
  context.remark('Next: pilot probe deletion verify FRESH-EXPORT')
  return 0
}

async function runVerify(context: Context, files: string[], options: VerifyOptions): Promise<number> {
  const { verifyDeletion } = await import('../../jobs/probe-deletion.js')
  const { io } = context
  const { platform, from: format, at } = options
  const loaded = await context.loadConfig()
  const verified = await verifyDeletion(loaded, {
    ...{ platform, files, format, atMs: momentOf(at), clock: io.nowMs, stdin: io.stdin, cwd: io.cwd },
  })
  const isMissed = await print(context, loaded, verified)
  context.remark('Next: pilot scorecard --explain deletion')
  return isMissed ? 1 : 0
}

async function runShow(context: Context, { platform: named }: PlaceOptions): Promise<number> {
  const { nothingPlanned, readDeletion } = await import('../../jobs/probe-deletion.js')
  const { requirePlatform } = await import('../../jobs/platforms.js')
  const loaded = await context.loadConfig()
  const platform = requirePlatform(loaded.config, named, 'Say whose it is')
  const found = readDeletion(loaded, platform)
  if (context.options.json && found === undefined)
    context.printJson({ schemaVersion: 1, platform, plannedAt: null, traces: [] })
  else if (found === undefined) context.print(nothingPlanned().message)
  else await print(context, loaded, found)
  context.remark(nextOf(found?.result))
  return 0
}

function nextOf(probe: DeletionProbe | undefined): string {
  if (probe === undefined) return 'Next: pilot probe deletion plan'
  return probe.deletedMs === undefined
    ? 'Next: delete them on the platform, then pilot probe deletion deleted'
    : 'Next: pilot probe deletion verify FRESH-EXPORT'
}

type Shown = Parameters<typeof import('../../reports/deletion.js').formatDeletion>[0]

/** True where the criterion of this pilot is missed. */
async function print(context: Context, { config }: LoadedConfig, run: Shown): Promise<boolean> {
  const { deletionJson, formatDeletion } = await import('../../reports/deletion.js')
  const { measureDeletion } = await import('../../criteria/deletion.js')
  const { judge } = await import('../../core/verdict.js')
  const target = config.criteria.find(({ id }) => id === 'deletion')?.target
  const measurement = measureDeletion(run.result)
  const verdict = target && judge(measurement, target, 1).verdict
  if (context.options.json) context.printJson({ schemaVersion: 1, ...deletionJson(run, measurement, verdict) })
  else context.print(formatDeletion(run, { measurement, verdict }, context))
  return verdict === 'missed'
}

function momentOf(written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const ms = msOfMoment(written)
  if (ms === undefined)
    throw new PilotError('--at: expected a time such as 2026-03-05T10:00, UTC where it names no zone.')
  return ms
}
