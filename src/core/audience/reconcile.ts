import type { BilledFigures } from '../reconcile/figures.js'
import type { Reason } from '../reconcile/reasons.js'
import type { ReconciledRow } from '../reconcile/rows.js'
import type { Reconciliation } from '../reconcile.js'
import type { Names } from './names.js'
import { each, only, own } from './sight.js'

interface Reconciled {
  platform: string
  role: 'candidate' | 'baseline'
  result: Reconciliation | { notMeasured: string }
}

/** The bill of a platform against its traces, with models by names that may be shown. */
export function reconciledForProduct(names: Names): (found: Reconciled) => Reconciled {
  const see = reconciliationSight(names)
  return ({ platform, role, result }) => ({
    ...{ platform, role },
    result: 'notMeasured' in result ? { notMeasured: own(result.notMeasured) } : see(result),
  })
}

function reconciliationSight(names: Names): (found: Reconciliation) => Reconciliation {
  const model = (name: string) => names.of('model', name)
  const billed = (found: BilledFigures): BilledFigures => found
  return only<Reconciliation>({
    tracedTime: 'shown',
    billedTime: 'shown',
    billed,
    traced: 'shown',
    differenceUsd: 'shown',
    share: 'shown',
    gapUsd: 'shown',
    reasons: each(
      only<Reason>({ kind: 'shown', lines: 'shown', calls: 'shown', costUsd: 'shown', models: each(model) }),
    ),
    restUsd: 'shown',
    tokens: 'shown',
    rows: each(
      only<ReconciledRow>({
        model,
        day: (day) => (/^\d{4}-\d\d-\d\d$/.test(day) ? day : 'another day'),
        billed,
        traced: 'shown',
        differenceUsd: 'shown',
        share: 'shown',
      }),
    ),
    mapped: (groups) =>
      groups.map((group) => ({
        ...group,
        name: group.name && model(group.name),
        billed: group.billed.map(model),
        traced: group.traced.map(model),
      })),
    ignoresModels: 'shown',
    matching: 'shown',
    notMatched: () => 'calls cannot be matched one by one',
    doubtful: (found) => found.map(({ model: name, day, shapes }) => ({ model: name && model(name), day, shapes })),
  })
}
