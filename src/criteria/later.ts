import type { Measurement } from '../core/measurement.js'

/** The measurement of what only a command can tell that this version does not have. */
export function notInThisVersion(source: string, command: string): Measurement {
  return {
    measured: false,
    reason: `${source} (${command}) would tell; not in this version.`,
    next: command,
    later: true,
  }
}
