import { join } from 'node:path'
import type { EvalRun } from '../src/core/eval/run.js'
import { type KeptOutput, runWriter, saveRun } from '../src/store/evals.js'
import { openStore } from '../src/store/open.js'

const run: EvalRun = {
  id: 'nightly-7',
  suite: 'answers',
  startedMs: Date.UTC(2026, 2, 2),
  target: 'secret-model at http://127.0.0.1',
  targetHash: 'a1',
  prompt: 'secret-prompt@9',
  casesHash: 'c1',
  cases: 1,
  repeats: 1,
  checks: [{ id: 'secret-check', hash: 'h1', gate: true }],
  notes: [],
}

/** Stores an eval run with these outputs by case, each of which failed its check; `traces` says which cases were recorded. */
export function saveOutputs(
  cwd: string,
  outputs: Readonly<Record<string, KeptOutput[]>>,
  more: Partial<EvalRun> & { traces?: Readonly<Record<string, { platform: string; traceId: string }>> } = {},
): void {
  const { traces = {}, ...changed } = more
  const made = { ...run, ...changed }
  const db = openStore(join(cwd, '.pilot/pilot.db'), 'write')
  saveRun(db, made)
  const writer = runWriter(db, made.id)
  for (const [id, repeats] of Object.entries(outputs)) {
    writer.case({ id, hash: 'h', tags: [], ...(traces[id] && { trace: traces[id] }) })
    for (const [index, output] of repeats.entries()) {
      writer.output(id, index + 1, { model: 'secret-model', prompt: 'secret-prompt@9', ...output })
      writer.result(id, index + 1, 'secret-check', { outcome: 'fail', reason: 'secret-reason' })
    }
  }
  db.close()
}
