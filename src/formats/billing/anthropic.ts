import { sumOf, usageOf } from './cells.js'
import { hasAll, type Shape } from './shape.js'

/** Anthropic's usage, by the API (usage_report/messages) or the Console's CSV. The input excludes the cache, and calls are not counted. */
export const anthropicUsage: Shape = {
  name: 'anthropic usage',
  fits: (row) =>
    hasAll(row, 'usage_date_utc', 'usage_output_tokens') || hasAll(row, 'uncached_input_tokens', 'starting_at'),
  read: (cells) => {
    const fresh = cells.count('uncached_input_tokens', 'usage_input_tokens_no_cache')
    const cachedInput = cells.count('cache_read_input_tokens', 'usage_input_tokens_cache_read')
    const cacheWrite = sumOf(
      cells.count('cache_creation.ephemeral_5m_input_tokens', 'usage_input_tokens_cache_write_5m'),
      cells.count('cache_creation.ephemeral_1h_input_tokens', 'usage_input_tokens_cache_write_1h'),
    )
    return {
      ...bucket(cells.timeMs('starting_at'), cells.timeMs('ending_at'), cells.timeMs('usage_date_utc')),
      provider: 'anthropic',
      model: cells.text('model', 'model_version'),
      usage: usageOf({
        input: sumOf(fresh, cachedInput, cacheWrite),
        output: cells.count('output_tokens', 'usage_output_tokens'),
        cachedInput,
        cacheWrite,
      }),
    }
  },
}

/**
 * Anthropic's costs: the API's cost_report states cents as decimal text ("123.45" is $1.23), the Console's CSV dollars. A line
 * is one token type of one model; those of other costs (web search …) name none.
 */
export const anthropicCost: Shape = {
  name: 'anthropic cost',
  fits: (row) => hasAll(row, 'usage_date_utc', 'cost_usd') || hasAll(row, 'starting_at', 'amount', 'currency'),
  read: (cells) => {
    const cents = cells.usd('amount')
    return {
      ...bucket(cells.timeMs('starting_at'), cells.timeMs('ending_at'), cells.timeMs('usage_date_utc')),
      provider: 'anthropic',
      model: cells.text('model'),
      costUsd: cents === undefined ? cells.usd('cost_usd') : cents / 100,
      currency: cells.text('currency'),
    }
  },
}

const dayMs = 86_400_000

/** The bucket of the API, or the whole day of the Console's CSV. */
function bucket(startMs: number | undefined, endMs: number | undefined, dayStartMs: number | undefined) {
  if (startMs !== undefined || dayStartMs === undefined) return { startMs, endMs }
  return { startMs: dayStartMs, endMs: dayStartMs + dayMs }
}
