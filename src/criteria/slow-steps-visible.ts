import type { Criterion } from '../core/criterion.js'
import { measureShare } from './share.js'

/** Share of model calls, tool steps and retrievals whose duration is known, so that a slow one can be found. */
export const slowStepsVisible: Criterion = {
  id: 'slow-steps-visible',
  title: 'Steps with a duration',
  line: 'debugging value',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: false,
  query: "pilot latency --json | jq '.platforms[].stepsTimed'",
  measure({ tally }) {
    return measureShare(tally.stepsTimed, {
      counted: 'steps have a duration',
      none: 'No run has a model call, tool step or retrieval.',
      next: 'pilot latency',
      evidence: ['rule: model calls, tool steps and retrievals with start and end'],
    })
  },
}
