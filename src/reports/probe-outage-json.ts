import type { ProbeRun } from '../core/probes/evidence.js'
import type { OutageResult, Received, Sampling } from '../core/probes/outage.js'
import { samplingOf } from '../core/probes/outage-control.js'
import { isAsWanted, requestsAsWanted, unwantedRequests } from '../core/probes/outage-summary.js'
import type { FaultFigures } from '../core/probes/outage-verdict.js'
import { wilson } from '../core/stats/proportion.js'
import type { Summary } from '../core/summary.js'
import { boundsJson } from './json.js'

/** A run of the outage matrix as `--json` prints it: bytes and milliseconds, null for what is not measured. */
export function outageJson({ id, platform, startedMs, endedMs, result }: ProbeRun<OutageResult>) {
  const { limits, wanted, isComplete, stopped, control, volume, faults } = result
  const { latency, again, received, ...more } = control
  const unlike = faults.map((each) => unwantedRequests(each, limits.expect))
  return {
    run: id,
    platform,
    startedMs,
    endedMs,
    complete: isComplete,
    stopped: stopped ?? null,
    limits,
    wanted,
    asWanted: isAsWanted(result),
    requestsUnlikeExpectation: unlike.reduce((sum, each) => sum + each, 0),
    control: {
      ...nulls(more),
      latencyMs: summaryJson(latency),
      againMs: summaryJson(again),
      received: received satisfies Received,
      sampling: samplingJson(samplingOf(control.requests, received.traces)),
    },
    volume: volume === undefined ? null : samplingJson(volume),
    faults: faults.map((each) => faultJson(each, limits.expect)),
  }
}

function faultJson(figures: FaultFigures, expect: 'open' | 'closed') {
  const { fault, requests, added, exit, memory, account, received, limitMs, runs, errorLines } = figures
  return {
    fault,
    requests: { ...requests, asWanted: requestsAsWanted(figures, expect) },
    addedMs: summaryJson(added),
    limitMs,
    runs,
    exit: nulls(exit),
    memory: nulls(memory),
    account,
    received,
    errors: { lines: errorLines, uncaught: figures.uncaught ?? null },
  }
}

function summaryJson({ n, unknown, percentiles }: Summary) {
  const [p50, p95, p99] = percentiles.map(({ value, interval }) => ({ value, interval: boundsJson(interval) }))
  return { n, unknown, p50: p50 ?? null, p95: p95 ?? null, p99: p99 ?? null }
}

function samplingJson({ requests, traces, share: { x, n } }: Sampling) {
  return { requests, traces, share: n === 0 ? null : x / n, interval: n === 0 ? null : boundsJson(wilson(x, n)) }
}

/** Undefined values as null, so that every key is there. */
function nulls(figures: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, value ?? null]))
}
