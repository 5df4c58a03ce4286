import type { LoadedConfig } from '../../config/load.js'
import { nearest } from '../../config/suggest.js'
import type { PromptList } from '../../core/audience/prompts.js'
import { PilotError } from '../../core/errors.js'
import type { Evidence } from '../../core/evidence.js'
import { readTimelines } from '../../core/prompts/timeline.js'
import { wantedPlatforms } from '../platforms.js'
import { workspaceOf } from '../workspace.js'
import { readEvalRates } from './eval-rates.js'
import { textReader } from './read-texts.js'
import { readVersions } from './read-versions.js'

/** The prompts of one platform's runs. */
export interface PlatformPrompts extends PromptList {
  platform: string
  role: Evidence['role']
}

interface ListOptions {
  /** One prompt only. */
  name: string | undefined
  platform: string | undefined
  nowMs: number
}

/** Every prompt with its versions, per platform. Throws `PilotError` for a platform or a prompt that nobody knows. */
export function listVersions(loaded: LoadedConfig, { name, platform, nowMs }: ListOptions): PlatformPrompts[] {
  const { config } = loaded
  const wanted = wantedPlatforms(config, platform)
  const db = workspaceOf(loaded).open('read')
  try {
    const { deployments, platforms } = readVersions(db, config, { platforms: wanted })
    const read = platforms.map(({ tally, ...which }): PlatformPrompts => {
      const textsOf = textReader(db, which.platform)
      const prompts = readTimelines({
        tally,
        deployments,
        evals: readEvalRates(db, which.platform, nowMs),
        driftOf: (version) => textsOf(version).drift,
      })
      return { platform: which.platform, role: which.role, runs: tally.runs, unnamed: tally.unnamed, prompts }
    })
    return name === undefined ? read : onlyPrompt(read, name)
  } finally {
    db.close()
  }
}

function onlyPrompt(platforms: readonly PlatformPrompts[], name: string): PlatformPrompts[] {
  const names = [...new Set(platforms.flatMap(({ prompts }) => prompts.map((prompt) => prompt.name)))]
  if (!names.includes(name)) throw unknownPrompt(name, names)
  return platforms.map((each) => ({ ...each, prompts: each.prompts.filter((prompt) => prompt.name === name) }))
}

/** What is said of a prompt that is in no run and no deployment. */
function unknownPrompt(name: string, names: readonly string[]): PilotError {
  const near = nearest(name, names)
  const known =
    names.length === 0 ? 'No run and no deployment names a prompt.' : `There are ${names.slice(0, 10).join(', ')}.`
  return new PilotError(`No run and no deployment is of a prompt ${JSON.stringify(name)}.`, {
    hint: near === undefined ? known : `Did you mean ${near}?`,
  })
}
