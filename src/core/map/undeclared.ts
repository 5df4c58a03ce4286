import { entryOf } from '../keys.js'
import type { SpanKind } from '../span.js'
import { stepName } from '../step.js'
import type { TraceSpan } from '../trace.js'
import type { DeclaredMap, Taken } from './declared.js'

/** A name of LLM work that the map does not declare. */
export interface UndeclaredName {
  name: string
  kind: SpanKind
  spans: number
  runs: number
  /** One trace that has it. */
  example: string
}

/** How many names there are, and the most frequent of them. */
export interface Undeclared {
  names: number
  shown: UndeclaredName[]
}

const mostShown = 20

/** Counts what no line of the map names, of all kinds but `other`; a root, and what steps are declared to stand under, is named. */
export function undeclaredTally(map: DeclaredMap) {
  const names = new Map<string, UndeclaredName & { lastRun: string }>()
  return {
    add(root: TraceSpan, spans: readonly TraceSpan[], taken: readonly Taken[]): void {
      const declared = new Set(taken.map(({ span }) => span))
      for (const span of spans) {
        if (span.kind === 'other' || span === root || declared.has(span)) continue
        const name = stepName(span)
        if (map.parents.has(span.name) || map.parents.has(name)) continue
        const { kind, traceId } = span
        const entry = entryOf(names, JSON.stringify([name, kind]), (key) => ({
          ...(key === '(others)' ? { name: key, kind: 'other' as const } : { name, kind }),
          spans: 0,
          runs: 0,
          example: traceId,
          lastRun: '',
        }))
        entry.spans += 1
        if (entry.lastRun !== traceId) entry.runs += 1
        entry.lastRun = traceId
      }
    },
    result: (): Undeclared => ({
      names: names.size,
      shown: [...names.values()]
        .sort((a, b) => b.spans - a.spans || (a.name < b.name ? -1 : 1))
        .slice(0, mostShown)
        .map(({ lastRun: _, ...shown }) => shown),
    }),
  }
}
