import type { Json, Usage } from '../../core/span.js'
import { count } from '../dialects/readers.js'
import { isObject, type JsonObject, unpack } from '../json.js'

/**
 * The usage that a row states: `usageDetails`, else the older `usage`, else the oldest columns. The older ones write 0 for
 * unknown, and may count characters or images, which are no tokens.
 */
export function readRowUsage(row: JsonObject): Usage | undefined {
  const details = unpack(row.usageDetails ?? null)
  if (isObject(details)) return readUsageDetails(details)
  const usage = unpack(row.usage ?? null)
  const older = isObject(usage) ? usage : row
  const unit = older.unit ?? row.unit
  if (typeof unit === 'string' && unit !== '' && unit.toUpperCase() !== 'TOKENS') return undefined
  const read = {
    input: count(
      older.input ?? older.promptTokens ?? older.prompt_tokens ?? row.promptTokens ?? row.inputUsage ?? null,
    ),
    output: count(
      older.output ??
        older.completionTokens ??
        older.completion_tokens ??
        row.completionTokens ??
        row.outputUsage ??
        null,
    ),
  }
  return (read.input ?? 0) + (read.output ?? 0) > 0 ? read : undefined
}

/**
 * The counts of `usageDetails`, whose parts are subsets of `input` and `output` in some writers and stand beside them in others:
 * when all of them sum to `total`, they are the additive ones. Undefined when neither side is stated.
 */
export function readUsageDetails(details: JsonObject): Usage | undefined {
  const parts = partsOf(details)
  const base = { input: first(parts, inputNames), output: first(parts, outputNames) }
  if ((base.input ?? base.output) === undefined) return undefined
  const sums = { input: 0, output: 0, all: 0 }
  const beside: Usage = {}
  for (const [name, tokens] of parts) {
    sums.all += tokens
    const side = sideOf(name)
    if (side !== undefined) sums[side] += tokens
    const part = partOf(name)
    if (part !== undefined) beside[part] = (beside[part] ?? 0) + tokens
  }
  const total = count(details.total ?? details.total_tokens ?? details.totalTokens ?? null)
  const isApart =
    sums.all > (base.input ?? 0) + (base.output ?? 0) &&
    (total === undefined ? parts.some(([name]) => anthropicNames.has(name)) : total === sums.all)
  if (!isApart) return { ...base, ...beside }
  return {
    input: sums.input > 0 ? sums.input : base.input,
    output: sums.output > 0 ? sums.output : base.output,
    ...beside,
    normalised: true,
  }
}

/** US dollars that a row states: its details, or their total. Sums of nothing are written as 0, which is no statement. */
export function readRowCost(row: JsonObject): Json | undefined {
  for (const name of ['costDetails', 'providedCostDetails']) {
    const details = unpack(row[name] ?? null)
    if (isObject(details) && Object.keys(details).length > 0) return details
  }
  const usage = unpack(row.usage ?? null)
  const given = [row.totalCost, row.calculatedTotalCost, isObject(usage) ? usage.totalCost : undefined]
  return given.find((cost) => (count(cost ?? null) ?? 0) > 0)
}

const inputNames = ['input', 'prompt_tokens', 'input_tokens', 'promptTokens', 'prompt']
const outputNames = ['output', 'completion_tokens', 'output_tokens', 'completionTokens', 'completion']
/** Anthropic's own names; its input never includes them, and it states no total. */
const anthropicNames: ReadonlySet<string> = new Set(['cache_read_input_tokens', 'cache_creation_input_tokens'])

/** Each count by its name; details that a provider nests (`prompt_tokens_details.cached_tokens`) are parts too. */
function partsOf(details: JsonObject): [name: string, tokens: number][] {
  const parts: [string, number][] = []
  for (const name of Object.keys(details)) {
    if (name === 'unit' || name.startsWith('total') || name.endsWith('Cost')) continue
    const value = details[name]!
    if (isObject(value)) {
      for (const inner of Object.keys(value)) add(`${name}.${inner}`, value[inner]!)
    } else add(name, value)
  }
  return parts

  function add(name: string, value: Json): void {
    const tokens = count(value)
    if (tokens !== undefined) parts.push([name, tokens])
  }
}

function first(parts: [string, number][], names: string[]): number | undefined {
  for (const name of names) {
    const part = parts.find(([key]) => key === name)
    if (part !== undefined) return part[1]
  }
  return undefined
}

function sideOf(name: string): 'input' | 'output' | undefined {
  if (/^(?:input|prompt|cache)/.test(name)) return 'input'
  return /^(?:output|completion|reasoning|thought|accepted_prediction|rejected_prediction)/.test(name)
    ? 'output'
    : undefined
}

function partOf(name: string): 'cachedInput' | 'cacheWrite' | 'reasoning' | undefined {
  if (name.includes('cache')) return /creation|write/.test(name) ? 'cacheWrite' : 'cachedInput'
  return /reasoning|thought/.test(name) ? 'reasoning' : undefined
}
