/** What a sample of runs may be spread over. */
export const strataBy = ['tenant', 'model', 'prompt', 'release', 'state'] as const
export type StrataBy = (typeof strataBy)[number]

/** A stratum of a sample: how many there were, and how many of them were taken. */
export interface Stratum {
  name: string
  size: number
  taken: number
}

/**
 * How many of each stratum a sample of n takes: one each, the rest in proportion to what is left of each (largest remainders first,
 * of equals the first by name). A sample smaller than the number of strata takes one of each of the largest. Sorted by name.
 */
export function allotSample(sizes: ReadonlyMap<string, number>, n: number): Stratum[] {
  const byName = [...sizes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, size]) => ({ name, size }))
  if (n < byName.length) {
    const largest = new Set([...byName].sort((a, b) => b.size - a.size).slice(0, n))
    return byName.map((stratum) => ({ ...stratum, taken: largest.has(stratum) ? 1 : 0 }))
  }
  const total = byName.reduce((sum, { size }) => sum + size, 0)
  const left = total - byName.length
  const extra = Math.min(n, total) - byName.length
  const quotas = byName.map(({ size }) => (left === 0 ? 0 : (extra * (size - 1)) / left))
  const missing = extra - quotas.reduce((sum, quota) => sum + Math.floor(quota), 0)
  const remainders = quotas.map((quota, index) => ({ index, remainder: quota - Math.floor(quota) }))
  const rounded = new Set(
    remainders
      .sort((a, b) => b.remainder - a.remainder)
      .slice(0, missing)
      .map(({ index }) => index),
  )
  return byName.map((stratum, index) => ({
    ...stratum,
    taken: 1 + Math.floor(quotas[index]!) + (rounded.has(index) ? 1 : 0),
  }))
}

/** A random sample of n items, allotted to their strata; items stay in their order. `random` gives numbers in [0, 1). */
export function sampleByStratum<T>(
  items: readonly T[],
  { n, stratumOf, random }: { n: number; stratumOf(item: T): string; random(): number },
): { sample: T[]; strata: Stratum[] } {
  const members = new Map<string, number[]>()
  for (const [index, item] of items.entries()) {
    const name = stratumOf(item)
    const known = members.get(name)
    if (known) known.push(index)
    else members.set(name, [index])
  }
  const strata = allotSample(new Map([...members].map(([name, indices]) => [name, indices.length])), n)
  const taken = new Set(strata.flatMap(({ name, taken: count }) => pick(members.get(name)!, count, random)))
  return { sample: items.filter((_, index) => taken.has(index)), strata }
}

/** `count` of the indices, each as likely as the other (Fisher and Yates). */
function pick(indices: readonly number[], count: number, random: () => number): number[] {
  const rest = [...indices]
  for (let at = 0; at < count; at += 1) {
    const other = at + Math.floor(random() * (rest.length - at))
    const moved = rest[at]!
    rest[at] = rest[other]!
    rest[other] = moved
  }
  return rest.slice(0, count)
}
