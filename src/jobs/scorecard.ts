import type { LoadedConfig } from '../config/load.js'
import { lockState, readLock } from '../config/lock.js'
import type { Evidence } from '../core/evidence.js'
import { defaultDetectors } from '../core/privacy/detectors/index.js'
import { assembleScorecard, type Scorecard } from '../core/scorecard.js'
import { criteria } from '../criteria/index.js'
import { readEvidence } from './evidence.js'
import { workspaceOf } from './workspace.js'

/** The scorecard of a pilot as the store has it now. Throws `PilotError` if nothing was ingested. */
export function readScorecard(loaded: LoadedConfig, nowMs: number): Scorecard {
  return scorecardOf(loaded, readEvidence(workspaceOf(loaded).open('read'), loaded.config), nowMs)
}

/** The scorecard that some evidence makes, under the config and lock of today. */
export function scorecardOf(loaded: LoadedConfig, evidence: readonly Evidence[], nowMs: number): Scorecard {
  const { config, directory } = loaded
  const { name, start, end, candidates, baseline } = config.pilot
  const lock = lockState(config, readLock(directory))
  return assembleScorecard({
    pilot: {
      name,
      start,
      end,
      candidates: candidates.map(({ id }) => id),
      ...(baseline !== undefined && { baseline }),
    },
    criteria: config.criteria,
    catalogue: criteria,
    minimumN: config.workflow.volume.min,
    evidence,
    context: { detectors: detectorsOn(config.capture.privacy ?? []) },
    review: config.review,
    security: { sign_off: config.security.sign_off },
    lock,
    nowMs,
  })
}

/** The detectors that looked at every text: the default ones and those of the rules, unless a rule says `store`. */
function detectorsOn(rules: readonly { detect?: readonly string[]; do: string }[]): string[] {
  const asked = new Map<string, string>(defaultDetectors.map((name) => [name, 'redact']))
  for (const { detect, do: action } of rules) for (const name of detect ?? []) asked.set(name, action)
  return [...asked].filter(([, action]) => action !== 'store').map(([name]) => name)
}
