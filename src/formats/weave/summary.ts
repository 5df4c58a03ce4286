import type { Json, SpanStatus } from '../../core/span.js'
import { readProviderUsage } from '../bodies/counts.js'
import { count } from '../dialects/readers.js'
import { isObject, type JsonObject } from '../json.js'
import type { StatedUsage } from '../stated.js'

/** What a call's summary says: of the call itself, and for a parent also of all calls below it. */
export interface WeaveSummary {
  usage?: StatedUsage
  /** The models that the usage is of. */
  models: string[]
  /** US dollars, where costs were asked for. */
  costUsd?: number
  status?: SpanStatus
  /** True when the counts are the call's own: it has no calls below it. */
  isOwn: boolean
  feedback: Json | undefined
}

/** The summary of one call; usage and costs are sums over its models. */
export function readSummary(summary: JsonObject, problems: string[]): WeaveSummary {
  const weave = isObject(summary.weave) ? summary.weave : {}
  const usage = isObject(summary.usage) ? summary.usage : {}
  const models = Object.keys(usage)
  return {
    usage: sumOf(models.map((model) => (isObject(usage[model]) ? readProviderUsage(usage[model]) : undefined))),
    models,
    costUsd: costIn(weave.costs),
    status: statusOf(weave.status, problems),
    isOwn: callsIn(summary.status_counts ?? weave.status_counts) === 1,
    feedback: weave.feedback,
  }
}

/** `descendant_error` is a success of the call itself. */
function statusOf(word: Json | undefined, problems: string[]): SpanStatus | undefined {
  if (word === undefined || word === null || word === '') return undefined
  if (word === 'error') return 'error'
  if (word === 'success' || word === 'descendant_error') return 'ok'
  if (word !== 'running') problems.push('summary.weave.status: expected success, error, running or descendant_error')
  return 'unset'
}

/** How many calls a summary counts, the call itself included; undefined where it does not say. */
function callsIn(counts: Json | undefined): number | undefined {
  if (!isObject(counts)) return undefined
  let calls = 0
  for (const status of Object.keys(counts)) calls += count(counts[status]!) ?? 0
  return calls
}

const parts = ['input', 'output', 'cachedInput', 'cacheWrite', 'reasoning'] as const

function sumOf(usages: (StatedUsage | undefined)[]): StatedUsage | undefined {
  const sum: StatedUsage = {}
  for (const usage of usages)
    for (const part of parts) {
      const tokens = count(usage?.[part] ?? null)
      if (tokens !== undefined) sum[part] = (count(sum[part] ?? null) ?? 0) + tokens
    }
  if (usages.some((usage) => usage?.normalised)) sum.normalised = true
  return parts.some((part) => sum[part] !== undefined) ? sum : undefined
}

/** The sum of all `…_total_cost`; undefined where none is stated. */
function costIn(costs: Json | undefined): number | undefined {
  if (!isObject(costs)) return undefined
  let sum: number | undefined
  for (const model of Object.keys(costs)) {
    const entry = costs[model]!
    if (!isObject(entry)) continue
    for (const key of Object.keys(entry)) {
      const dollars = key.endsWith('_total_cost') ? count(entry[key]!) : undefined
      if (dollars !== undefined) sum = (sum ?? 0) + dollars
    }
  }
  return sum
}
