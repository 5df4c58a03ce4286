import type { Score } from '../span.js'

/** Beyond which number a judgement is a failed eval, by its name. */
export interface EvalBounds {
  below: Readonly<Record<string, number>>
  above: Readonly<Record<string, number>>
}

const failing = /^(?:fail(?:ed|ure)?|incorrect|wrong|bad|no|false)$/i
const passing = /^(?:pass(?:ed)?|correct|right|good|yes|true)$/i

/**
 * Whether a judgement is a failed eval: by the team's own bounds for its name, else by its label. Undefined where neither tells: a
 * bare number does not, since 0 is the best of some scores (toxicity) and the worst of others.
 */
export function failsEval(
  { name, label, value }: Pick<Score, 'name' | 'label' | 'value'>,
  { below, above }: EvalBounds,
): boolean | undefined {
  const lowest = Object.hasOwn(below, name) ? below[name] : undefined
  const highest = Object.hasOwn(above, name) ? above[name] : undefined
  if (value !== undefined && (lowest !== undefined || highest !== undefined))
    return value < (lowest ?? Number.NEGATIVE_INFINITY) || value > (highest ?? Number.POSITIVE_INFINITY)
  const word = label?.trim() ?? ''
  if (failing.test(word)) return true
  return passing.test(word) ? false : undefined
}

/** Whether a run failed an eval; undefined where its scores do not tell. */
export function evaluationOf(scores: readonly Score[], bounds: EvalBounds): 'yes' | 'no' | 'not evaluated' | undefined {
  if (scores.length === 0) return 'not evaluated'
  const told = scores.map((score) => failsEval(score, bounds))
  if (told.includes(true)) return 'yes'
  return told.includes(false) ? 'no' : undefined
}
