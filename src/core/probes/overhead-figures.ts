import { quantile } from '../stats/quantile.js'
import type { AppRun, FigureId } from './overhead.js'

export type FigureUnit = 'ms' | 'bytes' | 'count' | 'per second'

interface FigureKind {
  id: FigureId
  title: string
  unit: FigureUnit
  /** Undefined where the run does not tell it. */
  read(run: AppRun): number | undefined
  /** Why it is not measured, where no run tells it. */
  reason: string
}

const ofSystem = 'this system does not tell it of other programs; Linux does'
const ofTraffic = 'the traffic does not go to {endpoint}'

/** Every figure of the report, in its order. */
export const figureKinds: readonly FigureKind[] = [
  latency('p50', 0.5),
  latency('p95', 0.95),
  latency('p99', 0.99),
  { id: 'cpu', title: 'CPU per request', unit: 'ms', read: ({ cpuMs }) => cpuMs, reason: ofSystem },
  {
    id: 'memory',
    title: 'largest resident memory',
    unit: 'bytes',
    read: ({ memoryBytes }) => memoryBytes,
    reason: `${ofSystem}, where a process lives long enough to be looked at`,
  },
  {
    id: 'event-loop',
    title: 'event-loop delay p95',
    unit: 'ms',
    read: ({ loopMs }) => (loopMs.length === 0 ? undefined : quantileOf(loopMs, 0.95)),
    reason: 'the lines of the workload do not state loopMs with instrumentation off and on',
  },
  {
    id: 'sent-requests',
    title: 'requests sent per run',
    unit: 'count',
    read: ({ sent }) => sent?.requests,
    reason: ofTraffic,
  },
  { id: 'sent-bytes', title: 'bytes sent per run', unit: 'bytes', read: ({ sent }) => sent?.bytes, reason: ofTraffic },
  {
    id: 'exit',
    title: 'delay at exit',
    unit: 'ms',
    read: ({ exitMs }) => exitMs,
    reason: 'where a process is a request, its exit is part of it',
  },
  {
    id: 'throughput',
    title: 'requests per second',
    unit: 'per second',
    read: ({ perSecond }) => perSecond,
    reason: 'no request was answered',
  },
  {
    id: 'failed',
    title: 'failed requests per run',
    unit: 'count',
    read: ({ failed }) => failed,
    reason: 'nothing was run',
  },
  {
    id: 'error-lines',
    title: 'lines on standard error',
    unit: 'count',
    read: ({ errorLines }) => errorLines,
    reason: 'nothing was run',
  },
]

/** The figures that a run tells. */
export function figuresOf(run: AppRun): Partial<Record<FigureId, number>> {
  return Object.fromEntries(
    figureKinds.flatMap(({ id, read }) => {
      const value = read(run)
      return value === undefined ? [] : [[id, value]]
    }),
  )
}

/** A quantile needs 1 / (1 − p) requests: with fewer it is the slowest of them. */
function latency(id: FigureId, p: number): FigureKind {
  const needed = Math.round(1 / (1 - p))
  return {
    id,
    title: `latency ${id}`,
    unit: 'ms',
    read: ({ ms }) => (ms.length < needed ? undefined : quantileOf(ms, p)),
    reason: `a run needs ${needed} requests that succeed`,
  }
}

function quantileOf(values: readonly number[], p: number): number {
  return quantile(Float64Array.from(values).sort(), p)
}
