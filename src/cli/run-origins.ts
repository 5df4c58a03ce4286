import { PilotError } from '../core/errors.js'
import type { RunOrigin } from '../jobs/workflow-runs.js'

/** The origins that `--include` names, with commas or one by one. Throws `PilotError` for one that there is not. */
export function parseOrigins(include: readonly string[] = []): RunOrigin[] {
  return include.flatMap((list) => list.split(',')).map(originOf)
}

function originOf(word: string): RunOrigin {
  const origin = ({ replay: 'replay', synthetic: 'synthetic', 'not-logged': 'not logged' } as const)[
    word.trim() as 'replay'
  ]
  if (origin !== undefined) return origin
  throw new PilotError(`--include takes replay, synthetic and not-logged, not ${JSON.stringify(word)}.`)
}
