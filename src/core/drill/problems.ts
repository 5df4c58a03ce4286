import { shuffle } from '../shuffle.js'
import { quantile } from '../stats/quantile.js'
import type { Incident, Signal } from './drill.js'
import { signals } from './drill.js'

/** A run with what speaks against it. */
export interface Problem extends Omit<Incident, 'id' | 'complaint'> {
  /** Milliseconds; undefined where unknown. */
  latencyMs?: number
  /** US dollars; undefined where unknown. */
  costUsd?: number
}

/** One problem per request: what its traces on several platforms show, joined. A run without a request stands alone. */
export function joinByRequest(problems: readonly Problem[]): Problem[] {
  const joined = new Map<string, Problem>()
  for (const problem of problems) {
    const trace = problem.traces[0]
    const key =
      problem.requestId === undefined ? `trace ${trace?.platform} ${trace?.traceId}` : `request ${problem.requestId}`
    const before = joined.get(key)
    joined.set(key, before === undefined ? problem : joinTwo(before, problem))
  }
  return [...joined.values()]
}

function joinTwo(a: Problem, b: Problem): Problem {
  const seen = new Set([...a.signals, ...b.signals])
  // Of several traces of one request on one platform the first stands for it.
  const others = b.traces.filter(({ platform }) => !a.traces.some((trace) => trace.platform === platform))
  return { ...b, ...a, signals: signals.filter((signal) => seen.has(signal)), traces: [...a.traces, ...others] }
}

/** How many known values an outlier needs beside it. */
const enough = 20

/** The problems with `slow` and `dear` added: beyond the upper quartile by more than three times the middle half (Tukey's far out). */
export function addOutliers(problems: readonly Problem[]): Problem[] {
  const slowMs = farOut(problems.map(({ latencyMs }) => latencyMs))
  const dearUsd = farOut(problems.map(({ costUsd }) => costUsd))
  return problems.map((problem) => {
    const { latencyMs = 0, costUsd = 0 } = problem
    const found: Signal[] = [
      ...problem.signals,
      ...(latencyMs > slowMs ? (['slow'] as const) : []),
      ...(costUsd > dearUsd ? (['dear'] as const) : []),
    ]
    return { ...problem, signals: found }
  })
}

/** Above it a value is far out; infinite while too few are known, or nearly all are equal. */
function farOut(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined).sort((a, b) => a - b)
  if (known.length < enough) return Number.POSITIVE_INFINITY
  const [lower, upper] = [quantile(known, 0.25), quantile(known, 0.75)]
  return upper > lower ? upper + 3 * (upper - lower) : Number.POSITIVE_INFINITY
}

/**
 * `count` problems, spread over causes and tenants: one signal after the other in turn, and in each the tenant that was taken
 * least often; among equals `random` decides.
 */
export function pickProblems(problems: readonly Problem[], count: number, random: () => number): Problem[] {
  const left = new Map(
    signals.map((signal) => [
      signal,
      shuffle(
        problems.filter((problem) => problem.signals[0] === signal),
        random,
      ),
    ]),
  )
  const taken = new Map<string | undefined, number>()
  const picked: Problem[] = []
  while (picked.length < count && [...left.values()].some((group) => group.length > 0)) {
    for (const [signal, group] of left) {
      const next = rarest(group, taken)
      if (next === undefined || picked.length >= count) continue
      picked.push(next)
      taken.set(next.tenant, (taken.get(next.tenant) ?? 0) + 1)
      left.set(
        signal,
        group.filter((problem) => problem !== next),
      )
    }
  }
  return picked
}

function rarest(group: readonly Problem[], taken: ReadonlyMap<string | undefined, number>): Problem | undefined {
  const times = ({ tenant }: Problem) => taken.get(tenant) ?? 0
  const fewest = Math.min(...group.map(times))
  return group.find((problem) => times(problem) === fewest)
}
