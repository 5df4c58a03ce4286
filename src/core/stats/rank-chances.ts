/**
 * The chance of each sum (0 … all) of the ranks whose sign is positive, if signs are tossed by a fair coin. Ranks are whole
 * numbers above 0; midranks are doubled first. Each rank takes every sum as it is or adds to it, half of the chance each.
 */
export function signedRankChances(ranks: readonly number[]): Float64Array {
  let total = 0
  for (const rank of ranks) total += rank
  const chances = new Float64Array(total + 1)
  chances[0] = 1
  let filled = 0
  for (const rank of ranks) {
    filled += rank
    // Downwards, so that what is read has not had this rank yet.
    for (let sum = filled; sum >= 0; sum -= 1) {
      chances[sum] = (chances[sum]! + (sum < rank ? 0 : chances[sum - rank]!)) / 2
    }
  }
  return chances
}

/**
 * The chance of each number (0 … m · n) of pairs in which x is above y, if m x and n y are in random order without ties.
 * The largest of all is an x with chance m / (m + n), which is above all y; else a y, above which there is no x.
 */
export function rankSumChances(m: number, n: number): Float64Array {
  /** The chances for 0 … m x and as many y as the loop has come to; with none of either, no pair is sure. */
  let byX = Array.from({ length: m + 1 }, () => Float64Array.of(1))
  for (let y = 1; y <= n; y += 1) {
    const next = [Float64Array.of(1)]
    for (let x = 1; x <= m; x += 1) {
      const chances = new Float64Array(x * y + 1)
      const largestIsX = x / (x + y)
      const [oneXLess, oneYLess] = [next[x - 1]!, byX[x]!]
      // By index: of a hundred on each side there are 50 million steps, and an iterator takes ten times as long.
      for (let pairs = 0; pairs < oneXLess.length; pairs += 1) chances[pairs + y] = largestIsX * oneXLess[pairs]!
      for (let pairs = 0; pairs < oneYLess.length; pairs += 1) chances[pairs]! += (1 - largestIsX) * oneYLess[pairs]!
      next.push(chances)
    }
    byX = next
  }
  return byX[m]!
}

/** P(sum ≤ limit). */
export function chanceUpTo(chances: Float64Array, limit: number): number {
  let total = 0
  for (let sum = 0; sum <= limit; sum += 1) total += chances[sum]!
  return total
}
