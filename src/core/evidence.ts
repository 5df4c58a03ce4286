import type { QuestionStanding } from './ask/standing.js'
import type { CompletedCosts } from './completed-tally.js'
import type { ArmTimes } from './drill/arm-times.js'
import type { ArmComparison } from './drill/compare-arms.js'
import type { PeopleEvidence } from './people.js'
import type { PlatformFee } from './platform-fee.js'
import type { ProbeEvidence } from './probes/evidence.js'
import type { RecordedTests } from './prompts/recorded.js'
import type { RollbackEvidence } from './prompts/watch.js'
import type { SecurityRecord } from './security/worksheet.js'
import type { RequestOrigin, SpanKind } from './span.js'
import type { ContentField } from './trace.js'

/** A count of a total; the rate and its interval follow from both. */
export interface Share {
  x: number
  n: number
}

/** How many of the application's own requests of one origin have their trace. `requests = present + missing + outside`. */
export interface Coverage {
  requests: number
  present: number
  missing: number
  /** Joined, but only to traces that `workflow.match` does not select. */
  outside: number
  /** Of `present`: joined to more than one trace. */
  duplicate: number
  /** Of `present`: the trace began more than the tolerance away from the request's time. */
  late: number
  /** Some request ids of each sort, in order of time, for a look at the evidence. */
  examples: Record<'missing' | 'outside' | 'duplicate' | 'late', string[]>
}

export type TraceState = 'complete' | 'rootless' | 'several roots' | 'orphans' | 'unfinished'

/** Values in the order met, one per run or span, and how many of them were unknown. */
export interface Sample {
  values: number[]
  unknown: number
}

export const dimensions = ['model', 'tenant', 'user', 'workflow', 'step', 'prompt version', 'release'] as const
export type Dimension = (typeof dimensions)[number]

/** Cost and latency of one group of a dimension (`tenant` acme, …). The unit is a run, of model, step and prompt version a span. */
export interface Group {
  key: string
  latencyMs: Sample
  costUsd: Sample
  errors: Share
  tokens: { input: number; output: number }
}

/** Share of spans of one kind that carry one required field. */
export interface FieldCapture {
  kind: SpanKind
  field: RequiredField
  share: Share
}

export type RequiredField =
  | ContentField
  | 'prompt.name'
  | 'prompt.version'
  | 'model'
  | 'tokens'
  | 'cost'
  | 'user'
  | 'tenant'
  | 'session'
  | 'request'
  | 'environment'
  | 'release'
  | 'latency'

/** One metadata key over all selected runs. */
export interface MetadataKey {
  key: 'tenant' | 'user' | 'session' | 'request' | 'environment' | 'release' | 'workflow'
  /** Runs in which any span carries it. */
  present: Share
  /** At least, from 100,000 on. */
  distinct: number
  /** Sets of values that differ only in casing, spaces or separators: `Acme` and `acme`. */
  spellings: string[][]
  /** Runs whose spans disagree on the value. */
  conflicting: number
  /** True when nearly every run has its own value, which a tenant, release or environment must not. */
  tooManyValues: boolean
}

/** Retries or fallbacks: in all, and apart by where they are known from. A run may have both sorts, a span has one. */
export interface RepeatCount {
  runs: number
  spans: number
  /** Trace ids, at most ten. */
  examples: string[]
  stated: { runs: number; spans: number }
  inferred: { runs: number; spans: number }
}

/** What one pass over the selected runs of one platform counts. */
export interface RunTally {
  /** Traces that `workflow.match` selects inside the window. */
  runs: number
  /** All traces in the store for this platform, and those left out by the window. */
  traces: number
  outsideWindow: number
  /** When the first run began, and the last, epoch milliseconds; undefined while there is none. */
  firstRunMs: number | undefined
  lastRunMs: number | undefined
  /** Workflow names (else root names) with how many runs have them, most frequent first. */
  workflows: { name: string; runs: number }[]
  /** Root span names with how many traces have them, most frequent first, at most 20. */
  roots: { name: string; service?: string; traces: number; selected: number }[]
  states: Record<TraceState, number>
  runErrors: Share
  spanErrors: Share
  /** Runs in which a step was tried again, or another model answered than the one asked first. */
  retries: RepeatCount
  fallbacks: RepeatCount
  /** Spans with usage whose parent or descendants state usage too, so that a naive sum counts twice. */
  repeatedUsage: { spans: number; naive: { input: number; output: number }; counted: { input: number; output: number } }
  /** Production outputs (llm calls that answered) with prompt name and version. */
  promptMapped: Share
  unmapped: { name: string; spans: number; examples: string[] }[]
  promptVersions: { name: string; version: string; spans: number; runs: number }[]
  /** Runs whose cost is fully known: each counted usage span is stated or priced, and no call that answered is silent. */
  costKnown: Share
  costUsd: { stated: number | undefined; computed: number | undefined; unpricedSpans: number; unpricedModels: string[] }
  costPerRun: Sample
  costPerTask: CompletedCosts
  latencyPerRun: Sample
  /** Runs that can be assigned to a tenant; llm calls that name their model. */
  tenantKnown: Share
  modelKnown: Share
  /** Model calls, tool steps and retrievals whose duration is known. */
  stepsTimed: Share
  groups: Record<Dimension, Group[]>
  capture: FieldCapture[]
  metadata: MetadataKey[]
  /** Scores joined to selected runs. */
  scored: Share
}

/** What one detector found in the spans of a platform. */
export interface Leak {
  rule: string
  spans: number
  /** Trace ids, at most ten. */
  examples: string[]
}

/** How long diagnoses took here, and how that stands to the baseline. */
export interface ArmEvidence {
  times: ArmTimes
  /** Undefined for the baseline itself, and without one. */
  comparison: ArmComparison | undefined
  baseline: ArmTimes | undefined
  lastAttemptMs: number | undefined
}

/** All that the criteria may use of one platform, read once. */
export interface Evidence {
  platform: string
  role: 'candidate' | 'baseline'
  tally: RunTally
  /** Requests of the window by origin; `undefined` until a request log was ingested. */
  coverage: Record<RequestOrigin, Coverage> | undefined
  /** Why requests and traces cannot be joined at all (no ids in common); then coverage is not measured. */
  unjoinable: string | undefined
  feedback: { total: number; joined: number }
  /** Of this platform as an arm of drills; undefined while no attempt is stored at all. */
  debugging: ArmEvidence | undefined
  /** What people logged: hours, tasks, use. */
  people: PeopleEvidence
  /** How far its runs answer the production questions; of each platform the same ones. */
  questions: QuestionStanding[]
  /** What the platform itself costs a month. */
  platformFee: PlatformFee
  /** What runs show of rollbacks of prompts. */
  rollbacks: RollbackEvidence
  /** Questions of the security review, and what was answered of this platform. */
  security: SecurityRecord
  /** What the active tests found. */
  probes: ProbeEvidence
  /** The tests of its prompt versions as they were recorded last; undefined where they never were. */
  promptTests: RecordedTests | undefined
  /** What detectors found in this platform's exports before it was redacted here. */
  found: Leak[]
  sources: { path: string; format: string; state: 'complete' | 'incomplete' | 'interrupted'; problems: number }[]
  /** Traces that were taken out for good, the oldest purge first. */
  purged: PurgedTraces[]
}

/** What one purge took out of one platform. */
export interface PurgedTraces {
  /** Epoch milliseconds. */
  timeMs: number
  /** Null where it is not shown how many, since a few may be one person's; of what was brought back it is not known. */
  traces: number | null
  /** True where an ingest brought back what was purged. */
  isRestored: boolean
}
