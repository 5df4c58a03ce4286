import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Median minutes to diagnose a bad output, by timed drills. */
export const debugTime: Criterion = {
  id: 'debug-time',
  title: 'Time to diagnose (median)',
  line: 'debugging value',
  unit: 'minutes',
  defaultTarget: { comparison: '<', value: 10 },
  mustByDefault: true,
  measure: () => notInThisVersion('Timed drills', 'pilot drill start'),
}
