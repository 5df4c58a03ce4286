/** Up to this many differences other than zero every assignment of signs is counted: 2^20 are about a million. */
const exactUpTo = 20

/** Assignments drawn where there are too many to count them all. */
const drawn = 19_999

/** Verdict of the sign-flip test. */
export interface SignFlip {
  /** Two-sided, in (0, 1]. */
  p: number
  /** Pairs, those without a difference included. */
  n: number
  isExact: boolean
  /** Assignments of signs that were looked at: all of them, or as many as were drawn. */
  assignments: number
}

/**
 * Sign-flip test of a mean of 0: how often random signs bring the sum of the paired differences (finite numbers) at least as
 * far from 0 as it is. Exact up to 20 differences other than zero; above, from 19,999 draws by `random` (0 ≤ x < 1) as
 * (hits + 1) / (draws + 1). Differences of zero look the same with either sign: they count in n and change no p, so that p
 * is 1 where all are zero. Undefined without a pair. Fisher (1935), The Design of Experiments, 21.
 */
export function signFlip(differences: readonly number[], random: () => number): SignFlip | undefined {
  const n = differences.length
  if (n === 0) return undefined
  const moving = differences.filter((difference) => difference !== 0)
  if (moving.length <= exactUpTo) {
    const sums = signedSums(moving)
    return { p: countAsFar(sums, moving) / sums.length, n, isExact: true, assignments: sums.length }
  }
  const sums = Float64Array.from({ length: drawn }, () => randomSum(moving, random))
  return { p: (countAsFar(sums, moving) + 1) / (drawn + 1), n, isExact: false, assignments: drawn }
}

/** The sum under each of the 2^n assignments of signs; each difference doubles what is there. */
function signedSums(differences: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** differences.length)
  let filled = 1
  for (const difference of differences) {
    for (let at = 0; at < filled; at += 1) {
      const sum = sums[at]!
      sums[at] = sum + difference
      sums[filled + at] = sum - difference
    }
    filled *= 2
  }
  return sums
}

function randomSum(differences: readonly number[], random: () => number): number {
  let sum = 0
  for (const difference of differences) sum += random() < 0.5 ? difference : -difference
  return sum
}

/** How many of the sums are at least as far from 0 as the observed one. */
function countAsFar(sums: Float64Array, differences: readonly number[]): number {
  let observed = 0
  let size = 0
  for (const difference of differences) {
    observed += difference
    size += Math.abs(difference)
  }
  // Equal sums can miss each other by a last digit, since they are added in another order: a tie is as far.
  const limit = Math.abs(observed) - 1e-9 * size
  let count = 0
  for (const sum of sums) if (Math.abs(sum) >= limit) count += 1
  return count
}
