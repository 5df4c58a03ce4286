import { modelOf, type Run } from '../run.js'
import { runValue, startOf, workflowOf } from '../select.js'
import type { Trace, TraceSpan } from '../trace.js'

/** What people and evaluators said of one run. */
export interface RunJudgements {
  /** Mean of each score by its name. */
  scores: ReadonlyMap<string, number>
  /** Mean of each rating that people gave, by its name; empty for one without. */
  ratings: ReadonlyMap<string, number>
  /** Undefined where nobody gave a thumb; true if any was down. */
  isThumbsDown: boolean | undefined
  /** Undefined where the platform has no escalation at all: then nobody recorded them. */
  isEscalated: boolean | undefined
}

/** A run as far as its time and its versions go. */
export interface VersionRun {
  traceId: string
  startMs: number
  /** `production`, `replay`, `synthetic` or `not logged`. */
  origin: string
  environment: string | undefined
  release: string | undefined
  /** Of all its spans, each once. */
  prompts: { name: string; version: string }[]
}

/** What a comparison keeps of a run: numbers and names, no text. */
export interface ReleaseRun extends VersionRun, RunJudgements {
  tenant: string | undefined
  workflow: string
  /** Each model that was asked, once. */
  models: string[]
  isError: boolean
  latencyMs: number | undefined
  costUsd: number | undefined
}

/** The time and the versions of a run; undefined where nobody knows when it began. */
export function toVersionRun(trace: Trace, root: TraceSpan, origin: string): VersionRun | undefined {
  const startMs = startOf(trace)
  if (startMs === undefined) return undefined
  return {
    traceId: trace.traceId,
    startMs,
    origin,
    environment: runValue(trace, root, 'environment'),
    release: runValue(trace, root, 'release') || undefined,
    prompts: promptsOf(trace),
  }
}

function promptsOf({ spans }: Trace): VersionRun['prompts'] {
  const prompts: VersionRun['prompts'] = []
  for (const { promptName: name, promptVersion: version } of spans) {
    if (!name || !version) continue
    if (!prompts.some((each) => each.name === name && each.version === version)) prompts.push({ name, version })
  }
  return prompts
}

/** A run with what was measured and said of it. Written out, since spreads would make a hundred thousand slow objects. */
export function toReleaseRun(
  { traceId, startMs, origin, environment, release, prompts }: VersionRun,
  { trace, root, calls, latencyMs, cost }: Run,
  { scores, ratings, isThumbsDown, isEscalated }: RunJudgements,
): ReleaseRun {
  return {
    traceId,
    startMs,
    origin,
    environment,
    release,
    prompts,
    scores,
    ratings,
    isThumbsDown,
    isEscalated,
    tenant: runValue(trace, root, 'tenant'),
    workflow: workflowOf(trace, root),
    models: [...new Set(calls.flatMap((call) => modelOf(call) ?? []))],
    isError: root.status === 'error',
    latencyMs,
    costUsd: cost.total,
  }
}
