/** A person's judgement of one output, or of one incident. */
export interface Label {
  /** What was judged: a request id, else a trace id; of an eval `<run>/<case>`, with several repeats `<run>/<case>/<repeat>`. */
  item: string
  /** What was asked of it: the id of a question, such as `cause`. */
  name: string
  value: string
  /** Alias of who judged. */
  by?: string
  /** Epoch milliseconds. */
  timeMs?: number
  note?: string
}

/** In the place of an alias: what was settled where annotators differ. Nobody may take it for a name. */
export const adjudicated = 'adjudicated'

type Dated = Pick<Label, 'value' | 'timeMs' | 'note'>

/**
 * Whether of two labels of one item, question and person the first stands: the later does, whichever came first, and of equal
 * times the one that sorts last. One without a time is before all others.
 */
export function isLaterLabel(label: Dated, other: Dated): boolean {
  const [ms, otherMs] = [label.timeMs ?? Number.NEGATIVE_INFINITY, other.timeMs ?? Number.NEGATIVE_INFINITY]
  return ms === otherMs ? sortKey(label) > sortKey(other) : ms > otherMs
}

function sortKey({ value, timeMs, note }: Dated): string {
  return JSON.stringify([value, timeMs ?? null, note ?? null])
}

/** One label per item, question and person: the one that stands, in the place of the first. */
export function latestLabels(labels: readonly Label[]): Label[] {
  const standing = new Map<string, Label>()
  for (const label of labels) {
    const key = JSON.stringify([label.item, label.name, label.by ?? null])
    const before = standing.get(key)
    if (before === undefined || isLaterLabel(label, before)) standing.set(key, label)
  }
  return [...standing.values()]
}

/** Labels by what was judged, in the order in which items first come. */
export function labelsByItem(labels: readonly Label[]): Map<string, Label[]> {
  const items = new Map<string, Label[]>()
  for (const label of labels) items.set(label.item, [...(items.get(label.item) ?? []), label])
  return items
}
