import type { Json, Score } from '../core/span.js'

/**
 * A judgement's value as platforms state it: a number counts, a yes or no is 1 or 0 under its word, text is a label, a structure
 * is its JSON. Empty where it says nothing.
 */
export function judgedValue(value: Json | undefined): Pick<Score, 'value' | 'label'> {
  if (value === undefined || value === null || value === '') return {}
  if (typeof value === 'number') return Number.isFinite(value) ? { value } : {}
  if (typeof value === 'boolean') return { value: value ? 1 : 0, label: String(value) }
  return { label: typeof value === 'string' ? value : JSON.stringify(value) }
}

/** As `judgedValue`, of a person: yes and no are thumbs. */
export function personsValue(value: Json | undefined): Pick<Score, 'value' | 'label'> {
  return typeof value === 'boolean' ? { label: value ? 'up' : 'down' } : judgedValue(value)
}
