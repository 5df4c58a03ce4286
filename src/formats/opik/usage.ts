import type { Json } from '../../core/span.js'
import { readProviderUsage } from '../bodies/counts.js'
import { count } from '../dialects/readers.js'
import type { JsonObject } from '../json.js'
import type { StatedUsage } from '../stated.js'

const prefix = 'original_usage.'

/**
 * Usage as Opik keeps it: its own counts, beside the provider's under `original_usage.` with dotted keys.
 *
 * Opik's counts of Anthropic and Bedrock are no use: its SDK adds cache reads to the prompt and cache writes to the completion.
 * Where the provider's own counts make up what Opik states, they are taken instead.
 */
export function readOpikUsage(usage: JsonObject): StatedUsage {
  const original: JsonObject = Object.create(null)
  for (const key of Object.keys(usage)) if (key.startsWith(prefix)) original[key.slice(prefix.length)] = usage[key]!
  const provider = readProviderUsage(original)
  const own = readProviderUsage(usage)
  const [input, output] = [amount(own?.input), amount(own?.output)]
  if (own === undefined || (input ?? output) === undefined) return provider ?? {}
  if (provider?.normalised && isMadeOf(provider, (input ?? 0) + (output ?? 0))) return provider
  return {
    ...own,
    cachedInput: own.cachedInput ?? provider?.cachedInput,
    cacheWrite: own.cacheWrite ?? provider?.cacheWrite,
    reasoning: own.reasoning ?? provider?.reasoning,
  }
}

/** True when what Opik counts in all is the provider's counts, with, partly with or without the cache. */
function isMadeOf({ input, output, cachedInput, cacheWrite }: StatedUsage, stated: number): boolean {
  const whole = (amount(input) ?? 0) + (amount(output) ?? 0)
  const [read, written] = [amount(cachedInput) ?? 0, amount(cacheWrite) ?? 0]
  return [whole, whole - read, whole - written, whole - read - written].includes(stated)
}

const amount = (value: Json | undefined) => count(value ?? null)
