import type { Criterion } from '../core/criterion.js'

/** Runs that carry an eval score. None is not measured: scores are often exported apart from traces. */
export const evalsConnected: Criterion = {
  id: 'evals-connected',
  title: 'Runs with an eval score',
  line: 'eval integration',
  unit: 'count',
  defaultTarget: { comparison: '>=', value: 30 },
  mustByDefault: false,
  query: "pilot data --json | jq '.platforms[].scores'",
  measure({ tally: { scored } }) {
    if (scored.x === 0) {
      const reason = 'No score came with the traces, or from a file of its own.'
      return { measured: false, reason, next: 'pilot ingest <scores> --as scores' }
    }
    return {
      measured: true,
      value: scored.x,
      unit: 'count',
      n: scored.n,
      x: scored.x,
      evidence: [`${scored.x} of ${scored.n} runs carry a score, by trace id`],
    }
  },
}
