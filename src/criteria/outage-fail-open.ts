import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Requests that the application failed because the platform was down; 0 is wanted: logging fails open. */
export const outageFailOpen: Criterion = {
  id: 'outage-fail-open',
  title: 'Requests lost in an outage',
  line: 'production safety',
  unit: 'count',
  defaultTarget: { comparison: '==', value: 0 },
  mustByDefault: true,
  measure: () => notInThisVersion('A local fault server', 'pilot probe outage'),
}
