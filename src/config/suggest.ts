/** The name nearest to a mistyped one: at most two letters added, lost, changed or swapped, and fewer than half of it. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  if (typed.length > 40) return undefined
  const ranked = names
    .map((name) => ({ name, edits: editsBetween(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= 2 && edits * 2 < Math.max(typed.length, name.length))
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.name
}

/** Optimal string alignment distance: Levenshtein's, with a swap of neighbours as one edit. */
function editsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + change, swapped))
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
