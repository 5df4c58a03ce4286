import { entryOf } from '../keys.js'
import type { Span, SpanKind } from '../span.js'
import { stepName } from '../step.js'

/** A step as traces show it: what `workflow.map` may say of it. */
export interface ObservedStep {
  step: string
  kind: SpanKind
  under: string
  /** Fewest and most in one trace; 0 where a trace has none. */
  times: { min: number; max: number }
  /** Traces that have it. */
  traces: number
  /** The prompt, where all of its spans that name one name the same. */
  prompt: string | undefined
  /** The models asked, most frequent first. */
  models: string[]
}

type StepSpan = Pick<Span, 'spanId' | 'parentId' | 'name' | 'kind' | 'requestModel' | 'responseModel' | 'promptName'>

interface Entry {
  step: Pick<ObservedStep, 'step' | 'kind' | 'under'>
  traces: number
  min: number
  max: number
  prompts: Set<string>
  models: Map<string, { model: string; spans: number }>
}

const maxSteps = 30
const maxModels = 5

/**
 * Steps of traces, one trace at a time: a name, its kind and the name right above it. Plumbing (HTTP, databases) is no step of
 * the workflow, and a span whose parent is not in the trace stands under nothing.
 */
export function observedSteps() {
  const entries = new Map<string, Entry>()
  let traces = 0
  return {
    add(spans: readonly StepSpan[]): void {
      traces += 1
      const names = new Map(spans.map((span) => [span.spanId, stepName(span)]))
      const counts = new Map<Entry, number>()
      for (const span of spans) {
        const under = names.get(span.parentId ?? '')
        if (span.kind === 'other' || !under) continue
        const entry = entryFor(entries, { step: stepName(span), kind: span.kind, under })
        counts.set(entry, (counts.get(entry) ?? 0) + 1)
        // Two names are as good as many: a step has one prompt or none.
        if (span.promptName && entry.prompts.size < 2) entry.prompts.add(span.promptName)
        if (span.requestModel) entryOf(entry.models, span.requestModel, (model) => ({ model, spans: 0 })).spans += 1
      }
      for (const [entry, count] of counts) {
        entry.traces += 1
        entry.min = Math.min(entry.min, count)
        entry.max = Math.max(entry.max, count)
      }
    },
    /** The steps in at least this share of the traces, most frequent first; a rarer one is an exception, or has an id in its name. */
    result(minShare: number): ObservedStep[] {
      return [...entries.values()]
        .filter((entry) => entry.traces >= traces * minShare)
        .sort((a, b) => b.traces - a.traces)
        .slice(0, maxSteps)
        .map((entry) => stepOf(entry, traces))
    },
  }
}

function entryFor(entries: Map<string, Entry>, step: Entry['step']): Entry {
  return entryOf(entries, JSON.stringify([step.step, step.kind, step.under]), () => ({
    step,
    traces: 0,
    min: Number.POSITIVE_INFINITY,
    max: 0,
    prompts: new Set(),
    models: new Map(),
  }))
}

function stepOf({ step, traces, min, max, prompts, models }: Entry, ofTraces: number): ObservedStep {
  const [prompt, another] = prompts
  return {
    ...step,
    times: { min: traces < ofTraces ? 0 : min, max },
    traces,
    prompt: another === undefined ? prompt : undefined,
    models: [...models.values()]
      .sort((a, b) => b.spans - a.spans)
      .slice(0, maxModels)
      .map(({ model }) => model),
  }
}
