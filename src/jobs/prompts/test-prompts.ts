import type { LoadedConfig } from '../../config/load.js'
import type { PlatformTests } from '../../core/prompts/recorded.js'
import { testCompared, testReviewed, testRollback, testVisible } from '../../core/prompts/tests.js'
import type { SeenVersion } from '../../core/prompts/version-tally.js'
import { readRuns } from '../../store/evals.js'
import { productionOf, wantedPlatforms } from '../platforms.js'
import { workspaceOf } from '../workspace.js'
import { textReader, type VersionTexts } from './read-texts.js'
import { readVersions } from './read-versions.js'
import { testedOf } from './recorded-tests.js'

interface TestOptions {
  platform: string | undefined
  /** In which time a deployment has to be seen. */
  withinMs: number
}

/** Runs the four tests on what is stored. Throws `PilotError` for a platform that pilot.yaml does not name. */
export function testPrompts(loaded: LoadedConfig, { platform, withinMs }: TestOptions): PlatformTests[] {
  const { config } = loaded
  const wanted = wantedPlatforms(config, platform)
  const db = workspaceOf(loaded).open('read')
  try {
    const runs = readRuns(db)
    const { deployments, platforms } = readVersions(db, config, { platforms: wanted, withinMs })
    return platforms.map(({ tally, watched, ...which }) => {
      const textsOf = textReader(db, which.platform)
      const names = [...new Set(tally.versions.map(({ name }) => name))]
      const prompts = names.map((name) => {
        const versions = tally.versions.filter((each) => each.name === name)
        return { name, versions: versions.length, sharedInputs: () => mostShared(versions, textsOf) }
      })
      const tests = [
        testVisible(watched),
        testCompared(prompts, runs),
        testRollback(watched),
        testReviewed(deployments, runs, productionOf(config)),
      ]
      return {
        ...{ ...which, tests },
        ...testedOf(config, { runs: tally.runs, deployments, evalRuns: runs, withinMs }, tests),
      }
    })
  } finally {
    db.close()
  }
}

/** The two versions whose runs were asked most of the same; undefined where no two were. */
function mostShared(versions: readonly SeenVersion[], textsOf: (version: SeenVersion) => VersionTexts) {
  // Of each input the versions that met it: a pair is counted where it occurs, however many versions there are.
  const byInput = new Map<string, string[]>()
  for (const version of versions)
    for (const input of textsOf(version).inputs) byInput.set(input, [...(byInput.get(input) ?? []), version.version])
  const pairs = new Map<string, { a: string; b: string; inputs: number }>()
  for (const [first, ...others] of byInput.values())
    for (const other of first === undefined ? [] : others) {
      const key = JSON.stringify([first, other])
      const pair = pairs.get(key) ?? { a: first!, b: other, inputs: 0 } // there are others, so there is a first
      pair.inputs += 1
      pairs.set(key, pair)
    }
  return [...pairs.values()].sort((x, y) => y.inputs - x.inputs)[0]
}
