import { mergeVersions } from '../../core/merge.js'
import type { Span } from '../../core/span.js'

/** Spans that may wait for their end at one time; older ones are handed on as they are, and meet their end in the store. */
const mostWaiting = 10_000

/** Joins the halves of spans that stand near each other, so that most spans are written once. */
export function createPairs() {
  const waiting = new Map<string, Span>()
  const keyOf = ({ traceId, spanId }: Span) => JSON.stringify([traceId, spanId])
  return {
    /** The spans that are ready once these halves came. */
    add(halves: readonly Span[], hasEnded: boolean): Span[] {
      const ready: Span[] = []
      for (const half of halves) {
        const key = keyOf(half)
        const other = waiting.get(key)
        waiting.delete(key)
        const span = other ? mergeVersions([other, half]) : half
        if (hasEnded) ready.push(span)
        else waiting.set(key, span)
      }
      for (const [key, oldest] of waiting) {
        if (waiting.size <= mostWaiting) break
        waiting.delete(key)
        ready.push(oldest)
      }
      return ready
    },
    /** Those that never ended. */
    rest: (): Span[] => [...waiting.values()],
  }
}
