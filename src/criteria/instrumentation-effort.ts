import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Engineering hours until the traces were good enough to measure. */
export const instrumentationEffort: Criterion = {
  id: 'instrumentation-effort',
  title: 'Hours to instrument',
  line: 'instrumentation effort',
  unit: 'hours',
  defaultTarget: { comparison: '<=', value: 40 },
  mustByDefault: false,
  measure: () => notInThisVersion('A log of the hours spent', 'pilot log effort'),
}
