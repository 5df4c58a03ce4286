import type { FileReport } from './ingest-report.js'

/** What came in at a receiver, and what became of it. */
export interface ReceiveReport {
  /** Where it listened, such as `http://127.0.0.1:4318`. */
  address: string
  stoppedBy: 'interrupt' | 'time' | 'spans'
  /** What was stored, as of a file that holds all requests. */
  stored: FileReport
  /** Requests that were answered with 200. */
  taken: number
  /** Of those: what holds no traces → how many. */
  skipped: Record<string, number>
  /** Why requests were not taken → how many. */
  refused: Record<string, number>
  /** Why spans of requests that were taken are not stored → how many. */
  rejectedSpans: Record<string, number>
  /** Undefined where nothing was to be sent on. */
  forward: ForwardReport | undefined
  /** True when this, the first data, locked the criteria. */
  lockedNow: boolean
}

/** What became of requests that were to be sent on: each is forwarded, failed or pending. */
export interface ForwardCounts {
  forwarded: number
  failed: number
  pending: number
  /** Why some failed → how many. */
  failures: Record<string, number>
  /** Spans that the platform said it had not taken, of requests that it had. */
  rejectedSpans: number
}

export interface ForwardReport extends ForwardCounts {
  to: string
}
