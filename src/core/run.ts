import { costOf, type TraceCost } from './cost.js'
import type { Pricer } from './prices.js'
import { runLatencyMs, type TraceStructure } from './structure.js'
import type { Trace, TraceSpan } from './trace.js'
import { countedUsage, modelCalls, type UsageCount } from './usage.js'

/** One selected trace with all that follows from its spans. */
export interface Run {
  trace: Trace
  structure: TraceStructure
  /** The span that stands for the run. */
  root: TraceSpan
  /** The model calls, without wrappers around them. */
  calls: TraceSpan[]
  usage: UsageCount
  cost: TraceCost
  /** Milliseconds; undefined where the root is lost or has not ended. */
  latencyMs: number | undefined
}

/** Reads a trace as a run of the workflow. */
export function readRun(trace: Trace, structure: TraceStructure, root: TraceSpan, price: Pricer): Run {
  const usage = countedUsage(trace, structure)
  return {
    trace,
    structure,
    root,
    calls: modelCalls(trace, structure),
    usage,
    cost: costOf(trace, structure, usage, price),
    latencyMs: runLatencyMs(structure, root),
  }
}

/** Tool calls, retrievals, embeddings and rerankings, and the model calls: what `step` means. In order of start. */
export function stepsOf({ trace, calls }: Pick<Run, 'trace' | 'calls'>): TraceSpan[] {
  const isCall = new Set(calls)
  return trace.spans.filter((span) => isCall.has(span) || stepKinds.has(span.kind))
}

const stepKinds: ReadonlySet<string> = new Set(['tool', 'retriever', 'embedding', 'reranker'])

/** The model that a span asked for, else the one that answered. */
export function modelOf({ requestModel, responseModel }: TraceSpan): string | undefined {
  return requestModel || responseModel || undefined
}

/** `name@version` of the prompt of a span; undefined unless both are known. */
export function promptKey({ promptName, promptVersion }: TraceSpan): string | undefined {
  return promptName && promptVersion ? `${promptName}@${promptVersion}` : undefined
}
