import type { Criterion } from '../core/criterion.js'
import { measureShare } from './share.js'

/** Share of runs whose cost is fully known: every span that spent tokens is stated or priced. */
export const costPerRun: Criterion = {
  id: 'cost-per-run',
  title: 'Runs with a known cost',
  line: 'cost fit',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: false,
  query: "pilot cost --json | jq '.platforms[].costKnown'",
  measure({ tally: { costKnown, costUsd } }) {
    const unpriced = `no price for ${costUsd.unpricedModels.join(', ')}`
    return measureShare(costKnown, {
      counted: 'runs have a fully known cost',
      none: 'No run was selected.',
      next: 'pilot cost',
      note: costUsd.unpricedModels.length > 0 ? unpriced : undefined,
      evidence: [
        'rule: each span whose usage counts has a stated or a computed cost',
        `${costUsd.unpricedSpans} spans are unpriced`,
      ],
    })
  },
}
