import type { Reason } from '../core/reconcile/reasons.js'
import type { Reconciliation } from '../core/reconcile.js'
import { formatCount, formatUsd } from './number.js'

const texts: Record<Reason['kind'], string> = {
  'outside time': 'billed outside the time of the traces',
  'beyond time': 'billed in buckets that reach beyond the time of the traces',
  'bill names no model': 'billed without naming a model',
  'never traced': 'billed models that no trace names',
  'no traced call': 'billed calls without their traced call',
  'more calls billed': 'more calls billed than traced',
  'more calls traced': 'more calls traced than billed',
  'silent calls': 'traced calls that state neither tokens nor cost',
  'unpriced calls': 'traced calls of models without a price',
  'other tokens': 'matched calls with other tokens',
  'other price': 'matched calls with the same tokens at another price',
  'not on the bill': 'traced calls that are not on the bill',
  'never billed': 'traced models that the bill does not name',
  'trace names no model': 'traced calls that name no model',
}

/** The reasons with their size, and the rest that none of them explains. */
export function reasonRows({
  reasons,
  gapUsd,
  restUsd,
}: Pick<Reconciliation, 'reasons' | 'gapUsd' | 'restUsd'>): string[][] {
  return [
    ...reasons.map(({ kind, calls, costUsd }) => [
      texts[kind],
      formatCount(calls),
      costUsd === undefined ? 'not known' : formatUsd(costUsd),
    ]),
    ['unexplained rest', '', restUsd === undefined ? 'not measured' : formatUsd(restUsd)],
    ['billed less known, in all', '', gapUsd === undefined ? 'not measured' : formatUsd(gapUsd)],
  ]
}

/** What a reason needs said beside its size. */
export function reasonText({ kind, lines, calls, costUsd, models }: Reason): string[] {
  const named = models.length === 0 ? '' : `: ${models.join(', ')}`
  if (kind === 'silent calls' || kind === 'unpriced calls') {
    const known =
      costUsd === undefined
        ? 'what they cost is not known'
        : `${formatCount(lines)} of them stand on the bill, at ${formatUsd(costUsd)}`
    return [`${texts[kind]}${named}; their cost cannot be computed, and ${known}`]
  }
  if (kind === 'beyond time')
    return [
      `${formatCount(lines)} buckets begin before the traces or end after them; how much of them lies outside is not known`,
    ]
  if (kind === 'never traced' || kind === 'never billed') return [`${texts[kind]}${named}`]
  if (kind === 'not on the bill' && costUsd === undefined)
    return [`${formatCount(calls)} traced calls are not on the bill`]
  return []
}
