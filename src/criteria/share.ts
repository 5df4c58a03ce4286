import type { Share } from '../core/evidence.js'
import type { Measurement } from '../core/measurement.js'
import { wilson } from '../core/stats/proportion.js'

interface Words {
  /** Why there is nothing to count, when n is 0. */
  none: string
  /** The command that would bring the evidence. */
  next: string
  /** What was counted, for the first line of evidence: `runs have …`. */
  counted: string
  note?: string
  evidence?: readonly string[]
}

/** A count of a total as a measurement, with its 95 % Wilson score interval; not measured when the total is 0. */
export function measureShare({ x, n }: Share, { none, next, counted, note, evidence = [] }: Words): Measurement {
  if (n === 0) return { measured: false, reason: none, next }
  const method = `${x} of ${n} ${counted}; 95 % Wilson score interval`
  const interval = wilson(x, n)
  return { measured: true, value: x / n, unit: 'share', n, x, interval, note, evidence: [method, ...evidence] }
}
