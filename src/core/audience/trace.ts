import type { FeedbackKind, SpanKind, SpanStatus } from '../span.js'
import { durationMs } from '../structure.js'
import type { Trace, TraceSpan } from '../trace.js'
import type { Names } from './names.js'
import { hourOf } from './traces.js'

/** What one run is made of, without a word of it. */
export interface RunShape {
  platform: string
  /** The UTC hour in which it began, epoch milliseconds. */
  hourMs: number | undefined
  tokens: { input: number | undefined; output: number | undefined }
  costUsd: number | undefined
  /** Parents before children. */
  steps: StepShape[]
  feedback: { kind: FeedbackKind; value: number | undefined }[]
  scores: { name: string; value: number | undefined }[]
}

/** One span of it, by a name that may be shown. */
export interface StepShape {
  depth: number
  step: string
  kind: SpanKind
  latencyMs: number | undefined
  inputTokens: number | undefined
  outputTokens: number | undefined
  costUsd: number | undefined
  status: SpanStatus
  prompt: string | undefined
  model: string | undefined
}

interface ShapeInput {
  trace: Trace
  branches: readonly { span: TraceSpan; depth: number }[]
  tokens: RunShape['tokens']
  cost: { computed: ReadonlyMap<string, number>; total: number | undefined }
  feedback: readonly { kind: FeedbackKind; value?: number }[]
  scores: readonly { name: string; value?: number }[]
}

/** The shape of a run; `branches` are its spans in their places. */
export function runShape({ trace, branches, tokens, cost, feedback, scores }: ShapeInput, names: Names): RunShape {
  return {
    platform: trace.platform,
    hourMs: hourOf(trace.spans.find(({ startMs }) => startMs !== undefined)?.startMs),
    tokens: { input: tokens.input, output: tokens.output },
    costUsd: cost.total,
    steps: branches.map(({ span, depth }) => stepShape(span, depth, cost.computed.get(span.spanId), names)),
    feedback: feedback.map(({ kind, value }) => ({ kind, value })),
    scores: scores.map(({ name, value }) => ({ name: names.of('score', name), value })),
  }
}

function stepShape(span: TraceSpan, depth: number, computedUsd: number | undefined, names: Names): StepShape {
  const { name, kind, status, usage, promptName, promptVersion } = span
  const model = span.responseModel ?? span.requestModel
  return {
    ...{ depth, step: names.of('step', name), kind, latencyMs: durationMs(span), status },
    inputTokens: usage?.input,
    outputTokens: usage?.output,
    costUsd: span.costUsd ?? computedUsd,
    prompt: promptName === undefined ? undefined : promptLabel(promptName, promptVersion, names),
    model: model === undefined ? undefined : names.of('model', model),
  }
}

function promptLabel(name: string, version: string | undefined, names: Names): string {
  const prompt = names.of('prompt', name)
  return version === undefined ? prompt : `${prompt}@${names.of('version', version)}`
}
