import type { Criterion } from '../core/criterion.js'
import { measureShare } from './share.js'

/** Share of model calls that name their model, so that cost can be told by model. */
export const costByModel: Criterion = {
  id: 'cost-by-model',
  title: 'Model calls naming a model',
  line: 'cost fit',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: false,
  query: "pilot cost --json | jq '.platforms[].modelKnown'",
  measure({ tally }) {
    return measureShare(tally.modelKnown, {
      counted: 'model calls name their model',
      none: 'No run has a model call.',
      next: 'pilot cost',
      evidence: ['rule: requested or answering model on the span'],
    })
  },
}
