/** Values that came together, such as the cases of one document. */
export interface ClusterSum {
  sum: number
  count: number
}

/**
 * The sum and count of each cluster, in order of first sight. `clusters` names the cluster of each value at its place; a
 * value without one is a cluster of its own, as are all of them if `clusters` is left out.
 */
export function clusterSums(
  values: readonly number[],
  clusters: readonly (string | undefined)[] | undefined,
): ClusterSum[] {
  const sums = new Map<string | number, ClusterSum>()
  for (const [at, value] of values.entries()) {
    // A place is a number and a name is a string: they never meet.
    const key = clusters?.[at] ?? at
    const { sum, count } = sums.get(key) ?? { sum: 0, count: 0 }
    sums.set(key, { sum: sum + value, count: count + 1 })
  }
  return [...sums.values()]
}
