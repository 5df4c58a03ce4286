import type { Criterion } from '../core/criterion.js'
import type { ArmTimes } from '../core/drill/arm-times.js'
import type { ArmEvidence } from '../core/evidence.js'
import { wilson } from '../core/stats/proportion.js'

/** Median minutes to diagnose a bad output, by timed drills; wrong and given-up attempts last until the time-box. */
export const debugTime: Criterion = {
  id: 'debug-time',
  title: 'Time to diagnose (median)',
  line: 'debugging value',
  unit: 'minutes',
  defaultTarget: { comparison: '<', value: 10 },
  mustByDefault: true,
  query: "pilot drill report --json | jq '.arms[].median'",
  measure({ platform, debugging }) {
    if (debugging === undefined || debugging.times.judged === 0) return notMeasured(platform, debugging)
    const { times } = debugging
    return {
      measured: true,
      // A median that was not reached is longer than every time that was seen.
      value: times.median ?? Number.POSITIVE_INFINITY,
      unit: 'minutes',
      n: times.judged,
      interval: { low: times.low ?? 0, high: times.high ?? Number.POSITIVE_INFINITY },
      note: [withinText(times), ...againstBaseline(debugging)].join('; '),
      evidence: [
        'rule: diagnosed when all required answers match the key, the cause included; else the attempt lasts until the time-box',
        'method: Kaplan-Meier median, 95 % interval by log-log; the verdict is by its upper bound',
        `attempts: ${times.diagnosed} diagnosed, ${times.wrong} wrong, ${times.gaveUp} given up, ${times.timeboxed} ended by the time-box`,
        ...(times.unjudged > 0 ? [`${times.unjudged} more wait for a confirmed cause: pilot drill key`] : []),
        ...(times.statedClocks > 0 ? [`${times.statedClocks} were timed by hand`] : []),
      ],
    }
  },
}

function notMeasured(platform: string, debugging: ArmEvidence | undefined) {
  const { unjudged = 0, open = 0 } = debugging?.times ?? {}
  if (unjudged > 0)
    return {
      measured: false,
      reason: `${unjudged} attempts wait for a confirmed cause.`,
      next: 'pilot drill key',
    } as const
  const reason = open > 0 ? `None of ${open} attempts has ended.` : `No drill was worked on ${platform}.`
  return { measured: false, reason, next: 'pilot drill start' } as const
}

function withinText({ within: { x, n }, limitMinutes }: ArmTimes): string {
  const { low, high } = wilson(x, n)
  return `${x} of ${n} under ${limitMinutes} min (95 % CI ${percent(low)}-${percent(high)} %)`
}

const percent = (share: number) => (share * 100).toFixed(1)

function againstBaseline({ baseline, comparison }: ArmEvidence): string[] {
  if (baseline === undefined || comparison === undefined || baseline.judged === 0) return []
  const median = baseline.median === undefined ? 'not reached' : `${Number(baseline.median.toFixed(1))} min`
  const p = comparison.test === 'log-rank' ? comparison.logRank?.p : comparison.paired.p
  return [
    `${baseline.arm} ${median}, ${comparison.test} ${p === undefined ? 'not measured' : `p ${Number(p.toPrecision(2))}`}`,
  ]
}
