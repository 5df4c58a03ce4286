/** What two chances that are equal on paper may differ by in floating point; the allowance of R's fisher.test. */
const equalChances = 1e-7

/**
 * Fisher's exact test that a of n and b of m have one rate, two-sided: the chance of all tables with these margins that are no
 * likelier than this one. Summed in logarithms, so that it holds for thousands. 1 while n or m is 0. Fisher (1935).
 */
export function fisher(a: number, n: number, b: number, m: number): number {
  const holds = a + b
  const [least, most] = [Math.max(0, holds - m), Math.min(n, holds)]
  // Logarithm of the chance that k of the n hold, up to a constant: each from the one before it.
  const logs = [0]
  for (let k = least; k < most; k += 1) {
    const ratio = ((n - k) * (holds - k)) / ((k + 1) * (m - holds + k + 1))
    logs.push(logs.at(-1)! + Math.log(ratio))
  }
  const highest = largest(logs)
  const observed = logs[a - least]!
  let all = 0
  let asRare = 0
  for (const log of logs) {
    const chance = Math.exp(log - highest)
    all += chance
    if (log <= observed + equalChances) asRare += chance
  }
  return Math.min(1, asRare / all)
}

/** A spread of a long list would not fit on the stack. */
function largest(values: readonly number[]): number {
  let highest = Number.NEGATIVE_INFINITY
  for (const value of values) highest = Math.max(highest, value)
  return highest
}
