import type { Case, Output } from '../../../core/eval/case.js'

/** What an application made of a case, why it failed, or why there is nothing to judge. */
export type Produced = { output: Output } | { failure: string } | { missing: string }

/** Which output of a case is made. */
export interface OutputPlace {
  /** Of the run, and of no other: a server that bills equal requests once must not give one run the answers of another. */
  run: string
  /** From 1. */
  repeat: number
}

/** What makes the outputs of a run. */
export interface Target {
  /** In words, as reports show it. */
  name: string
  /** Of all that decides an output. */
  hash: string
  prompt?: string
  release?: string
  /** Whether an output costs money or time, so that each is kept at once. */
  isDear: boolean
  /** US dollars that these cases will cost about, and how that was reckoned; undefined where nobody knows. */
  estimate?(cases: readonly Case[], repeats: number): { usd: number; basis: string } | undefined
  /** The output of one case; never throws for what the application does. */
  produce(given: Case, place: OutputPlace, signal: AbortSignal): Promise<Produced> | Produced
}
