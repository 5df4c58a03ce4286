import type { Question } from './questions.js'

/** Why a run is a problem, in the order in which incidents are taken; `dear` and `slow` are outliers of the workflow's own runs. */
export const signals = [
  'error',
  'escalation',
  'thumbs down',
  'failed eval',
  'fallback',
  'retry',
  'slow',
  'dear',
] as const
export type Signal = (typeof signals)[number]

/** A bad request, joined to its trace on each platform that has one. */
export interface Incident {
  /** `i1`, `i2` … within its drill. */
  id: string
  requestId?: string
  /** Epoch milliseconds. */
  timeMs?: number
  tenant?: string
  user?: string
  /** Why it was picked; none where a person named it. */
  signals: Signal[]
  /** What a person complained in words. */
  complaint?: string
  traces: { platform: string; traceId: string }[]
}

/** Timed questions about some incidents; everything a later report depends on is kept as it was when the drill was made. */
export interface Drill {
  /** The UTC day it was made, `2026-03-10`, or `2026-03-10-2` for the second of a day. */
  id: string
  madeMs: number
  /** How the incidents were picked, in words. */
  rule: string
  seed: number
  timeboxMs: number
  /** Platforms that are compared: the candidates, then the baseline. */
  arms: string[]
  /** The last of the arms, where it is what the team has today. */
  baseline?: string
  questions: Question[]
  /** Aliases in the order of their seats; whoever else takes part gets a seat by the hash of the alias. */
  engineers: string[]
  incidents: Incident[]
}
