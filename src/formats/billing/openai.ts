import { identityOf, usageOf } from './cells.js'
import { hasAll, type Shape } from './shape.js'

const completions = 'organization.usage.completions.result'
const starts = ['start_time', 'start_time_iso'] as const
const ends = ['end_time', 'end_time_iso'] as const

/** Columns of the dashboard's CSV that repeat an id or a time, so that the CSV and the API give one line the same identity. */
const isRepeated = (name: string) =>
  /_iso$|_name$|_email$|^organization_id$|^api_source$|^quantity_unit$|^currency$|^amount_currency$/.test(name)

/** OpenAI's usage, by the API (`organization.usage.….result` in buckets) or the dashboard's CSV. `input_tokens` includes cache reads and writes. */
export const openaiUsage: Shape = {
  name: 'openai usage',
  fits: (row) =>
    (typeof row.object === 'string' && row.object.startsWith('organization.usage.')) ||
    (hasAll(row, 'num_model_requests') && starts.some((name) => Object.hasOwn(row, name))),
  read: (cells, row) => ({
    startMs: cells.timeMs(...starts),
    endMs: cells.timeMs(...ends),
    provider: 'openai',
    model: cells.text('model'),
    calls: cells.count('num_model_requests'),
    usage: usageOf({
      input: cells.count('input_tokens'),
      output: cells.count('output_tokens'),
      cachedInput: cells.count('input_cached_tokens'),
      cacheWrite: cells.count('input_cache_write_tokens'),
    }),
    // Completions are what a row of the CSV means without saying so.
    identity: identityOf({ ...row, object: row.object === completions ? null : (row.object ?? null) }, isRepeated),
  }),
}

/** OpenAI's costs, by the API (`organization.costs.result`) or the dashboard's CSV: dollars per line item, no tokens and no calls. */
export const openaiCosts: Shape = {
  name: 'openai costs',
  fits: (row) =>
    row.object === 'organization.costs.result' || hasAll(row, 'start_time', 'amount_value', 'amount_currency'),
  read: (cells, row) => ({
    startMs: cells.timeMs(...starts),
    endMs: cells.timeMs(...ends),
    provider: 'openai',
    model: modelOfItem(cells.text('line_item')),
    costUsd: cells.usd('amount.value', 'amount_value'),
    currency: cells.text('amount.currency', 'amount_currency'),
    identity: identityOf({ ...row, object: 'costs', amount: null }, isRepeated),
  }),
}

/** A line item names its model in front of a comma, `gpt-4o-2024-08-06, input`; without one it is something else (tools, storage …). */
function modelOfItem(item: string | undefined): string | undefined {
  const at = item?.indexOf(',') ?? -1
  return at > 0 ? item?.slice(0, at).trim() : undefined
}
