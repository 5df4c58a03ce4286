import type { Group, Sample } from './evidence.js'
import { neededForInterval, quantile, quantileInterval } from './stats/quantile.js'

export interface Percentile {
  /** 0–1. */
  p: number
  value: number
  /** 95 %, from order statistics; absent while the sample is too small for one. */
  interval?: { low: number; high: number }
  /** The n from which there is an interval. */
  neededN: number
}

/** A sample in the few numbers that are shown of it, in the unit of its values. */
export interface Summary {
  n: number
  /** How many more there are whose value is unknown; no number here counts them. */
  unknown: number
  /** Of the known values; undefined if none is known. */
  sum: number | undefined
  /** p50, p95 and p99; empty if no value is known. */
  percentiles: Percentile[]
}

/** The summary of a sample. */
export function summarise({ values, unknown }: Sample): Summary {
  if (values.length === 0) return { n: 0, unknown, sum: undefined, percentiles: [] }
  const sorted = Float64Array.from(values).sort()
  let sum = 0
  for (const value of values) sum += value
  const percentiles = [0.5, 0.95, 0.99].map((p) => percentile(sorted, p))
  return { n: values.length, unknown, sum, percentiles }
}

function percentile(sorted: Float64Array, p: number): Percentile {
  const bounds = quantileInterval(sorted, p)
  const interval = bounds && { low: bounds.low, high: bounds.high }
  return { p, value: quantile(sorted, p), ...(interval && { interval }), neededN: neededForInterval(p) }
}

/** One group of a dimension, summarised. */
export interface GroupSummary extends Summary {
  key: string
  /** Part of the known total of all groups, 0–1; undefined where that is 0 or unknown. */
  part: number | undefined
  errors: Group['errors']
}

/** The groups of a dimension by cost or by time, the largest total first and those without a known value last. */
export function breakDown(groups: readonly Group[], by: 'costUsd' | 'latencyMs'): GroupSummary[] {
  const summaries = groups.map((group) => ({ key: group.key, errors: group.errors, ...summarise(group[by]) }))
  let total = 0
  for (const { sum } of summaries) total += sum ?? 0
  return summaries
    .map((summary) => ({
      ...summary,
      part: summary.sum === undefined || total === 0 ? undefined : summary.sum / total,
    }))
    .sort((a, b) => (b.sum ?? -1) - (a.sum ?? -1) || (a.key < b.key ? -1 : 1))
}
