import { hash } from 'node:crypto'
import type { LoadedConfig } from '../../config/load.js'
import type { Config } from '../../config/schema.js'
import type { Deployment } from '../../core/deployment.js'
import type { EvalRun } from '../../core/eval/run.js'
import {
  type PlatformTests,
  type RecordedTests,
  recordedResult,
  recordedSince,
  type Tested,
  type TestRecord,
} from '../../core/prompts/recorded.js'
import type { TestResult } from '../../core/prompts/tests.js'
import { readRuns } from '../../store/evals.js'
import type { Store } from '../../store/open.js'
import { keepTestRecord, readTestRecords } from '../../store/prompt-tests.js'
import { productionOf, wantedPlatforms, windowOf } from '../platforms.js'
import { openExisting, workspaceOf } from '../workspace.js'

/** What was tested on a platform, and in which time a deployment had to be seen. */
interface Basis {
  runs: number
  deployments: readonly Deployment[]
  evalRuns: readonly EvalRun[]
  withinMs: number
}

/** How much was tested, and the hash of it with the results: two runs of the tests on the same evidence have one. */
export function testedOf(
  config: Config,
  { runs, deployments, evalRuns, withinMs }: Basis,
  tests: readonly TestResult[],
): { tested: Tested; hash: string } {
  const ofPrompts = deployments.filter(isOfPrompt)
  const whole = evalRuns.filter(isWhole)
  const text = JSON.stringify([
    ...[ofPrompts, windowOf(config), productionOf(config) ?? null, config.workflow.match, withinMs],
    ...[runs, whole.map(({ id, finishedMs }) => [id, finishedMs]), tests],
  ])
  return {
    tested: { runs, deployments: ofPrompts.length, evalRuns: whole.length },
    hash: hash('sha256', text, 'hex').slice(0, 16),
  }
}

/** Keeps the results of each platform; of the same evidence the record that was there before, which `isNew` tells. */
export function recordTests(
  loaded: LoadedConfig,
  platforms: readonly PlatformTests[],
  { withinMs, by, nowMs }: { withinMs: number; by: string | undefined; nowMs: number },
): { record: TestRecord; isNew: boolean }[] {
  const db = workspaceOf(loaded).open('write')
  try {
    return platforms.map(({ platform, hash, tested, tests }) => {
      const isNew = !readTestRecords(db, platform).some((record) => record.hash === hash)
      const results = tests.map(recordedResult)
      const made = { platform, hash, timeMs: nowMs, ...(by !== undefined && { by }), withinMs, tested, results }
      return { record: keepTestRecord(db, made), isNew }
    })
  } finally {
    db.close()
  }
}

/** All that was recorded of the platforms, or of one, in order of time; none before there is a store. Throws `PilotError` for an unknown platform. */
export function testHistory(loaded: LoadedConfig, platform: string | undefined): TestRecord[] {
  const wanted = wantedPlatforms(loaded.config, platform)
  const db = openExisting(loaded)
  try {
    const records = db === undefined ? [] : wanted.flatMap((each) => readTestRecords(db, each.platform))
    return records.sort((a, b) => a.timeMs - b.timeMs)
  } finally {
    db?.close()
  }
}

/** The last record of a platform that was held against `prompts.within` of pilot.yaml; undefined where there is none. */
export function lastRecorded(
  db: Store,
  config: Config,
  { platform, runs, deployments }: { platform: string; runs: number; deployments: readonly Deployment[] },
): RecordedTests | undefined {
  const record = readTestRecords(db, platform).findLast(({ withinMs }) => withinMs === config.prompts.within)
  if (record === undefined) return undefined
  const [ofPrompts, whole] = [deployments.filter(isOfPrompt), readRuns(db).filter(isWhole)]
  return recordedSince(record, { runs, deployments: ofPrompts.length, evalRuns: whole.length })
}

const isOfPrompt = ({ kind }: Deployment) => kind === 'prompt'
const isWhole = ({ finishedMs }: EvalRun) => finishedMs !== undefined
