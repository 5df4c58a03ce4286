import type { Config } from '../config/schema.js'
import { nearest } from '../config/suggest.js'
import { PilotError } from '../core/errors.js'
import type { Evidence } from '../core/evidence.js'
import type { Window } from '../core/select.js'

export type PlatformRole = Pick<Evidence, 'platform' | 'role'>

/** Candidates first, then the baseline. */
export function platformsOf(config: Config): PlatformRole[] {
  const { candidates, baseline } = config.pilot
  return [
    ...candidates.map(({ id }) => ({ platform: id, role: 'candidate' as const })),
    ...(baseline === undefined ? [] : [{ platform: baseline, role: 'baseline' as const }]),
  ]
}

/**
 * The platform that is named, else the sole candidate. Throws `PilotError` where pilot.yaml does not know it, or where there are several
 * candidates: then `ask` says what to name.
 */
export function requirePlatform(config: Config, named: string | undefined, ask = 'Say whose export it is'): string {
  if (named !== undefined) return requireKnown(config, named)
  const [only, ...others] = config.pilot.candidates
  if (only !== undefined && others.length === 0) return only.id
  throw new PilotError('Several candidates are under pilot.', {
    hint: `${ask}: --platform ${namesOf(config).join(' | ')}.`,
  })
}

/** The platforms of a pilot, or the one that is named. Throws `PilotError` where pilot.yaml does not know it. */
export function wantedPlatforms(config: Config, named: string | undefined): PlatformRole[] {
  if (named !== undefined) requireKnown(config, named)
  return platformsOf(config).filter(({ platform }) => named === undefined || platform === named)
}

function requireKnown(config: Config, named: string): string {
  const known = namesOf(config)
  if (known.includes(named)) return named
  const near = nearest(named, known)
  const suggestion = near === undefined ? '' : `Did you mean ${near}? `
  throw new PilotError(`pilot.yaml names no platform ${named}.`, {
    hint: `${suggestion}It names ${known.join(', ')}.`,
  })
}

function namesOf(config: Config): string[] {
  return platformsOf(config).map(({ platform }) => platform)
}

/** The pilot's days, in UTC; its last day counts to its end. */
export function windowOf({ pilot }: Config): Window {
  return { startMs: Date.parse(pilot.start), endMs: Date.parse(pilot.end) + 86_400_000 }
}

/** The environment of production: what `workflow.match` selects, else the last that prompts are promoted to. */
export function productionOf({ workflow, evals }: Config): string {
  return workflow.match.environment ?? evals.promotion.environments.at(-1)! // at least one, by the schema
}
