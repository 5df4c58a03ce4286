import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Hours until a deleted trace is gone from list, get and export. */
export const deletion: Criterion = {
  id: 'deletion',
  title: 'Hours until deleted is gone',
  line: 'production safety',
  unit: 'hours',
  defaultTarget: { comparison: '<=', value: 24 },
  mustByDefault: false,
  measure: () => notInThisVersion('Planted traces, deleted and looked for', 'pilot probe deletion'),
}
