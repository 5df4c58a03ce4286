import type { Criterion } from '../core/criterion.js'
import { notInThisVersion } from './later.js'

/** Questions of the security review without an answer, evidence and reviewer; 0 is wanted. */
export const securitySignoff: Criterion = {
  id: 'security-signoff',
  title: 'Open security questions',
  line: 'production safety',
  unit: 'count',
  defaultTarget: { comparison: '==', value: 0 },
  mustByDefault: true,
  measure: () => notInThisVersion("The security review's answers", 'pilot log security'),
}
