import type { Readable } from 'node:stream'
import { PilotError } from '../../core/errors.js'
import type { WholeRun } from '../../core/eval/compare-runs.js'
import type { LineProblem } from '../../core/ingest-report.js'
import { openMemoryStore, type Store } from '../../store/open.js'
import { type CompareOptions, compareOpened, type StoredComparison } from './compare-stored.js'
import { openRun } from './find-run.js'
import { importRun } from './import-run.js'

/** What a new version may lose where nobody has said it: as pilot.yaml proposes. */
const proposedMargin = 0.05

/** Compares the results of any runner in two files, each of one version, with no pilot around them. */
export async function compareFiles(
  paths: readonly [string, string],
  options: CompareOptions,
  world: { stdin: Readable; cwd: string },
): Promise<{ compared: StoredComparison; problems: [path: string, problem: LineProblem][] }> {
  const db = openMemoryStore()
  try {
    const problems: [string, LineProblem][] = []
    const [a, b] = [await open(paths[0]), await open(paths[1])]
    return { compared: compareOpened(db, [a, b], { ...options, margin: options.margin ?? proposedMargin }), problems }

    async function open(path: string): Promise<WholeRun> {
      const { runs, problems: found } = await importRun(db, {
        ...{ path, suite: path, world, nowMs: options.nowMs },
        format: undefined,
        passFrom: 1,
        applyText: (text) => text,
      })
      problems.push(...found.map((problem): [string, LineProblem] => [path, problem]))
      return onlyRun(db, runs, path)
    }
  } finally {
    db.close()
  }
}

function onlyRun(db: Store, runs: readonly WholeRun['run'][], path: string): WholeRun {
  const [only, ...others] = runs
  if (only !== undefined && others.length === 0) return openRun(db, only)
  throw new PilotError(`${path} holds ${runs.length} runs: ${runs.map(({ target }) => target).join(', ')}.`, {
    hint: 'Take it in, then compare by id: pilot eval run --import auto FILE, pilot eval compare A B',
  })
}
