import type { Usage } from './span.js'
import { readStructure, type TraceStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'

/** Sums of token counts; undefined until one span states the count, since unknown is not 0. */
export type Tokens = Record<Exclude<keyof Usage, 'normalised'>, number | undefined>

/** The usage of one trace. */
export interface UsageCount {
  /** Spans whose own usage counts: no descendant states any. In order of start. */
  counted: TraceSpan[]
  /** How many spans state usage that a descendant states too. */
  repeated: number
  tokens: Tokens
  /** What a sum over all spans would say. */
  naive: Tokens
}

/** True when a span states how many tokens it took; `{}` and cache counts alone state nothing. */
export function statesUsage({ usage }: TraceSpan): boolean {
  return usage?.input !== undefined || usage?.output !== undefined
}

/** The usage of a trace by "the deepest usage wins": parents repeat what their children state, or contradict it. */
export function countedUsage(trace: Trace, structure: TraceStructure = readStructure(trace)): UsageCount {
  const stated = trace.spans.filter(statesUsage)
  const counted = deepest(stated, structure)
  const count = { counted, repeated: stated.length - counted.length, tokens: noTokens(), naive: noTokens() }
  for (const { usage } of counted) addTokens(count.tokens, usage)
  for (const { usage } of stated) addTokens(count.naive, usage)
  return count
}

/** Those of `spans` that are no ancestor of another of them. Linear: each span of the trace is passed upwards once. */
export function deepest(spans: readonly TraceSpan[], { parents }: Pick<TraceStructure, 'parents'>): TraceSpan[] {
  const above = ancestorsOf(spans, parents)
  return spans.filter((span) => !above.has(span))
}

/** All ancestors of `spans`. */
export function ancestorsOf(spans: readonly TraceSpan[], parents: TraceStructure['parents']): Set<TraceSpan> {
  const above = new Set<TraceSpan>()
  for (const span of spans) {
    for (let parent = parents.get(span); parent && !above.has(parent); parent = parents.get(parent)) above.add(parent)
  }
  return above
}

/** The model calls of a trace: llm spans without an llm descendant, since one with such is a wrapper around the call. */
export function modelCalls({ spans }: Trace, structure: TraceStructure): TraceSpan[] {
  return deepest(
    spans.filter(({ kind }) => kind === 'llm'),
    structure,
  )
}

/** Sums of which nothing is known yet. */
export function noTokens(): Tokens {
  return { input: undefined, output: undefined, cachedInput: undefined, cacheWrite: undefined, reasoning: undefined }
}

const tokenKinds = ['input', 'output', 'cachedInput', 'cacheWrite', 'reasoning'] as const

/** Adds what is known to the sums in place: one pass adds millions of spans. */
export function addTokens(sums: Tokens, usage: Partial<Tokens> | undefined): void {
  if (usage === undefined) return
  for (const kind of tokenKinds) {
    const count = usage[kind]
    if (count !== undefined) sums[kind] = (sums[kind] ?? 0) + count
  }
}

/** Sums as JSON writes them: null is unknown. */
export function tokensOrNull({ input, output, cachedInput, cacheWrite, reasoning }: Tokens) {
  return {
    input: input ?? null,
    output: output ?? null,
    cachedInput: cachedInput ?? null,
    cacheWrite: cacheWrite ?? null,
    reasoning: reasoning ?? null,
  }
}
