/**
 * pass@k, 0–1: the chance that at least one of k runs passes, from `passed` of n runs of a case, without bias. Undefined
 * where k is above n: fewer runs do not tell. Chen et al. (2021), arXiv 2107.03374: 1 − C(n − passed, k) / C(n, k).
 */
export function passAtK(n: number, passed: number, k: number): number | undefined {
  const allFail = passHatK(n, n - passed, k)
  return allFail === undefined ? undefined : 1 - allFail
}

/**
 * pass^k, 0–1: the chance that all of k runs pass, from `passed` of n runs of a case, without bias; (passed / n)^k is too
 * high. Undefined where k is above n. Yao et al. (2024), τ-bench, arXiv 2406.12045: C(passed, k) / C(n, k).
 */
export function passHatK(n: number, passed: number, k: number): number | undefined {
  if (k > n) return undefined
  // Run by run, each drawn from those left: the numbers of ways themselves would overflow.
  let share = 1
  for (let drawn = 0; drawn < k && share > 0; drawn += 1) share *= (passed - drawn) / (n - drawn)
  return share
}
