import type { Json } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import { isObject, type JsonObject } from '../json.js'
import type { StatedUsage } from '../stated.js'

/** Reads the token counts of one rollout in their order. */
export interface CodexCounts {
  /** What one model call used; undefined for a count that repeats the one before, is empty or is an estimate. */
  next(info: Json | undefined): StatedUsage | undefined
}

/**
 * Counts state the whole session so far and the last call. Only the last call is taken, once: the same count is written again
 * whenever rate limits change, and totals would count every call many times.
 */
export function createCounts(): CodexCounts {
  let before: string | undefined
  return {
    next(info) {
      if (!isObject(info)) return undefined
      const last = info.last_token_usage
      const total = info.total_token_usage
      // After a compaction the last call is an estimate of the new context; the totals stay as they were.
      const mark = markOf(isObject(total) ? total : isObject(last) ? last : {})
      const isRepeated = mark === before
      before = mark
      return isRepeated || !isObject(last) ? undefined : usageOf(last)
    },
  }
}

function markOf(counts: JsonObject): string {
  return [counts.input_tokens, counts.cached_input_tokens, counts.output_tokens, counts.total_tokens]
    .map((part) => count(part ?? null) ?? '')
    .join(' ')
}

function usageOf(last: JsonObject): StatedUsage | undefined {
  const input = count(last.input_tokens ?? null)
  const output = count(last.output_tokens ?? null)
  if ((input ?? 0) + (output ?? 0) === 0) return undefined
  return {
    input,
    output,
    cachedInput: last.cached_input_tokens,
    cacheWrite: last.cache_write_input_tokens,
    reasoning: last.reasoning_output_tokens,
  }
}
