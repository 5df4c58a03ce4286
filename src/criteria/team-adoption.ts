import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Share of the team that used the platform for their own work. */
export const teamAdoption: Criterion = {
  id: 'team-adoption',
  title: 'Engineers who used it',
  line: 'team adoption',
  unit: 'share',
  defaultTarget: { comparison: '>=', value: 0.6 },
  mustByDefault: false,
  measure: () => notInThisVersion('A log of who used it for what', 'pilot log usage'),
}
