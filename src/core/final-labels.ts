import { adjudicated, type Label, labelsByItem, latestLabels } from './label.js'

/** What counts as the label of an item, and why: it was settled, all agree, more than half do, or one person alone judged it. */
export interface FinalLabel {
  value: string
  from: 'adjudicated' | 'agreed' | 'majority' | 'only'
}

/** The final label of each item, from the labels of one question. A tie, or no value of more than half, is left out until it is adjudicated. */
export function finalLabels(labels: readonly Label[]): Map<string, FinalLabel> {
  const final = new Map<string, FinalLabel>()
  for (const [item, given] of labelsByItem(latestLabels(labels))) {
    const label = finalOf(given)
    if (label !== undefined) final.set(item, label)
  }
  return final
}

function finalOf(given: readonly Label[]): FinalLabel | undefined {
  const settled = given.find(({ by }) => by === adjudicated)
  if (settled !== undefined) return { value: settled.value, from: 'adjudicated' }
  const values = given.map(({ value }) => value)
  const most = values.find((value) => values.filter((other) => other === value).length * 2 > values.length)
  if (most === undefined) return undefined
  if (values.length === 1) return { value: most, from: 'only' }
  return { value: most, from: values.every((value) => value === most) ? 'agreed' : 'majority' }
}
