import { type FinalLabel, finalLabels } from './final-labels.js'
import { adjudicated, type Label, labelsByItem, latestLabels } from './label.js'
import { type Agreement, agreementOf, krippendorffAlpha, tableOf } from './stats/agreement.js'

/** How far people agree on the questions that they answered. */
export interface LabelReport {
  /** Aliases of all who labelled, sorted; `adjudicated` is nobody. */
  annotators: string[]
  /** By name. */
  questions: QuestionReport[]
}

export interface QuestionReport {
  name: string
  items: number
  annotators: string[]
  /** Labels that do not say whose they are: they count, but in no pair. */
  unnamed: number
  /** Items that two or more have labelled. */
  shared: number
  /** Of any two who share an item. */
  pairs: PairReport[]
  /** Over all annotators; undefined while no item is shared. */
  alpha: number | undefined
  /** Items whose final label is known, and how they came to it. */
  decided: { n: number } & Record<FinalLabel['from'], number>
  /** Of the decided items, the most frequent first. */
  prevalence: { value: string; x: number }[]
  disagreements: Disagreement[]
}

/** Two annotators, and how far they agree on the items that both have labelled. */
export interface PairReport {
  annotators: [string, string]
  agreement: Agreement
}

/** An item on which annotators differ. */
export interface Disagreement {
  item: string
  /** In order of the aliases. */
  labels: Label[]
  /** Undefined while nothing settles it. */
  final: FinalLabel | undefined
}

/** The report of all labels, or of those of one question; annotators are listed of all. */
export function assembleLabelReport(labels: readonly Label[], name?: string): LabelReport {
  const standing = latestLabels(labels)
  const names = [...new Set(standing.map((label) => label.name))].sort()
  return {
    annotators: annotatorsOf(standing),
    questions: names
      .filter((each) => name === undefined || each === name)
      .map((each) =>
        reportQuestion(
          each,
          standing.filter((label) => label.name === each),
        ),
      ),
  }
}

function reportQuestion(name: string, labels: readonly Label[]): QuestionReport {
  const given = labels.filter(({ by }) => by !== adjudicated)
  const byItem = [...labelsByItem(given).values()]
  const shared = byItem.filter((each) => each.length >= 2)
  const annotators = annotatorsOf(given)
  const final = finalLabels(labels)
  return {
    name,
    items: labelsByItem(labels).size,
    annotators,
    unnamed: given.filter(({ by }) => by === undefined).length,
    shared: shared.length,
    pairs: pairsOf(annotators, given),
    alpha: krippendorffAlpha(shared.map((each) => each.map(({ value }) => value))),
    decided: countDecided([...final.values()]),
    prevalence: prevalenceOf([...final.values()]),
    disagreements: findDisagreements(labels),
  }
}

/** The items of one question on which annotators differ, by item, settled or not. */
export function findDisagreements(labels: readonly Label[]): Disagreement[] {
  const standing = latestLabels(labels)
  const final = finalLabels(standing)
  return [...labelsByItem(standing.filter(({ by }) => by !== adjudicated))]
    .filter(([, given]) => new Set(given.map(({ value }) => value)).size > 1)
    .map(([item, given]) => ({ item, labels: [...given].sort(byAlias), final: final.get(item) }))
    .sort((a, b) => (a.item < b.item ? -1 : 1))
}

function byAlias(a: Label, b: Label): number {
  return (a.by ?? '') < (b.by ?? '') ? -1 : 1
}

function annotatorsOf(labels: readonly Label[]): string[] {
  const aliases = labels.flatMap(({ by }) => (by === undefined || by === adjudicated ? [] : [by]))
  return [...new Set(aliases)].sort()
}

function pairsOf(annotators: readonly string[], given: readonly Label[]): PairReport[] {
  const values = [...new Set(given.map(({ value }) => value))].sort()
  const said = new Map(
    annotators.map((alias) => [
      alias,
      new Map(given.filter(({ by }) => by === alias).map(({ item, value }) => [item, value])),
    ]),
  )
  return annotators.flatMap((first, index) =>
    annotators.slice(index + 1).flatMap((second): PairReport[] => {
      const pairs = [...said.get(first)!].flatMap(([item, value]): [string, string][] => {
        const other = said.get(second)!.get(item) // every annotator is in it
        return other === undefined ? [] : [[value, other]]
      })
      const agreement = agreementOf(tableOf(pairs, values))
      return agreement === undefined ? [] : [{ annotators: [first, second], agreement }]
    }),
  )
}

function countDecided(final: readonly FinalLabel[]): QuestionReport['decided'] {
  const count = (wanted: FinalLabel['from']) => final.filter(({ from }) => from === wanted).length
  return {
    n: final.length,
    adjudicated: count('adjudicated'),
    agreed: count('agreed'),
    majority: count('majority'),
    only: count('only'),
  }
}

function prevalenceOf(final: readonly FinalLabel[]): QuestionReport['prevalence'] {
  const counts = new Map<string, number>()
  for (const { value } of final) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, x]) => ({ value, x })).sort((a, b) => b.x - a.x || (a.value < b.value ? -1 : 1))
}
