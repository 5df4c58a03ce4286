import type { Usage } from './span.js'
import type { Tokens } from './usage.js'

/** Whose export a line of a bill comes from, told by its content. */
export const billingShapes = [
  'openrouter',
  'openai usage',
  'openai costs',
  'anthropic usage',
  'anthropic cost',
  'litellm',
  'portkey',
  'other',
] as const
export type BillingShape = (typeof billingShapes)[number]

/** One line of a provider's or gateway's bill: a call, or a bucket of calls. What it does not state is unknown, not 0. */
export interface BillingLine {
  shape: BillingShape
  /** The vendor's id of the one call that the line bills; absent on buckets. */
  id?: string | undefined
  /** What tells the line from others of its export where it has no id: its cells without its figures. Kept as a hash only. */
  identity: string
  /** True where equal identities in one file are several lines (calls without an id), not one line twice. */
  mayRepeat: boolean
  /** Epoch milliseconds: when the call was made, or the bucket begins. */
  startMs: number
  /** When the bucket ends (excluded), or the call; unknown where only a start is stated. */
  endMs?: number | undefined
  provider?: string | undefined
  model?: string | undefined
  /** US dollars; below 0 for a credit. */
  costUsd?: number | undefined
  /** How many calls it bills; unknown on a line of costs. */
  calls?: number | undefined
  /** `input` includes cache reads and writes, `output` includes reasoning. */
  usage?: Usage | undefined
}

/** A stored line: what reconciling reads of it. */
export type BilledLine = Omit<BillingLine, 'identity' | 'mayRepeat' | 'usage'> & {
  usage?: Partial<Tokens> | undefined
}

/** True when a line bills one call as such, not a bucket that holds one, so that it can be set against one call of a trace. */
export function isOneCall({ id, calls, endMs }: Pick<BilledLine, 'id' | 'calls' | 'endMs'>): boolean {
  return calls === 1 && (id !== undefined || endMs === undefined)
}

/** The UTC day of a line, `2026-03-02`; undefined where it reaches over more than one, or its time is in no calendar. */
export function dayOfLine({ startMs, endMs }: Pick<BilledLine, 'startMs' | 'endMs'>): string | undefined {
  const day = dayOf(startMs)
  if (day === undefined || endMs === undefined || endMs <= startMs) return day
  // The end is excluded: a bucket up to midnight is one of the day before.
  return dayOf(endMs - 1) === day ? day : undefined
}

/** The UTC day of a moment; undefined beyond the years of a calendar with four digits. */
export function dayOf(ms: number | undefined): string | undefined {
  if (ms === undefined || !(ms >= -62_167_219_200_000 && ms < 253_402_300_800_000)) return undefined
  return new Date(ms).toISOString().slice(0, 10)
}
