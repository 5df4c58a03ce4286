import type { Criterion } from '../core/criterion.js'
import { measureShare } from './share.js'

/** Share of runs that can be assigned to a tenant, so that cost can be told by tenant. */
export const costByTenant: Criterion = {
  id: 'cost-by-tenant',
  title: 'Runs assigned to a tenant',
  line: 'cost fit',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.95 },
  mustByDefault: false,
  query: "pilot cost --json | jq '.platforms[].tenantKnown'",
  measure({ tally }) {
    return measureShare(tally.tenantKnown, {
      counted: 'runs name a tenant',
      none: 'No run was selected.',
      next: 'pilot capture',
      evidence: ['rule: a tenant on any span of the run, or on its request'],
    })
  },
}
