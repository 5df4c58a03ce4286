import type { Readable } from 'node:stream'
import type { LoadedConfig } from '../../config/load.js'
import type { SuiteConfig } from '../../config/sections/evals.js'
import { nearest } from '../../config/suggest.js'
import { PilotError } from '../../core/errors.js'
import type { Case } from '../../core/eval/case.js'
import type { LineProblem } from '../../core/ingest-report.js'
import type { Store } from '../../store/open.js'
import { casesHash } from './dataset-lock.js'
import type { Consent } from './endpoints.js'
import { loadCases } from './load-cases.js'
import type { RecordedFilter } from './recorded-runs.js'
import { liveTarget } from './targets/live.js'
import { recordedTarget } from './targets/recorded.js'
import type { Target } from './targets/target.js'

/** A suite with its cases and what makes their outputs. */
export interface OpenedSuite {
  suite: SuiteConfig
  cases: Case[]
  casesHash: string
  problems: LineProblem[]
  target: Target
}

interface SuiteWorld extends Consent {
  stdin: Readable
  db: Store
  filter: RecordedFilter
  applyText(text: string): string
}

/** The suite of this id. Throws `PilotError` with the nearest where there is none. */
export function findSuite({ config }: LoadedConfig, id: string): SuiteConfig {
  const suite = config.evals.suites.find((each) => each.id === id)
  if (suite !== undefined) return suite
  const known = config.evals.suites.map((each) => each.id)
  const near = nearest(id, known)
  throw new PilotError(`pilot.yaml has no suite ${id}.`, {
    hint:
      known.length === 0
        ? 'Write one under evals.suites; pilot.yaml.example shows how.'
        : near === undefined
          ? `It has ${known.join(', ')}.`
          : `Did you mean ${near}?`,
  })
}

/** Reads the cases of a suite and makes its target ready. Throws `PilotError` where one of them is missing. */
export async function openSuite(loaded: LoadedConfig, suite: SuiteConfig, world: SuiteWorld): Promise<OpenedSuite> {
  const { config, directory } = loaded
  const { platform, prompt, release, command, url, model } = suite.target
  const filter: RecordedFilter = { platform, prompt, release, ...defined(world.filter) }
  const isRecorded = command === undefined && url === undefined && model === undefined
  refuseUnmeant(suite, world.filter)
  const loadedCases =
    suite.dataset === undefined ? undefined : await loadCases(suite.dataset, { stdin: world.stdin, cwd: directory })
  const cases = loadedCases?.cases ?? (await import('./recorded-outputs.js')).recordedCases(world.db, config, filter)
  if (cases.length === 0)
    throw new PilotError(
      `The suite ${suite.id} has no case: no run of the workflow is stored${filter.prompt === undefined ? '' : ` for ${filter.prompt}`}.`,
      {
        hint: 'pilot data shows what is stored; a dataset names cases of its own.',
        exitCode: 3,
      },
    )
  const findLater = async (without: readonly Case[]) =>
    (await import('./recorded-outputs.js')).findRecorded(world.db, config, filter)(without)
  return {
    suite,
    cases,
    casesHash: loadedCases?.hash ?? casesHash(cases),
    problems: loadedCases?.problems ?? [],
    target: isRecorded
      ? await recordedTarget(findLater, { filter, cases, hasOwn: loadedCases === undefined })
      : await liveTarget(loaded, { ...suite.target, ...defined(world.filter) }, world),
  }
}

/** A program or endpoint can be told which version is meant; a model has its prompt file, and nothing but the store has platforms. */
function refuseUnmeant(
  { id, target: { command, url, model } }: SuiteConfig,
  { platform, prompt, release }: RecordedFilter,
): void {
  const isApplication = command !== undefined || url !== undefined
  if (isApplication && platform !== undefined)
    throw new PilotError(`The suite ${id} makes its outputs anew; --platform chooses recorded ones.`)
  if (model !== undefined && (platform ?? prompt ?? release) !== undefined)
    throw new PilotError(
      `The suite ${id} asks a model with its prompt file; --platform, --prompt and --release choose recorded outputs.`,
    )
}

function defined(filter: RecordedFilter): RecordedFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}
