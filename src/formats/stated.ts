import type { Json, SpanKind } from '../core/span.js'
import type { Field } from './dialects/sources.js'

/** Counts are stated together, in `usage`. */
export type TokenField = 'inputTokens' | 'outputTokens' | 'cachedInput' | 'cacheWrite' | 'reasoning'

/**
 * What a platform states of a span in columns of its own. Values are as the export has them: null and '' say nothing, numbers
 * may be text, JSON may be packed in text.
 */
export interface Stated extends Partial<Record<Exclude<Field, TokenField | 'kind'>, Json | undefined>> {
  kind?: SpanKind | undefined
  /** All counts of one statement: where it names any, conventions' counts are not mixed in. */
  usage?: StatedUsage | undefined
  /** Model settings by their plain names. */
  settings?: Json | undefined
  /** What was retrieved: a list of objects. */
  documents?: Json | undefined
}

export interface StatedUsage {
  input?: Json | undefined
  output?: Json | undefined
  cachedInput?: Json | undefined
  cacheWrite?: Json | undefined
  reasoning?: Json | undefined
  /** The parts were added to `input` already. */
  normalised?: boolean | undefined
}
