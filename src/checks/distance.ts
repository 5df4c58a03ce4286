/** Whether two numbers are at most so far apart. Exactly at the limit counts, though 1.1 − 1 is a little over 0.1 in binary. */
export function isWithin(one: number, other: number, allowed: number): boolean {
  if (one === other) return true
  const noise = 4 * Number.EPSILON * Math.max(Math.abs(one), Math.abs(other))
  const apart = Math.abs(one - other)
  return Number.isFinite(apart) && apart <= allowed + (allowed > 0 ? noise : 0)
}
