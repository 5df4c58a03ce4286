import { leeInterval, ppi, roganGladen } from '../stats/correct.js'
import type { JudgedItem, JudgeFigures } from './validate-judge.js'

export const samplings = ['random', 'stratified'] as const
/** How the labelled items were drawn: a random sample of the same outputs, or balanced by class or otherwise chosen. */
export type Sampling = (typeof samplings)[number]

/** The share of the positive label, corrected for what the judge gets wrong. */
export interface Correction {
  method: 'prediction-powered' | 'Rogan–Gladen, interval of Lee et al.'
  /** As the judge says, over all outputs that it judged, or that nobody labelled. */
  raw: number
  n: number
  rate: number
  low: number
  high: number
  /** True where the corrected share lay outside 0–1: the judge's error rates do not fit these outputs. */
  isClipped: boolean
}

/**
 * Of outputs that nobody labelled, by the judge's verdicts and its errors on those that people did: prediction-powered for a
 * random sample, else by TPR and TNR. Undefined without such outputs, and where the judge is no better than chance.
 */
export function correctedRate(
  judged: readonly JudgedItem[],
  { positive, tpr, tnr }: JudgeFigures,
  sampling: Sampling,
): Correction | undefined {
  const said = (label: string) => Number(label === positive)
  const unlabelled = judged.flatMap(({ human, judge }) =>
    human === undefined && judge !== undefined ? [said(judge)] : [],
  )
  if (unlabelled.length === 0 || tpr === undefined || tnr === undefined) return undefined
  let passed = 0
  for (const each of unlabelled) passed += each
  const n = unlabelled.length
  const raw = passed / n
  if (sampling === 'random') {
    const labelled = judged.flatMap(({ human, judge }) =>
      human === undefined || judge === undefined ? [] : [{ human: said(human), judge: said(judge) }],
    )
    const found = ppi({ labelled, unlabelled })
    return (
      found && {
        method: 'prediction-powered',
        raw,
        n,
        rate: found.rate,
        low: found.low,
        high: found.high,
        isClipped: false,
      }
    )
  }
  const point = roganGladen({ passed, n, tpr: tpr.rate, tnr: tnr.rate })
  const found = leeInterval({ p: raw, n, q0: tnr.rate, m0: tnr.n, q1: tpr.rate, m1: tpr.n })
  if (point === undefined || found === undefined) return undefined
  const { low, high } = found
  return {
    method: 'Rogan–Gladen, interval of Lee et al.',
    ...{ raw, n, low, high },
    rate: Math.min(1, Math.max(0, point.rate)),
    isClipped: point.isClipped,
  }
}
