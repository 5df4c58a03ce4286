import { type Dimension, dimensions } from './evidence.js'
import { entryOf } from './keys.js'
import { modelOf, promptKey, type Run, stepsOf } from './run.js'
import { runValue, workflowOf } from './select.js'
import { fewestExcess, findSources, type SpikeExcess, type SpikeSource, type SpikeValue } from './spike-sources.js'
import { neededForInterval, quantile } from './stats/quantile.js'
import { stepName } from './step.js'

/** Whose the slow runs are. */
export interface Spikes {
  /** Runs with a known duration, and those without. */
  runs: number
  unknown: number
  /** Milliseconds; runs above it are slow. Undefined while there are too few runs for a p95, and none was given. */
  limitMs: number | undefined
  limitIs: 'p95' | 'given'
  /** From so many runs on the p95 has an interval. */
  neededRuns: number
  slowRuns: number
  /** Values that were tested; that have too few runs; and beyond the most frequent of their dimension. */
  tested: number
  tooFew: number
  tooMany: number
  /** Where none stands out: the smallest excess that would have. Undefined where not even slow runs alone would. */
  smallestExcess: SpikeExcess | undefined
  /** The most excess slow runs first. */
  sources: SpikeSource[]
  /** How many more values stand out, of dimensions that were not asked for. */
  elsewhere: number
}

/** Collects duration and values of runs that are added one by one. */
export function spikeTally() {
  const latencies: number[] = []
  let unknown = 0
  const values = new Map(dimensions.map((dimension) => [dimension, new Map<string, SpikeValue>()]))
  return {
    add(run: Run): void {
      if (run.latencyMs === undefined) {
        unknown += 1
        return
      }
      const number = latencies.push(run.latencyMs) - 1
      for (const [dimension, entries] of values)
        for (const key of valuesOf(run, dimension)) {
          if (key === undefined || key === '') continue
          const { runs } = entryOf(entries, key, (kept) => ({ key: kept, isOthers: kept !== key, runs: [] }))
          if (runs.at(-1) !== number) runs.push(number)
        }
    },
    /** `overMs`: a run is slow above so many milliseconds, else above the p95 of all. */
    result: (overMs?: number): Spikes =>
      spikesIn(
        latencies,
        [...values].map(([dimension, entries]) => ({ dimension, values: [...entries.values()] })),
        { unknown, overMs },
      ),
  }
}

/** The values of a run, each as often as it has it. */
function valuesOf(run: Run, dimension: Dimension): Iterable<string | undefined> {
  const { trace, root, calls } = run
  if (dimension === 'workflow') return [workflowOf(trace, root)]
  if (dimension === 'model') return calls.map(modelOf)
  if (dimension === 'step') return stepsOf(run).map(stepName)
  if (dimension === 'prompt version') return calls.map(promptKey)
  return [runValue(trace, root, dimension)]
}

function spikesIn(
  latencies: readonly number[],
  groups: readonly { dimension: Dimension; values: SpikeValue[] }[],
  { unknown, overMs }: { unknown: number; overMs: number | undefined },
): Spikes {
  const neededRuns = neededForInterval(0.95)
  const limitMs = overMs ?? (latencies.length < neededRuns ? undefined : quantile(ascending(latencies), 0.95))
  const isSlow = Uint8Array.from(latencies, (ms) => (limitMs !== undefined && ms > limitMs ? 1 : 0))
  let slowRuns = 0
  for (const slow of isSlow) slowRuns += slow
  const { sources, tested, ...counts } = findSources(groups, isSlow)
  return {
    ...{ runs: latencies.length, unknown, limitMs, neededRuns, slowRuns },
    limitIs: overMs === undefined ? 'p95' : 'given',
    ...counts,
    tested: tested.length,
    smallestExcess: sources.length > 0 || slowRuns === 0 ? undefined : fewestExcess(tested),
    sources,
    elsewhere: 0,
  }
}

function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}
