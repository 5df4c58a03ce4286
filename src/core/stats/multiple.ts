/**
 * Holm's adjusted p-values, in the order given: those below 0.05 keep the chance of even one false alarm below 5 %, however
 * the tests hang together. For gates. Holm (1979).
 */
export function holm(ps: readonly number[]): number[] {
  const adjusted = [...ps]
  let highest = 0
  for (const [rank, at] of ascending(ps).entries()) {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * ps[at]!))
    adjusted[at] = highest
  }
  return adjusted
}

/**
 * Benjamini–Hochberg adjusted p-values, in the order given: of those below 0.05 at most 5 % are false alarms on average, if
 * the tests are independent or rise together. For exploration. Benjamini and Hochberg (1995).
 */
export function benjaminiHochberg(ps: readonly number[]): number[] {
  const adjusted = [...ps]
  let lowest = 1
  for (const [rank, at] of [...ascending(ps).entries()].reverse()) {
    lowest = Math.min(lowest, (ps.length / (rank + 1)) * ps[at]!)
    adjusted[at] = lowest
  }
  return adjusted
}

/** Where the values stand, from the smallest to the largest. */
function ascending(ps: readonly number[]): number[] {
  return [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!)
}
