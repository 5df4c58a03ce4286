import { type AddCommand, examples } from '../command.js'
import type { Context } from '../context.js'

export const lock: AddCommand = (program, run) => {
  program
    .command('lock')
    .summary('fix the criteria before the data')
    .description(
      'Writes the criteria, window, volume, match and required fields of today into pilot.lock, a small file to commit; the first ingest does it too. A later change is an amendment: the scorecard shows it with the verdict it replaced.',
    )
    .option('--amend <reason>', 'record that the criteria changed, and why')
    .addHelpText(
      'after',
      examples('pilot lock', "pilot lock --amend 'traffic was lower than planned: volume from 500 to 300'"),
    )
    .action(run(runLock))
}

async function runLock(context: Context, { amend: reason }: { amend?: string }): Promise<number> {
  const { amend, lockCriteria, lockState, readLock, saveLock } = await import('../../config/lock.js')
  const { config, directory } = await context.loadConfig()
  const existing = readLock(directory)
  const nowMs = context.io.nowMs()
  if (existing === undefined) saveLock(directory, lockCriteria(config, nowMs))
  else if (reason !== undefined) saveLock(directory, amend(existing, config, reason, nowMs))
  const state = lockState(config, readLock(directory))
  if (context.options.json) {
    context.printJson({
      schemaVersion: 1,
      state: state.state,
      lockedAtMs: state.lockedAtMs ?? null,
      changes: state.changes,
    })
    return 0
  }
  context.print(
    existing === undefined ? 'Locked: pilot.lock holds the criteria of today.' : `pilot.lock: ${state.state}.`,
  )
  const { visible } = await import('../../reports/text.js')
  for (const { id, was, now, reason } of state.changes)
    context.print(
      visible(`  ${id}: was ${was ?? 'absent'}, now ${now ?? 'absent'} (${reason ?? 'no reason recorded'})`),
    )
  context.remark(
    state.state === 'amended without reason'
      ? 'Next: pilot lock --amend "why it changed"'
      : 'Next: commit pilot.lock, then pilot ingest <export>',
  )
  return 0
}
