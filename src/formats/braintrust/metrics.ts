import type { Attributes, Json } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import type { Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import type { StatedUsage } from '../stated.js'
import { readMoment } from '../time.js'

/** What the metrics of a row say, read; the others are attributes. */
export interface RowMetrics {
  start: { ms?: number; ns?: string }
  end: { ms?: number; ns?: string }
  usage: StatedUsage | undefined
  costUsd: Json | undefined
}

/** Our counts and the names that SDKs and proxies give them, the specification's first. Input includes the cache's parts. */
const counts = {
  input: ['prompt_tokens', 'input_tokens'],
  output: ['completion_tokens', 'output_tokens'],
  cachedInput: ['prompt_cached_tokens', 'cached_tokens'],
  cacheWrite: ['prompt_cache_creation_tokens', 'prompt_cache_write_tokens'],
  reasoning: ['completion_reasoning_tokens', 'reasoning_tokens'],
} as const

const written = ['prompt_cache_creation_5m_tokens', 'prompt_cache_creation_1h_tokens'] as const

/** Metrics are numbers by name: times in seconds, counts of tokens, US dollars, anything that an application measures. */
export function readMetrics(value: Json | undefined, attributes: Attributes, reading: Reading, at: string): RowMetrics {
  const metrics = isObject(value) ? value : {}
  if (value !== undefined && !isObject(value)) reading.problems.push(`${at}metrics: expected an object`)
  const used: string[] = ['start', 'end', ...written]
  const take = (names: readonly string[]): Json | undefined => {
    const name = names.find((each) => isGiven(metrics[each]))
    if (name === undefined) return undefined
    used.push(name)
    if (count(metrics[name]!) === undefined) reading.problems.push(`${at}metrics.${name}: expected a number from 0`)
    return metrics[name]
  }
  const usage = {
    input: take(counts.input),
    output: take(counts.output),
    cachedInput: take(counts.cachedInput),
    cacheWrite: take(counts.cacheWrite) ?? sumOf(metrics, written),
    reasoning: take(counts.reasoning),
  }
  const read: RowMetrics = {
    start: readTime(metrics.start, `${at}metrics.start`, reading),
    end: readTime(metrics.end, `${at}metrics.end`, reading),
    usage: (usage.input ?? usage.output) === undefined ? undefined : usage,
    costUsd: take(['estimated_cost', 'cost']),
  }
  for (const key of Object.keys(metrics))
    if (!used.includes(key) && isGiven(metrics[key])) attributes[`braintrust.metrics.${key}`] = metrics[key]!
  return read
}

function sumOf(metrics: JsonObject, names: readonly string[]): number | undefined {
  const parts = names.map((name) => count(metrics[name] ?? null)).filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0)
}

/** Snapshots of the SDK's own tests have `<number>` where a value changes from run to run. */
function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && !isPlaceholder(value)
}

/** True for what stands in snapshots in the place of a value: it says nothing. */
export function isPlaceholder(value: Json): boolean {
  return typeof value === 'string' && value.startsWith('<') && value.endsWith('>')
}

/** 0 is a time that was taken out. */
function readTime(value: Json | undefined, at: string, reading: Reading): { ms?: number; ns?: string } {
  if (!isGiven(value) || value === 0) return {}
  const moment = readMoment(value)
  if (moment.ms === undefined) reading.problems.push(`${at}: expected seconds since 1970; left out`)
  return moment
}
