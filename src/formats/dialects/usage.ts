import type { Usage } from '../../core/span.js'

/**
 * Usage with an input that includes its cache parts. Where they exceed the stated input, the source excluded them: they are
 * added, and it is marked as normalised. Totals are never read. Undefined when nothing is stated.
 */
export function inclusiveUsage(stated: Usage): Usage | undefined {
  const { input, output, cachedInput, cacheWrite, reasoning } = stated
  if ((input ?? output ?? cachedInput ?? cacheWrite ?? reasoning) === undefined) return undefined
  const cache = (cachedInput ?? 0) + (cacheWrite ?? 0)
  if (input === undefined || cache <= input) return stated
  return { ...stated, input: input + cache, normalised: true }
}
