import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Share of traces that run the old version again after a rollback. */
export const promptRollback: Criterion = {
  id: 'prompt-rollback',
  title: 'Rollback seen in traces',
  line: 'prompt management',
  unit: 'share',
  defaultTarget: { comparison: '==', value: 1 },
  mustByDefault: false,
  measure: () => notInThisVersion('A deploy and rollback test', 'pilot prompts'),
}
