import type { Criterion } from '../core/criterion.js'
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
      note: `${retries.runs} with a retry, ${fallbacks.runs} with a fallback; inferred`,
      evidence: [
        'rule: inferred, since no convention marks them: a step that failed is followed by the same step, or by another model',
        `retries: ${retries.spans} spans in ${retries.runs} runs; fallbacks: ${fallbacks.spans} spans in ${fallbacks.runs} runs`,
        ...exampleLine('retried', retries.examples),
        ...exampleLine('answered by another model', fallbacks.examples),
      ],
    }
  },
}
