import { type ClusterSum, clusterSums } from './clusters.js'
import { quantile } from './quantile.js'

/**
 * Percentile bootstrap interval, 95 % (R's type 7 quantiles), of the mean of finite values: `draws` samples as large as the
 * data, by `random` (0 ≤ x < 1). Clusters are drawn whole; a value without one is a cluster of its own. Undefined under two
 * values or clusters. Values that are all the same have no width: take no bootstrap of a rate of none or all.
 */
export function bootstrapMean(
  values: readonly number[],
  random: () => number,
  { clusters, draws = 10_000 }: { clusters?: readonly (string | undefined)[] | undefined; draws?: number } = {},
): { low: number; high: number; draws: number } | undefined {
  const sums = clusterSums(values, clusters)
  if (sums.length < 2) return undefined
  const means = Float64Array.from({ length: draws }, () => meanOfDraw(sums, random)).sort()
  return { low: quantile(means, 0.025), high: quantile(means, 0.975), draws }
}

/** Mean of as many clusters as there are, drawn with replacement: those drawn may hold more or fewer values in all. */
function meanOfDraw(sums: readonly ClusterSum[], random: () => number): number {
  let total = 0
  let count = 0
  for (let at = 0; at < sums.length; at += 1) {
    const drawn = sums[Math.floor(random() * sums.length)]!
    total += drawn.sum
    count += drawn.count
  }
  return total / count
}
