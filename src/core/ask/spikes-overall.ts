import jstat from 'jstat'
import type { Share } from '../evidence.js'
import { neededForInterval, quantile } from '../stats/quantile.js'
import { groupOf, type SpikeGroup, spikeGroups } from './latency-spikes.js'
import type { AskedRun } from './question.js'

/** One tenant, user or workflow that has more of the slowest runs than its part of all runs explains. */
export interface SpikeSource {
  group: SpikeGroup
  key: string
  /** Its part of the slowest runs, and of all runs. */
  slow: Share
  all: Share
}

/** Whose the slowest runs are. */
export interface SpikesOverall {
  /** Runs with a known duration. */
  runs: number
  /** Milliseconds; runs above it are the slowest. Undefined while there are too few runs for a p95. */
  p95Ms: number | undefined
  slowRuns: number
  neededRuns: number
  /** Those that stand out, the largest part of the slowest runs first. */
  sources: SpikeSource[]
}

interface Timed {
  ms: number
  keys: Partial<Record<SpikeGroup, string>>
}

/** Collects duration and names of runs that are added one by one. */
export function spikesOverall() {
  const timed: Timed[] = []
  return {
    add(asked: AskedRun): void {
      const ms = asked.run.latencyMs
      if (ms === undefined) return
      timed.push({ ms, keys: Object.fromEntries(spikeGroups.map((group) => [group, groupOf(asked, group)])) })
    },
    result: (): SpikesOverall => spikesIn(timed),
  }
}

function spikesIn(timed: readonly Timed[]): SpikesOverall {
  const neededRuns = neededForInterval(0.95)
  const runs = timed.length
  if (runs < neededRuns) return { runs, p95Ms: undefined, slowRuns: 0, neededRuns, sources: [] }
  const p95Ms = quantile(Float64Array.from(timed, ({ ms }) => ms).sort(), 0.95)
  const slow = timed.filter(({ ms }) => ms > p95Ms)
  const sources = spikeGroups
    .flatMap((group) => standingOut(group, timed, slow))
    .sort((a, b) => b.slow.x - a.slow.x)
    .slice(0, 5)
  return { runs, p95Ms, slowRuns: slow.length, neededRuns, sources }
}

/**
 * Keys with more slow runs than chance explains: P(X ≥ x) of a binomial X under their part of all runs, below 5 % divided by
 * the number of keys (Bonferroni), so that among hundreds of users none stands out by luck.
 */
function standingOut(group: SpikeGroup, timed: readonly Timed[], slow: readonly Timed[]): SpikeSource[] {
  const all = countsOf(group, timed)
  const known = sumOf(all)
  return [...countsOf(group, slow)].flatMap(([key, x]) => {
    const runs = all.get(key) ?? 0
    const chance = 1 - jstat.binomial.cdf(x - 1, slow.length, runs / known)
    if (runs === known || chance * all.size >= 0.05) return []
    return [{ group, key, slow: { x, n: slow.length }, all: { x: runs, n: known } }]
  })
}

function countsOf(group: SpikeGroup, timed: readonly Timed[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { keys } of timed) {
    const key = keys[group]
    if (key) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}
