import type { Config } from '../config/schema.js'
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

/** The pilot's days, in UTC; its last day counts to its end. */
export function windowOf({ pilot }: Config): Window {
  return { startMs: Date.parse(pilot.start), endMs: Date.parse(pilot.end) + 86_400_000 }
}
