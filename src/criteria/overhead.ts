import type { Criterion } from '../core/criterion.js'
import type { Measurement } from '../core/measurement.js'
import type { ProbeRun } from '../core/probes/evidence.js'
import { judgedLevel, type OverheadResult } from '../core/probes/overhead.js'
import { differing, doubtsOf, warningsOf } from '../core/probes/overhead-doubts.js'

/** Latency that tracing adds to a request, at the 95th percentile. */
export const overhead: Criterion = {
  id: 'overhead',
  title: 'Added latency (p95)',
  line: 'production safety',
  unit: 'ms',
  defaultTarget: { comparison: '<=', value: 50 },
  mustByDefault: false,
  query: "pilot probe overhead --history --json | jq '.runs'",
  measure: ({ platform, probes }) => measureOverhead(platform, probes.overhead),
}

/** What a probe says of the criterion. */
export function measureOverhead(platform: string, run: ProbeRun<OverheadResult> | undefined): Measurement {
  const next = 'pilot probe overhead'
  if (run === undefined) return { measured: false, reason: `No overhead of ${platform} was probed.`, next }
  const { result } = run
  const level = judgedLevel(result)
  if (level === undefined)
    return {
      measured: false,
      reason: `The last probe had concurrency ${result.settings.concurrency.join(', ')}; pilot.yaml has ${result.declared.concurrency.join(', ')}, and the largest decides.`,
      next,
    }
  const { added, n, reason } = level.figures.find(({ figure }) => figure === 'p95')! // a level has every figure
  if (added === undefined) return { measured: false, reason: `p95: ${reason}.`, next }
  const [doubt] = doubtsOf(result)
  const notes = [...(doubt === undefined ? [] : [doubt]), ...differing(result.settings, result.declared)]
  return {
    measured: true,
    value: added.mean,
    unit: 'ms',
    n,
    interval: { low: added.low, high: added.high },
    isMean: true,
    ...(doubt !== undefined && { doubt }),
    ...(notes.length > 0 && { note: notes.join('; ') }),
    evidence: [
      `probe ${run.id}: ${n} pairs of runs, off and on, of ${result.settings.requests} requests each at concurrency ${level.concurrency}`,
      'method: mean of the paired differences of p95, Student t interval over pairs; the verdict is by its upper bound, and an interval wider than the target meets nothing',
      `sign-flip test of no difference: p ${Number(added.p.toPrecision(2))}`,
      trafficLine(result),
      ...warningsOf(result),
    ],
  }
}

function trafficLine({ traffic }: OverheadResult): string {
  return traffic === 'sink'
    ? 'instrumented traffic went to a sink on this machine that answers at once; a slow platform is another question'
    : "instrumented traffic went where the application's own settings say"
}
