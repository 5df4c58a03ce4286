import type { Config } from '../config/schema.js'
import { PilotError } from '../core/errors.js'
import type { Evidence } from '../core/evidence.js'
import type { Window } from '../core/select.js'

/** Candidates first, then the baseline. */
export function platformsOf(config: Config): { platform: string; role: Evidence['role'] }[] {
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
  const known = platformsOf(config).map(({ platform }) => platform)
  if (named === undefined) {
    const [only, ...others] = config.pilot.candidates
    if (only !== undefined && others.length === 0) return only.id
    throw new PilotError('Several candidates are under pilot.', {
      hint: `${ask}: --platform ${known.join(' | ')}.`,
    })
  }
  if (known.includes(named)) return named
  throw new PilotError(`pilot.yaml names no platform ${named}.`, { hint: `It names ${known.join(', ')}.` })
}

/** The pilot's days, in UTC; its last day counts to its end. */
export function windowOf({ pilot }: Config): Window {
  return { startMs: Date.parse(pilot.start), endMs: Date.parse(pilot.end) + 86_400_000 }
}

/** The environment of production: what `workflow.match` selects, else the last that prompts are promoted to. */
export function productionOf({ workflow, evals }: Config): string {
  return workflow.match.environment ?? evals.promotion.environments.at(-1)! // at least one, by the schema
}
