import type { Correction } from '../core/eval/corrected-rate.js'
import type { ByPolicy, JudgeFigures, ShareOf } from '../core/eval/validate-judge.js'
import type { Agreement } from '../core/stats/agreement.js'
import { boundsJson } from './json.js'

/** The figures of a judge as `--json` prints them; intervals are [low, high]. */
export function judgeJson(
  figures: JudgeFigures,
  reasons: readonly string[],
  corrected: Correction | undefined,
): object {
  const { items, unparseable, agree, accuracy, accuracyBy, agreement, tpr, tnr, swap } = figures
  return {
    items,
    unparseable,
    labels: figures.labels,
    positive: figures.positive,
    agree,
    accuracy: accuracy?.rate ?? null,
    accuracyCi95: boundsJson(accuracy),
    accuracyByPolicy: policyJson(accuracyBy),
    kappaByPolicy: policyJson(figures.kappaBy),
    ...agreementJson(agreement),
    tpr: tpr?.rate ?? null,
    tprCi95: boundsJson(tpr),
    tnr: tnr?.rate ?? null,
    tnrCi95: boundsJson(tnr),
    humanPositive: tpr?.n ?? 0,
    majority: shareJson(figures.majority),
    humanHuman: figures.humanHuman === undefined ? null : agreementJson(figures.humanHuman),
    selfConsistency: shareJson(figures.selfConsistency),
    swapPairs: swap.pairs,
    swapConsistent: swap.consistent,
    swapConsistency: swap.consistency ?? null,
    firstShownShare: swap.firstShownShare ?? null,
    length: figures.length ?? null,
    slices: figures.slices.map(({ slice, accuracy: of, kappa }) => ({
      slice,
      accuracy: shareJson(of),
      kappa: kappa ?? null,
    })),
    corrected: corrected ?? null,
    certificate: { granted: reasons.length === 0, reasons },
  }
}

function policyJson({ dropped, wrong, tie }: ByPolicy) {
  return { unparseableDropped: dropped ?? null, unparseableWrong: wrong ?? null, unparseableTie: tie ?? null }
}

function agreementJson(agreement: Agreement | undefined) {
  return {
    kappa: agreement?.kappa ?? null,
    kappaCi95: boundsJson(agreement?.kappaCi),
    ac1: agreement?.ac1 ?? null,
    ac1Ci95: boundsJson(agreement?.ac1Ci),
    alpha: agreement?.alpha ?? null,
  }
}

function shareJson(share: ShareOf | undefined) {
  return share === undefined ? null : { x: share.x, n: share.n, rate: share.rate, ci95: boundsJson(share) }
}
