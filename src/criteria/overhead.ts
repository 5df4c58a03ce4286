import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Latency that tracing adds to a request, at the 95th percentile. */
export const overhead: Criterion = {
  id: 'overhead',
  title: 'Added latency (p95)',
  line: 'production safety',
  unit: 'ms',
  defaultTarget: { comparison: '<=', value: 50 },
  mustByDefault: false,
  measure: () => notInThisVersion('Interleaved runs with tracing on and off', 'pilot probe overhead'),
}
