import type { BillingLine } from '../../core/billing.js'
import { type Columns, isRow, type Row } from '../row.js'
import { type Cells, usageOf } from './cells.js'
import type { Shape } from './shape.js'

/** Our field of a line of a bill → the names under which exports usually keep it, first match wins. */
export const billingColumns = {
  id: ['id', 'request_id', 'requestId', 'generation_id', 'response_id'],
  time: [
    'time',
    'timestamp',
    'created_at',
    'createdAt',
    'request_created_at',
    'start_time',
    'startTime',
    'date',
    'Date',
    'day',
  ],
  end: ['end', 'end_time', 'endTime'],
  provider: ['provider', 'provider_name', 'vendor'],
  model: ['model', 'model_name', 'response_model', 'request_model', 'Model'],
  cost_usd: ['cost_usd', 'costUsd', 'costUSD', 'cost', 'total_cost', 'amount_usd', 'spend', 'Cost'],
  currency: ['currency', 'cost_currency'],
  input_tokens: ['input_tokens', 'prompt_tokens', 'tokens_prompt', 'inputTokens', 'promptTokens'],
  output_tokens: ['output_tokens', 'completion_tokens', 'tokens_completion', 'outputTokens', 'completionTokens'],
  cached_input_tokens: [
    'cached_input_tokens',
    'cached_tokens',
    'cache_read_tokens',
    'cache_read_input_tokens',
    'prompt_cache_read_tokens',
  ],
  cache_write_tokens: [
    'cache_write_tokens',
    'cache_creation_tokens',
    'cache_creation_input_tokens',
    'prompt_cache_write_tokens',
  ],
  reasoning_tokens: ['reasoning_tokens', 'tokens_reasoning'],
  calls: ['calls', 'requests', 'num_requests', 'request_count', 'Requests'],
} as const

/** Any other export, by usual or mapped columns. A row with an id bills one call, unless it says how many. */
export function otherShape(columns: Columns): Shape {
  const names = (field: keyof typeof billingColumns): readonly string[] => {
    const mapped = columns[field]
    return mapped === undefined ? billingColumns[field] : [mapped]
  }
  return {
    name: 'other',
    fits: () => true,
    mayRepeat: true,
    read: (cells) => {
      const id = cells.text(...names('id'))
      const dated = dayOnly(cells, names('time'))
      return {
        id,
        ...(dated ?? { startMs: cells.timeMs(...names('time')), endMs: cells.timeMs(...names('end')) }),
        provider: cells.text(...names('provider')),
        model: cells.text(...names('model')),
        costUsd: cells.usd(...names('cost_usd')),
        currency: cells.text(...names('currency')),
        calls: cells.count(...names('calls')) ?? (id === undefined ? undefined : 1),
        usage: usageOf({
          input: cells.count(...names('input_tokens')),
          output: cells.count(...names('output_tokens')),
          cachedInput: cells.count(...names('cached_input_tokens')),
          cacheWrite: cells.count(...names('cache_write_tokens')),
          reasoning: cells.count(...names('reasoning_tokens')),
        }),
      }
    },
  }
}

/** True when pilot.yaml maps a column that this row has: then the team's own names are read, whatever the row looks like. */
export function isMapped(row: Row, columns: Columns): boolean {
  return Object.values(columns).some((name) => name !== undefined && (Object.hasOwn(row, name) || isNested(row, name)))
}

function isNested(row: Row, name: string): boolean {
  const [first = ''] = name.split('.', 1)
  return first !== name && Object.hasOwn(row, first) && isRow(row[first]!)
}

/** A date without a time of day is the whole day. */
function dayOnly(cells: Cells, names: readonly string[]): Pick<BillingLine, 'startMs' | 'endMs'> | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(cells.text(...names) ?? '')) return undefined
  const startMs = cells.timeMs(...names)
  return startMs === undefined ? undefined : { startMs, endMs: startMs + 86_400_000 }
}
