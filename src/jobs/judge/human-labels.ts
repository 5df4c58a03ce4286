import type { Output } from '../../core/eval/case.js'
import { type EvalRun, placeKey } from '../../core/eval/run.js'
import { finalLabels } from '../../core/final-labels.js'
import { adjudicated, type Label } from '../../core/label.js'

/** What people said of one output. */
export interface HumanLabel {
  /** `pass` or `fail` where the words mean that, else as it was given. */
  value: string
  /** What each person said. */
  people: string[]
}

/**
 * The labels of the outputs of a run, by `[case, repeat]` as JSON. A label names the output (`run/case`, `run/case/repeat`), or
 * the trace that the output is of; a case by its id alone where the run only looked up what was recorded. Anything else is
 * about another text.
 */
export function labelsOfOutputs(
  run: EvalRun,
  outputs: readonly (readonly [caseId: string, repeat: number, output: Output])[],
  labels: readonly Label[],
): Map<string, HumanLabel> {
  const final = finalLabels(labels)
  const byItem = new Map<string, Label[]>()
  for (const label of labels)
    if (label.by !== adjudicated) byItem.set(label.item, [...(byItem.get(label.item) ?? []), label])
  const found = new Map<string, HumanLabel>()
  const isRecorded = run.repeats === 1 && (run.target.startsWith('recorded') || run.importedFrom !== undefined)
  for (const [id, repeat, { trace }] of outputs) {
    const names = [
      `${run.id}/${id}/${repeat}`,
      ...(repeat === 1 ? [`${run.id}/${id}`] : []),
      ...(trace ? [trace.traceId] : []),
      ...(isRecorded ? [id] : []),
    ]
    const item = names.find((name) => final.has(name))
    const value = item === undefined ? undefined : final.get(item)?.value
    if (item === undefined || value === undefined) continue
    const people = (byItem.get(item) ?? []).map((label) => plainLabel(label.value))
    found.set(placeKey(id, repeat), { value: plainLabel(value), people })
  }
  return found
}

const words: Readonly<Record<string, string>> = {
  ...{ pass: 'pass', passed: 'pass', yes: 'pass', good: 'pass', true: 'pass', correct: 'pass', '1': 'pass' },
  ...{ fail: 'fail', failed: 'fail', no: 'fail', bad: 'fail', false: 'fail', incorrect: 'fail', '0': 'fail' },
}

/** A label as a judge of passes would say it. */
function plainLabel(value: string): string {
  const word = value.trim().toLowerCase()
  return Object.hasOwn(words, word) ? words[word]! : value // hasOwn has just told
}
