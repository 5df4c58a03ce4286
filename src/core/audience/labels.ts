import type { LabelReport, PairReport, QuestionReport } from '../label-report.js'
import { fewestRuns } from './audiences.js'
import type { Names } from './names.js'
import { each, none, only } from './sight.js'

/** How far people agree, in numbers: annotators are numbered, items and notes are not there. */
export function labelsForProduct(names: Names): (report: LabelReport) => LabelReport {
  return (report) => {
    const numbers = new Map(report.annotators.map((alias, place) => [alias, String(place + 1)]))
    const numberOf = (alias: string) => numbers.get(alias) ?? '0'
    return {
      annotators: report.annotators.map(numberOf),
      questions: report.questions.map((question) => questionSight(question.items, numberOf, names)(question)),
    }
  }
}

function questionSight(items: number, numberOf: (alias: string) => string, names: Names) {
  return only<QuestionReport>({
    name: (name) => (isCommonWord(name, items) ? name : names.of('question', name)),
    items: 'shown',
    annotators: each(numberOf),
    unnamed: 'shown',
    shared: 'shown',
    pairs: each(
      only<PairReport>({
        annotators: ([a, b]) => [numberOf(a), numberOf(b)],
        agreement: 'shown',
      }),
    ),
    alpha: 'shown',
    decided: 'shown',
    prevalence: each(({ value, x }) => ({ value: isCommonWord(value, x) ? value : names.of('label', value), x })),
    disagreements: none,
  })
}

/** A word that was chosen for many items: what annotators write once is a text. */
function isCommonWord(word: string, items: number): boolean {
  return items >= fewestRuns && /^[a-z][a-z0-9 _-]{0,30}$/i.test(word)
}
