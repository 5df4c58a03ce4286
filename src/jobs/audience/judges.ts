import { only, own } from '../../core/audience/sight.js'
import type { Certificate } from '../../core/eval/certificate.js'
import type { ListedJudge } from '../judge/list-judges.js'

const certificate = only<Certificate>({
  granted: 'shown',
  reasons: (reasons) => (reasons.length === 0 ? [] : ['it does not agree with people far enough']),
  judge: own,
  judgeHash: () => '',
  issuedMs: 'shown',
  expiresMs: 'shown',
  items: 'shown',
  tpr: 'shown',
  tnr: 'shown',
  kappa: 'shown',
  ac1: 'shown',
})

/** A judge as pilot.yaml declares it, and its certificate in numbers. */
export const judgeForProduct = only<ListedJudge>({
  id: own,
  model: own,
  hash: () => '',
  certificate,
  whyNot: () => 'it has no valid certificate',
})
