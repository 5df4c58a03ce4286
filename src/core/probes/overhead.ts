import type { Share } from '../evidence.js'

/** The application without instrumentation, and with it. */
export type Arm = 'off' | 'on'

/** How much is run: what decides how narrow an interval can get. */
export interface OverheadSettings {
  /** Requests of a run that are measured. */
  requests: number
  /** Requests of a run before those, which are dropped. */
  warmup: number
  /** Pairs of runs at each concurrency, one run of each arm. */
  pairs: number
  /** Requests at the same time; each is measured by itself. */
  concurrency: readonly number[]
  /** Of the order in each pair. */
  seed: number
}

/** What was seen of one run of the application. */
export interface AppRun {
  /** Milliseconds of each request after the warm-up that succeeded. */
  ms: readonly number[]
  /** Requests after the warm-up that did not. */
  failed: number
  /** Delay of the event loop in milliseconds, as the workload states it. */
  loopMs: readonly number[]
  /** Processor time of the whole process in milliseconds for each of its requests; undefined where the system tells none. */
  cpuMs?: number | undefined
  /** Largest resident memory, in bytes. */
  memoryBytes?: number | undefined
  /** What the sink got until the process was gone; undefined where the traffic goes elsewhere. */
  sent?: { requests: number; bytes: number } | undefined
  /** From the last answer, or from being told to end, until the process was gone. */
  exitMs?: number | undefined
  /** Requests answered in a second, the start of the process included where it is the workload. */
  perSecond?: number | undefined
  /** Lines on standard error. */
  errorLines: number
}

/** Two runs one after the other; in a check both are `off`. */
export interface RunPair {
  first: Arm
  off: AppRun
  on: AppRun
}

export const figureIds = [
  'p50',
  'p95',
  'p99',
  'cpu',
  'memory',
  'event-loop',
  'sent-requests',
  'sent-bytes',
  'exit',
  'throughput',
  'failed',
  'error-lines',
] as const
export type FigureId = (typeof figureIds)[number]

/** One figure over all pairs of a concurrency: mean of each arm, and what instrumentation adds. */
export interface PairedFigure {
  figure: FigureId
  /** Pairs in which both runs have it. */
  n: number
  off?: number
  on?: number
  /** Mean of the paired differences with its 95 % t interval, p of their sign-flip test and of the t test; absent under two pairs. */
  added?: { mean: number; low: number; high: number; p: number; tP: number }
  /** Why it is not measured. */
  reason?: string
}

/** What was measured at one concurrency. */
export interface OverheadLevel {
  concurrency: number
  /** The same for `off` against `off`, of the latencies alone: what the method finds where there is nothing. */
  check: PairedFigure[]
  figures: PairedFigure[]
  /** Requests that failed. */
  failed: Record<Arm, Share>
  /** Pairs, counted from 1, whose added p95 lies far from that of the others. */
  outliers: number[]
  /** Arms whose first run was far slower than the others. */
  slowFirst: Arm[]
}

/** What the samples are: lines of the workload, its processes, or calls of an endpoint. */
export type SampleWay = 'lines' | 'process' | 'http'

/** What the probe found. */
export interface OverheadResult {
  way: SampleWay
  /** Where instrumented traffic went: to the sink of pilot, or where the team's own settings say. */
  traffic: 'sink' | 'own'
  settings: OverheadSettings
  /** What pilot.yaml had at that time. */
  declared: OverheadSettings
  /** Load average of a minute before the first run; undefined where the system tells none. */
  machine: { cores: number; load?: number }
  levels: OverheadLevel[]
  /** The figures of each run that counted, in the order of the runs. */
  runs: KeptRun[]
}

export interface KeptRun {
  concurrency: number
  part: 'check' | 'pairs'
  /** Counted from 1. */
  pair: number
  arm: Arm
  isFirst: boolean
  figures: Partial<Record<FigureId, number>>
}

/** The measurement that decides: at the largest concurrency of pilot.yaml; undefined where that was not run. */
export function judgedLevel({ declared, levels }: OverheadResult): OverheadLevel | undefined {
  const largest = Math.max(...declared.concurrency)
  return levels.find(({ concurrency }) => concurrency === largest)
}
