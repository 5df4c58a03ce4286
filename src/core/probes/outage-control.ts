import type { Share } from '../evidence.js'
import { summarise } from '../summary.js'
import type { AnsweredRequest, Control, SampleKind, Sampling, WorkloadRun } from './outage.js'
import type { ControlRequest } from './outage-lateness.js'

/**
 * The control from two runs without a fault, and its requests by their number; a line of text where they cannot serve as
 * one. The first run gives the times; the second tells how much they vary.
 */
export function controlOf(
  kind: SampleKind,
  first: WorkloadRun,
  second: WorkloadRun,
): { control: Control; pairs: Map<number, ControlRequest> } | string {
  const again = new Map(second.requests.map((request) => [request.number, request]))
  const both = first.requests.flatMap((a) => {
    const b = again.get(a.number)
    return a.ok && b?.ok ? [[a, b] as const] : []
  })
  const fault = faultOf(first, second, both)
  if (fault !== undefined) return fault
  const peaks = [first, second].flatMap(({ peakBytes }) => peakBytes ?? [])
  const pairs = new Map(both.map(([{ number, ms, answer }, { ms: againMs }]) => [number, { ms, againMs, answer }]))
  const control = {
    kind,
    requests: pairs.size,
    exitCode: first.exitCode,
    // The slower of the two: what the application takes by itself is not the platform's.
    exitDelayMs: larger(first.exitDelayMs, second.exitDelayMs),
    totalMs: Math.max(first.totalMs, second.totalMs),
    exitSlackMs: slackOf(kind, first, second),
    peakBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
    errorLines: Math.max(first.errorLines, second.errorLines),
    latency: summarise({ values: both.flatMap(([{ ms }]) => ms ?? []), unknown: 0 }),
    again: summarise({ values: both.flatMap(([a, b]) => differenceOf(b.ms, a.ms)), unknown: 0 }),
    hasSameAnswers: both.every(([a, b]) => a.answer !== undefined && a.answer === b.answer),
    received: first.received,
  }
  return { control, pairs }
}

function faultOf(first: WorkloadRun, second: WorkloadRun, both: readonly (readonly AnsweredRequest[])[]) {
  if (first.isKilled || second.isKilled) return 'it was still running at the limit'
  if (first.exitCode !== second.exitCode) return `it ended with ${first.exitCode}, then with ${second.exitCode}`
  if (both.length === 0) return 'no request was answered'
  if (first.received.posts === 0) return 'nothing was sent to the endpoint, so that no fault would be met'
  return undefined
}

/** Less than this no clock of a busy machine tells apart. */
const leastSlackMs = 100

function slackOf(kind: SampleKind, first: WorkloadRun, second: WorkloadRun): number {
  const [a, b] = [first, second].map((run) => (kind === 'process' ? run.totalMs : (run.exitDelayMs ?? 0)))
  return Math.max(leastSlackMs, Math.abs(a! - b!)) // there are two
}

function differenceOf(later: number | undefined, earlier: number | undefined): number[] {
  return later === undefined || earlier === undefined ? [] : [later - earlier]
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b)
}

/** How many of the requests left a trace: a sampled share, and what a full queue drops. */
export function samplingOf(requests: number, traces: number): Sampling {
  const share: Share = { x: Math.min(requests, traces), n: requests }
  return { requests, traces, share }
}
