import type { Criterion } from '../core/criterion.js'
import type { RepeatCount } from '../core/evidence.js'
import { exampleLine } from './examples.js'

/** Runs in which a retry or a fallback can be seen. None seen is not measured: there may have been none. */
export const retriesVisible: Criterion = {
  id: 'retries-visible',
  title: 'Runs that show a retry',
  line: 'debugging value',
  unit: 'count',
  defaultTarget: { comparison: '>=', value: 1 },
  mustByDefault: false,
  query: "pilot latency --json | jq '.platforms[].retries'",
  measure({ tally: { retries, fallbacks, runs } }) {
    // One run may show both, and the tally does not say which: the larger count is the least that is certain.
    const value = Math.max(retries.runs, fallbacks.runs)
    if (value === 0) {
      const reason = 'No run shows a retry or a fallback: none happened, or the platform hides them.'
      return { measured: false, reason, next: 'pilot latency' }
    }
    return {
      measured: true,
      value,
      unit: 'count',
      n: runs,
      x: value,
      note: `${retries.runs} with a retry, ${fallbacks.runs} with a fallback; ${basesOf(retries, fallbacks)}`,
      evidence: [
        'rule: stated where the export says so; else inferred: a step that failed is followed by the same step, or by another model',
        `retries: ${countText(retries)}`,
        `fallbacks: ${countText(fallbacks)}`,
        ...exampleLine('retried', retries.examples),
        ...exampleLine('answered by another model', fallbacks.examples),
      ],
    }
  },
}

function basesOf(...counts: RepeatCount[]): string {
  return (['stated', 'inferred'] as const).filter((basis) => counts.some((each) => each[basis].spans > 0)).join(' and ')
}

/** `3 spans in 2 runs (stated 1 span in 1 run, …)` without a plural that has to fit. */
function countText({ spans, runs, stated, inferred }: RepeatCount): string {
  const apart = `stated ${stated.spans} in ${stated.runs}, inferred ${inferred.spans} in ${inferred.runs}`
  return `${spans} spans in ${runs} runs (${apart})`
}
