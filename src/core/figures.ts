import { costOf } from './cost.js'
import type { Pricer } from './prices.js'
import type { SpanKind } from './span.js'
import { readStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'
import { addTokens, countedUsage, noTokens, type Tokens, tokensOrNull } from './usage.js'

/** What is in a store, whatever the window and `workflow.match` say; the keys of `pilot data --json`. Null is unknown. */
export interface Figures {
  spans: number
  traces: number
  /** Spans that name no parent. */
  roots: number
  /** Spans whose parent is not in their trace. */
  orphans: number
  spansByKind: Partial<Record<SpanKind, number>>
  errorSpans: number
  /** Over spans whose usage counts; null while none states the count. */
  tokens: Record<keyof Tokens, number | null>
  /** Over all spans. */
  tokensNaive: Record<'input' | 'output', number | null>
  costUsd: { stated: number | null; computed: number | null; unpricedSpans: number }
  /** The requested names, in order of name. */
  models: string[]
  promptVersions: { name: string; version: string; spans: number }[]
  /** Earliest start and latest end, epoch milliseconds. */
  startMs: number | null
  endMs: number | null
}

/** The figures of traces, in one pass. */
export function measureFigures(traces: Iterable<Trace>, price: Pricer): Figures {
  const counts = noCounts()
  const [tokens, naive] = [noTokens(), noTokens()]
  const models = new Set<string>()
  const versions = new Map<string, PromptVersion>()
  for (const trace of traces) {
    const structure = readStructure(trace)
    const usage = countedUsage(trace, structure)
    const cost = costOf(trace, structure, usage, price)
    counts.traces += 1
    counts.roots += structure.roots.length
    counts.orphans += structure.orphans.length
    addTokens(tokens, usage.tokens)
    addTokens(naive, usage.naive)
    counts.costUsd.stated = plus(counts.costUsd.stated, cost.stated)
    counts.costUsd.computed = plus(counts.costUsd.computed, cost.computed)
    counts.costUsd.unpricedSpans += cost.unpriced.length
    for (const span of trace.spans) {
      addSpan(counts, span)
      addVersion(versions, span)
      if (span.requestModel) models.add(span.requestModel)
    }
  }
  return {
    ...counts,
    tokens: tokensOrNull(tokens),
    tokensNaive: { input: naive.input ?? null, output: naive.output ?? null },
    models: [...models].sort(),
    promptVersions: [...versions.values()].sort((a, b) => order(a.name, b.name) || order(a.version, b.version)),
  }
}

type PromptVersion = Figures['promptVersions'][number]
type Counts = Omit<Figures, 'tokens' | 'tokensNaive' | 'models' | 'promptVersions'>

function noCounts(): Counts {
  const costUsd = { stated: null, computed: null, unpricedSpans: 0 }
  return {
    spans: 0,
    traces: 0,
    roots: 0,
    orphans: 0,
    errorSpans: 0,
    spansByKind: {},
    costUsd,
    startMs: null,
    endMs: null,
  }
}

function addSpan(counts: Counts, { kind, status, startMs, endMs }: TraceSpan): void {
  counts.spans += 1
  counts.spansByKind[kind] = (counts.spansByKind[kind] ?? 0) + 1
  if (status === 'error') counts.errorSpans += 1
  if (startMs !== undefined) counts.startMs = Math.min(counts.startMs ?? startMs, startMs)
  if (endMs !== undefined) counts.endMs = Math.max(counts.endMs ?? endMs, endMs)
}

function addVersion(versions: Map<string, PromptVersion>, span: TraceSpan): void {
  const { promptName: name, promptVersion: version } = span
  if (!name || !version) return
  const key = JSON.stringify([name, version])
  const entry = versions.get(key) ?? { name, version, spans: 0 }
  entry.spans += 1
  versions.set(key, entry)
}

function plus(sum: number | null, value: number | undefined): number | null {
  return value === undefined ? sum : (sum ?? 0) + value
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
