import type { SpanContent, ToolCall } from './span.js'
import { stepName } from './step.js'
import type { TraceStructure } from './structure.js'
import type { TraceSpan } from './trace.js'

/** A span as one that calls, or may have been called. */
interface Callable {
  span: TraceSpan
  /** True for a tool, a retrieval, an embedding or a reranking. */
  isAct: boolean
  content: SpanContent
  /** The calls with which it answered; empty unless it planned. */
  calls: readonly ToolCall[]
}

interface TakenCall {
  plan: TraceSpan
  call: ToolCall
  /** The spans that carried it out. */
  steps: TraceSpan[]
}

interface Callers {
  /** The plan that called a span. */
  calledBy: Map<TraceSpan, TraceSpan>
  /** The calls of each plan. */
  taken: Map<TraceSpan, TakenCall[]>
}

/**
 * Finds which plan called which step, of spans in order of start: by the id of the call; of a repeat, what called the failure;
 * by the name of the tool, of the latest plan before it whose call is not taken yet; else by its place directly under a plan.
 * A span of another kind is called where its name is that of a call that no such step took.
 */
export function readCallers(
  spans: readonly Callable[],
  { parents }: TraceStructure,
  failures: ReadonlyMap<TraceSpan, TraceSpan>,
): Callers {
  const taken = new Map<TraceSpan, TakenCall[]>()
  const callOf = new Map<TraceSpan, TakenCall>()
  const calledBy = new Map<TraceSpan, TraceSpan>()
  const byId = new Map<string, TakenCall>()
  const take = (span: TraceSpan, call: TakenCall) => {
    call.steps.push(span)
    callOf.set(span, call)
    calledBy.set(span, call.plan)
  }
  let open = openCalls()
  for (const { span, isAct, content, calls } of spans) {
    if (calls.length > 0) {
      const made = calls.map((call): TakenCall => ({ plan: span, call, steps: [] }))
      taken.set(span, made)
      for (const each of made) if (each.call.id !== undefined) byId.set(each.call.id, each)
      open.add(made)
    }
    if (!isAct) continue
    const { toolCallId, toolName } = content
    const failure = failures.get(span)
    const parent = parents.get(span)
    const byPlace = parent && taken.get(parent)?.[0]
    const call =
      (toolCallId === undefined ? undefined : byId.get(toolCallId)) ??
      (failure && callOf.get(failure)) ??
      open.next(toolName ?? stepName(span), toolCallId) ??
      (byPlace?.call.name === undefined ? byPlace : undefined)
    if (call) take(span, call)
    else if (byPlace) calledBy.set(span, byPlace.plan)
  }
  open = openCalls()
  for (const { span, isAct } of spans) {
    open.add(taken.get(span) ?? [])
    const call = isAct || span.kind === 'llm' ? undefined : open.next(span.name)
    if (call) take(span, call)
  }
  return { calledBy, taken }
}

/** Calls that no step took so far, by name. */
function openCalls() {
  const byName = new Map<string, TakenCall[]>()
  return {
    add(calls: readonly TakenCall[]): void {
      // The first call of the latest plan is the next to be taken.
      for (const each of calls.toReversed()) {
        if (each.call.name === undefined) continue
        const others = byName.get(each.call.name)
        if (others) others.push(each)
        else byName.set(each.call.name, [each])
      }
    },
    /** The next of this name, unless it has another id. */
    next(name: string, id?: string): TakenCall | undefined {
      const calls = byName.get(name)
      while (calls && calls.length > 0 && calls.at(-1)!.steps.length > 0) calls.pop()
      const call = calls?.at(-1)
      return id === undefined || call?.call.id === undefined ? call : undefined
    },
  }
}
