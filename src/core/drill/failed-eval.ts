import type { Score } from '../span.js'

const failing = /^(?:fail(?:ed|ure)?|incorrect|wrong|bad|no|false)$/i

/** True when a judgement is a failed eval: by its label, below the team's own bound for its name, else at 0 or less. */
export function failsEval(
  { name, label, value }: Pick<Score, 'name' | 'label' | 'value'>,
  failBelow: Readonly<Record<string, number>>,
): boolean {
  const bound = Object.hasOwn(failBelow, name) ? failBelow[name] : undefined
  if (bound !== undefined && value !== undefined) return value < bound
  if (label !== undefined) return failing.test(label.trim())
  return value !== undefined && value <= 0
}
