import type { Share } from '../evidence.js'
import type { Summary } from '../summary.js'
import type { FaultFigures } from './outage-verdict.js'

/** One request of the workload, as it states it or as it was timed. */
export interface AnsweredRequest {
  /** Its place in the run, from 1 on. */
  number: number
  /** Undefined where nothing tells it. */
  ms: number | undefined
  ok: boolean
  /** What it answered, or the hash of it; undefined where nothing tells it. */
  answer: string | undefined
}

/** What the endpoint counted of one run. A record is a span, or an event of a platform with an envelope of its own. */
export interface Received {
  /** HTTP requests. */
  posts: number
  bytes: number
  /** Traces and records that it has, each counted once. */
  traces: number
  records: number
  /** Copies of records that it had already. */
  twice: number
  /** Traces and records that came and were turned away, and that it has not. */
  refusedTraces: number
  refusedRecords: number
  /** Records that were turned away first, and that it has in the end. */
  recovered: number
  /** Of a platform that was out: whether it was asked again when it worked. */
  isBack?: boolean
  /** Bodies in which no record could be found. */
  unread: number
}

/** How samples come: lines that the command states, pilot's own calls of its endpoint, or the run as a whole. */
export type SampleKind = 'lines' | 'http' | 'process'

/** One run of the workload against one endpoint. */
export interface WorkloadRun {
  requests: AnsweredRequest[]
  /** Undefined where it was ended by a signal. */
  exitCode: number | undefined
  /** Whether it was still there at the limit, and was ended. */
  isKilled: boolean
  /** Milliseconds from the last request, or from the word to end, to its exit; of one that was killed, until then. Undefined without a request. */
  exitDelayMs: number | undefined
  /** Milliseconds from its start to its exit. */
  totalMs: number
  /** Largest resident memory, and how much it grew over the second half of the requests; undefined where nothing tells it. */
  peakBytes: number | undefined
  grewBytes: number | undefined
  /** The hash of all that it printed. */
  printed: string
  errorLines: number
  /** The first line on standard error that tells of an error that nobody caught, and the last one of all: text of a stranger. */
  uncaught: string | undefined
  lastError: string
  /** Records that it said to have dropped. */
  saidDropped: number
  received: Received
}

/** What a run is held to. */
export interface OutageLimits {
  expect: 'open' | 'closed'
  exitBudgetMs: number
  /** Of a request: what it may take longer than in the control, the larger of the two. */
  latencyBudget: { ms: number; share: number }
  memoryBudgetBytes: number
}

/** The runs without a fault, which every other run is held against. */
export interface Control {
  kind: SampleKind
  /** Requests that were answered in both runs. */
  requests: number
  exitCode: number | undefined
  exitDelayMs: number | undefined
  totalMs: number
  /** Milliseconds that two exits may differ by chance: what the two runs do, at least 100. */
  exitSlackMs: number
  peakBytes: number | undefined
  errorLines: number
  /** What requests took, in milliseconds. */
  latency: Summary
  /** Milliseconds that requests took longer in the second run than in the first. */
  again: Summary
  /** Whether both runs answered alike, so that answers can be compared. */
  hasSameAnswers: boolean
  received: Received
}

/** Traces that came of so many requests: of many, or of the control. */
export interface Sampling {
  requests: number
  traces: number
  /** Requests with a trace, at most one each. */
  share: Share
}

/** What `pilot probe outage` found. */
export interface OutageResult {
  limits: OutageLimits
  /** The faults of pilot.yaml; of a complete run every one stands in `faults`. */
  wanted: string[]
  isComplete: boolean
  /** Why it is not complete. */
  stopped?: string
  control: Control
  /** With `probes.outage.volume`: the same at high volume. */
  volume?: Sampling
  faults: FaultFigures[]
}
