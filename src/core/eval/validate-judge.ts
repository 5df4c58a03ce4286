import { type Agreement, agreementOf, tableOf } from '../stats/agreement.js'
import { wilson } from '../stats/proportion.js'
import { type LengthBias, lengthBias } from './length-bias.js'
import { isTie, type SwapFigures, swapFigures } from './position-bias.js'

/** One output with what people and the judge say of it. */
export interface JudgedItem {
  item: string
  /** The label that people agreed on; undefined where nobody labelled it. */
  human: string | undefined
  /** Undefined: the judge's answer could not be read. */
  judge: string | undefined
  /** With the two outputs in the other order, mapped back; null: could not be read; undefined: was not asked. */
  swapped?: string | null | undefined
  /** What else the judge said to the same, asked again. */
  repeats?: readonly string[]
  /** What each of several people said. */
  people?: readonly string[]
  slice?: string | undefined
  /** Characters of the output. */
  length?: number | undefined
}

/** A share with its Wilson interval; undefined of none. */
export interface ShareOf {
  x: number
  n: number
  rate: number
  low: number
  high: number
}

/** A figure if verdicts that could not be read are left out, wrong, or ties. */
export interface ByPolicy {
  dropped: number | undefined
  wrong: number | undefined
  tie: number | undefined
}

/** How well a judge agrees with people, over the items that it gave a verdict on. */
export interface JudgeFigures {
  /** Labelled items; those of them without a verdict that could be read. */
  items: number
  unparseable: number
  labels: string[]
  positive: string
  agree: number
  accuracy: ShareOf | undefined
  /** Accuracy if verdicts that could not be read are left out, wrong, or ties (where ties are a label). */
  accuracyBy: ByPolicy
  /** Kappa likewise; a wrong verdict is then a label of its own, which no person gives. */
  kappaBy: ByPolicy
  agreement: Agreement | undefined
  /** Of the items that people gave the positive label, and of the others: those that the judge did so too. */
  tpr: ShareOf | undefined
  tnr: ShareOf | undefined
  /** The share of the commonest human label: what always saying it would get. */
  majority: ShareOf | undefined
  /** The first two people on the same items. */
  humanHuman: Agreement | undefined
  /** Answers that were given again when asked again. */
  selfConsistency: ShareOf | undefined
  swap: SwapFigures
  length: LengthBias | undefined
  slices: { slice: string; accuracy: ShareOf | undefined; kappa: number | undefined }[]
}

/** The figures of a judge; undefined without a labelled item. `positive` is the first of people's labels in sort order unless given. */
export function validateJudge(all: readonly JudgedItem[], positive?: string): JudgeFigures | undefined {
  const labelled = all.filter(isLabelled)
  if (labelled.length === 0) return undefined
  const judged = labelled.filter(isJudged)
  const labels = [
    ...new Set(labelled.flatMap(({ human, judge }) => (judge === undefined ? [human] : [human, judge]))),
  ].sort()
  // Of people's labels: what a judge made up is nobody's positive.
  const target = positive ?? [...new Set(labelled.map(({ human }) => human))].sort()[0]!
  const agree = judged.filter(({ human, judge }) => human === judge).length
  const unparseable = labelled.length - judged.length
  const tie = labels.find(isTie)
  const tiesAmongUnread = labelled.filter(({ human, judge }) => judge === undefined && human === tie).length
  const counts = labels.map((label) => judged.filter(({ human }) => human === label).length)
  const [positives, negatives] = [
    judged.filter(({ human }) => human === target),
    judged.filter(({ human }) => human !== target),
  ]
  return {
    items: labelled.length,
    unparseable,
    labels,
    positive: target,
    agree,
    accuracy: shareOf(agree, judged.length),
    accuracyBy: {
      dropped: judged.length === 0 ? undefined : agree / judged.length,
      wrong: agree / labelled.length,
      tie: tie === undefined ? undefined : (agree + tiesAmongUnread) / labelled.length,
    },
    kappaBy: {
      dropped: kappaWith(judged, undefined),
      wrong: kappaWith(labelled, unread),
      tie: tie === undefined ? undefined : kappaWith(labelled, tie),
    },
    agreement: agreementBetween(judged.map(({ human, judge }) => [human, judge])),
    tpr: shareOf(positives.filter(({ judge }) => judge === target).length, positives.length),
    tnr: shareOf(negatives.filter(({ judge }) => judge !== target).length, negatives.length),
    majority: shareOf(Math.max(0, ...counts), judged.length),
    humanHuman: agreementBetween(
      labelled.flatMap(({ people: [one, other] = [] }) =>
        one === undefined || other === undefined ? [] : [[one, other] as const],
      ),
    ),
    selfConsistency: consistencyOf(judged),
    swap: swapFigures(all),
    length: lengthBias(judged, target),
    slices: slicesOf(judged),
  }
}

type Labelled = JudgedItem & { human: string }
const isLabelled = (item: JudgedItem): item is Labelled => item.human !== undefined
const isJudged = <Item extends JudgedItem>(item: Item): item is Item & { judge: string } => item.judge !== undefined

function agreementBetween(pairs: readonly (readonly [string, string])[]): Agreement | undefined {
  return pairs.length === 0 ? undefined : agreementOf(tableOf(pairs, [...new Set(pairs.flat())].sort()))
}

/** A label that is no text of any file. */
const unread = '\0unread'

function kappaWith(items: readonly Labelled[], unreadIs: string | undefined): number | undefined {
  return agreementBetween(
    items.flatMap(({ human, judge = unreadIs }) => (judge === undefined ? [] : [[human, judge] as const])),
  )?.kappa
}

function shareOf(x: number, n: number): ShareOf | undefined {
  return n === 0 ? undefined : { x, n, rate: x / n, ...wilson(x, n) }
}

function consistencyOf(judged: readonly (JudgedItem & { judge: string })[]): ShareOf | undefined {
  const again = judged.flatMap(({ judge, repeats = [] }) => repeats.map((each) => each === judge))
  return shareOf(again.filter(Boolean).length, again.length)
}

function slicesOf(judged: readonly (Labelled & { judge: string })[]): JudgeFigures['slices'] {
  const names = [...new Set(judged.flatMap(({ slice }) => slice ?? []))].sort()
  return names.map((slice) => {
    const items = judged.filter((item) => item.slice === slice)
    return {
      slice,
      accuracy: shareOf(items.filter(({ human, judge }) => human === judge).length, items.length),
      kappa: agreementBetween(items.map(({ human, judge }) => [human, judge]))?.kappa,
    }
  })
}
