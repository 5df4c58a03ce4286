import type { JudgeFigures, ShareOf } from './validate-judge.js'

/** What a judge has to show before it may hold a release. */
export const requirements = {
  /** Labelled items with a verdict, and how many of them people gave the positive label, or another. */
  items: 50,
  ofEachSide: 15,
  /** Cohen's kappa, and the lower bound of its interval. */
  kappa: 0.6,
  kappaLow: 0.4,
  /** Verdicts that could not be read. */
  unparseable: 0.05,
  /** Same verdict in both orders, where pairs were judged in both. */
  swapConsistency: 0.8,
  /** Items from which on a slice is held against the judge. */
  sliceItems: 20,
} as const

/** Why a judge may not hold a release; none if it may. */
export function reasonsAgainst(figures: JudgeFigures): string[] {
  const { accuracy, majority, agreement, tpr, tnr, swap, unparseable, items, positive } = figures
  const judged = items - unparseable
  const reasons: (string | false)[] = [
    judged < requirements.items && `${judged} items with a verdict; at least ${requirements.items} are needed`,
    (tpr?.n ?? 0) < requirements.ofEachSide &&
      `people gave ${tpr?.n ?? 0} items the label ${positive}; at least ${requirements.ofEachSide} are needed`,
    (tnr?.n ?? 0) < requirements.ofEachSide &&
      `people gave ${tnr?.n ?? 0} items another label than ${positive}; at least ${requirements.ofEachSide} are needed`,
    agreement?.kappa === undefined
      ? 'kappa cannot be computed: one label throughout'
      : agreement.kappa < requirements.kappa && `kappa is ${shown(agreement.kappa)}, below ${requirements.kappa}`,
    agreement?.kappaCi !== undefined &&
      agreement.kappaCi.low < requirements.kappaLow &&
      `kappa may be as low as ${shown(agreement.kappaCi.low)}, below ${requirements.kappaLow}`,
    accuracy !== undefined &&
      majority !== undefined &&
      accuracy.low <= majority.rate &&
      `it agrees with people on ${percent(accuracy.rate)}, at least ${percent(accuracy.low)}; always saying the commonest label would on ${percent(majority.rate)}`,
    tpr !== undefined &&
      tnr !== undefined &&
      tpr.low + tnr.low <= 1 &&
      `TPR ${bounds(tpr)} and TNR ${bounds(tnr)} may together be no better than chance`,
    unparseable / items > requirements.unparseable &&
      `${unparseable} of ${items} verdicts could not be read, over ${percent(requirements.unparseable)}`,
    swap.consistency !== undefined &&
      swap.consistency < requirements.swapConsistency &&
      `with the order swapped it says the same on ${percent(swap.consistency)} of ${swap.pairs} pairs, below ${percent(requirements.swapConsistency)}`,
    ...sliceReasons(figures),
  ]
  return reasons.filter((reason) => reason !== false)
}

/** A slice is held against a judge that is clearly worse on it than on the whole. */
function sliceReasons({ accuracy: overall, slices }: JudgeFigures): string[] {
  return slices.flatMap(({ slice, accuracy }) =>
    accuracy !== undefined &&
    overall !== undefined &&
    accuracy.n >= requirements.sliceItems &&
    accuracy.high < overall.low
      ? [`on ${slice} it agrees with people on ${percent(accuracy.rate)} of ${accuracy.n} items only`]
      : [],
  )
}

const shown = (value: number) => value.toFixed(2)
const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`
const bounds = ({ low, high }: ShareOf) => `${shown(low)}–${shown(high)}`
