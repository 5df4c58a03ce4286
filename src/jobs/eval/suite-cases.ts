import { Readable } from 'node:stream'
import type { LoadedConfig } from '../../config/load.js'
import type { Case } from '../../core/eval/case.js'
import type { EvalRun } from '../../core/eval/run.js'
import type { Store } from '../../store/open.js'
import { readCases } from './load-cases.js'
import { recordedCases } from './recorded-outputs.js'

/** The cases of a run by their ids, with inputs and references, which a run does not keep: from its suite as it is today. */
export async function casesOf(
  { config, directory }: LoadedConfig,
  run: EvalRun,
  db: Store,
): Promise<Map<string, Case>> {
  const suite = config.evals.suites.find(({ id }) => id === run.suite)
  if (suite === undefined) return new Map()
  const { platform, prompt, release } = suite.target
  const cases =
    suite.dataset === undefined
      ? recordedCases(db, config, { platform, prompt, release })
      : (await readCases(suite.dataset, { stdin: Readable.from([]), cwd: directory })).cases
  return new Map(cases.map((each) => [each.id, each]))
}
