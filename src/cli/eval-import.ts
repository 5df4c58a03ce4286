import { PilotError } from '../core/errors.js'
import type { EvalRun } from '../core/eval/run.js'
import { visible } from '../reports/text.js'
import type { Context } from './context.js'
import type { RunOptions } from './eval.js'
import { writeRunOutputs } from './eval-outputs.js'

/** `pilot eval run --import`: `[suite] file`, or no file for the scores of the store. */
export async function importRuns(
  context: Context,
  words: readonly (string | undefined)[],
  options: RunOptions,
): Promise<number> {
  const loaded = await context.loadConfig()
  const { workspaceOf } = await import('../jobs/workspace.js')
  const { showRun } = await import('../jobs/eval/show-runs.js')
  const named = words.filter((word) => word !== undefined)
  const workspace = workspaceOf(loaded)
  const db = workspace.open('write')
  try {
    const runs = options.import === 'scores' ? await ofScores() : await ofFile()
    const shown = runs.map((run) => showRun(loaded, run.id, context.io.nowMs()))
    if (context.options.json) {
      const { runJson } = await import('../reports/eval-json.js')
      context.printJson({
        schemaVersion: 1,
        runs: shown.map(({ summary, gates, live }) => runJson(summary, gates, live)),
      })
    } else {
      const { formatRun } = await import('../reports/eval-run.js')
      for (const each of shown) context.print(formatRun(each.summary, { ...context, ...each, everyCase: false }))
      // "Already there" is said of this run of the command, and not kept.
      for (const { id, notes } of runs)
        for (const note of notes.filter((each) => each.startsWith('already'))) context.remark(`${id}: ${note}`)
    }
    await writeRunOutputs(context, shown, options)
    context.remark('Next: pilot eval show, then pilot eval compare A B')
    return 0
  } finally {
    db.close()
  }

  async function ofFile(): Promise<EvalRun[]> {
    const { importRun } = await import('../jobs/eval/import-run.js')
    const { createPolicy } = await import('../core/privacy/policy.js')
    const { loadHash } = await import('../io/salt.js')
    const path = named.at(-1)
    if (path === undefined || named.length > 2)
      throw new PilotError('Which file holds the results?', {
        hint: `pilot eval run --import ${options.import} [SUITE] results.json`,
      })
    const policy = await createPolicy(loaded.config.capture.privacy ?? [], loadHash(workspace.saltPath))
    const { runs, problems } = await importRun(db, {
      path,
      format: options.import === 'auto' ? undefined : options.import,
      suite: named.length === 2 ? named[0] : undefined,
      passFrom: options.passFrom,
      world: context.io,
      nowMs: context.io.nowMs(),
      applyText: policy.applyText,
    })
    for (const { line, message } of problems) context.warn(`problem ${path}:${line}: ${visible(message)}`)
    return runs
  }

  async function ofScores(): Promise<EvalRun[]> {
    const { importScores } = await import('../jobs/eval/import-scores.js')
    const { requirePlatform } = await import('../jobs/platforms.js')
    const platform = requirePlatform(loaded.config, options.platform, 'Say whose scores are meant')
    const { runs } = importScores(db, {
      platform,
      suite: named[0],
      passFrom: options.passFrom,
      nowMs: context.io.nowMs(),
    })
    return runs
  }
}
