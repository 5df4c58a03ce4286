import type { Evidence } from './evidence.js'
import type { Measurement, Target, Unit } from './measurement.js'

/** The eight lines of the final review, in the order in which the meeting takes them. */
export const reviewLines = [
  'instrumentation effort',
  'trace completeness',
  'debugging value',
  'prompt management',
  'eval integration',
  'production safety',
  'team adoption',
  'cost fit',
] as const
export type ReviewLine = (typeof reviewLines)[number]

/** What a measure must know beside the evidence. */
export interface MeasureContext {
  /** The detectors that `capture.privacy` had on: without one, "nothing found" means nothing. */
  detectors: readonly string[]
  /** Epoch milliseconds. */
  nowMs: number
}

/** One question about the pilot, with its unit and the target that a team starts from. */
export interface Criterion {
  id: string
  /** As the scorecard prints it; at most 28 columns. */
  title: string
  line: ReviewLine
  unit: Unit
  defaultTarget: Target
  /** Whether `pilot init` makes it a must. */
  mustByDefault: boolean
  /** The command line that prints the numbers behind it; absent while no command of this version measures it. */
  query?: string
  /** Never throws and never guesses: what the evidence does not hold is not measured, with the reason. */
  measure(evidence: Evidence, context: MeasureContext): Measurement
}
