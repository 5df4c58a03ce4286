import type { Attributes, Feedback, Json, RetrievedDocument, Score, SpanContent } from '../../core/span.js'
import type { RawSpan } from '../format.js'
import { type Field, sources } from './sources.js'

/** One flattened attribute: what follows its family's name and dot, its whole key, its value. */
export type Leaf = readonly [rest: string, key: string, value: Json]

/** A span in the making: what the one pass over its attributes found, and what dialects fill in. Local to one span. */
export interface Draft {
  readonly raw: RawSpan
  /** The names of its attributes, listed once. */
  readonly keys: readonly string[]
  /** By field number: the value of the best source so far, the source's rank, and the attribute it came from. */
  readonly values: (Json | undefined)[]
  readonly ranks: number[]
  readonly origins: (string | undefined)[]
  /** Flattened attributes (`llm.input_messages.0.…`) by their family (`llm.input_messages`). */
  families?: Map<string, Leaf[]>
  /** Attributes that landed in a field, beside `origins`. */
  readonly used: Set<string>
  /** Events that landed in a field, by index. */
  usedEvents?: Set<number>
  /** One bit for each dialect that has structure to read here. */
  marks: number
  readonly content: Pick<SpanContent, 'inputMessages' | 'outputMessages'> & { documents?: RetrievedDocument[] }
  settings?: Attributes
  variables?: Attributes
  /** Embedding vectors that were left out. */
  droppedVectors: number
  /** Input excluded the cache and the parts were added. */
  normalised: boolean
  readonly scores: Score[]
  readonly feedback: Feedback[]
  readonly problems: string[]
}

const fields = Object.keys(sources) as Field[]

/** Each field's place in `Draft.values`. */
export const fieldNumbers = Object.fromEntries(fields.map((field, number) => [field, number])) as Record<Field, number>

const noValues: undefined[] = fields.map(() => undefined)
const noRanks = fields.map(() => 1000)

/** A draft with nothing found yet. */
export function startDraft(raw: RawSpan): Draft {
  return {
    raw,
    keys: Object.keys(raw.attributes),
    values: noValues.slice(),
    ranks: noRanks.slice(),
    origins: noValues.slice(),
    used: new Set(),
    marks: 0,
    content: {},
    droppedVectors: 0,
    normalised: false,
    scores: [],
    feedback: [],
    problems: [],
  }
}

/** The flattened attributes of one family; undefined when there is none. */
export function leavesOf(draft: Draft, family: string): Leaf[] | undefined {
  return draft.families?.get(family)
}

/** Gives a field its value where no attribute had one; `origin` is the attribute that then leaves the rest. */
export function fill(draft: Draft, field: Field, value: Json | undefined, origin?: string): void {
  const number = fieldNumbers[field]
  if (value === undefined || draft.values[number] !== undefined) return
  draft.values[number] = value
  draft.origins[number] = origin
}

/** Gives a field its value, or none, before every convention. */
export function override(draft: Draft, field: Field, value: Json | undefined, origin: string | undefined): void {
  const number = fieldNumbers[field]
  draft.values[number] = value
  draft.ranks[number] = -1
  draft.origins[number] = origin
}

/** The field as JSON. */
export function jsonOf(draft: Draft, field: Field): Json | undefined {
  return draft.values[fieldNumbers[field]]
}

/** The field as text. */
export function textOf(draft: Draft, field: Field): string | undefined {
  const value = draft.values[fieldNumbers[field]]
  return typeof value === 'string' ? value : undefined
}

/** The field as a number. */
export function numberOf(draft: Draft, field: Field): number | undefined {
  const value = draft.values[fieldNumbers[field]]
  return typeof value === 'number' ? value : undefined
}

/** The field as a list of texts. */
export function textsOf(draft: Draft, field: Field): string[] | undefined {
  const value = draft.values[fieldNumbers[field]]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined
}
