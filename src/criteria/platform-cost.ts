import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** What the platform itself costs a month, at the measured volume and the wanted retention. */
export const platformCost: Criterion = {
  id: 'platform-cost',
  title: 'Platform cost per month',
  line: 'cost fit',
  unit: 'usd',
  defaultTarget: { comparison: '<=', value: 500 },
  mustByDefault: false,
  measure: () => notInThisVersion("The platform's price sheet", 'pilot cost --platform-fee'),
}
