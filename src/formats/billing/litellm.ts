import { isObject, unpack } from '../json.js'
import type { Row } from '../row.js'
import { cellsOf, usageOf } from './cells.js'
import { hasAll, type Shape } from './shape.js'

const dayMs = 86_400_000

/** LiteLLM: its spend logs, one call a row, and its daily activity, one model and key a day. */
export const litellm: Shape = {
  name: 'litellm',
  fits: (row) => hasAll(row, 'request_id', 'spend', 'startTime') || hasAll(row, 'date', 'spend', 'api_requests'),
  read: (cells, row) => {
    const id = cells.text('request_id')
    const dayStartMs = cells.timeMs('date')
    const startMs = cells.timeMs('startTime')
    const logged = cellsOf(metadataOf(row))
    return {
      id,
      startMs: startMs ?? dayStartMs,
      endMs: startMs === undefined && dayStartMs !== undefined ? dayStartMs + dayMs : cells.timeMs('endTime'),
      provider: cells.text('custom_llm_provider'),
      model: cells.text('model'),
      costUsd: cells.usd('spend'),
      calls: id === undefined ? cells.count('api_requests') : 1,
      usage: usageOf({
        input: cells.count('prompt_tokens'),
        output: cells.count('completion_tokens'),
        cachedInput:
          cells.count('cache_read_input_tokens') ??
          logged.count(
            'additional_usage_values.cache_read_input_tokens',
            'usage_object.cache_read_input_tokens',
            'usage_object.prompt_tokens_details.cached_tokens',
          ),
        cacheWrite:
          cells.count('cache_creation_input_tokens') ??
          logged.count(
            'additional_usage_values.cache_creation_input_tokens',
            'usage_object.cache_creation_input_tokens',
          ),
        reasoning: logged.count('usage_object.completion_tokens_details.reasoning_tokens'),
      }),
    }
  },
}

/** What a spend log keeps of the answer's usage: an object, or the JSON text of one. */
function metadataOf(row: Row): Row {
  const metadata = Object.hasOwn(row, 'metadata') ? unpack(row.metadata!) : undefined
  return isObject(metadata) ? metadata : {}
}

/** The rows of one day of LiteLLM's daily activity: a model and key each, else a model each, else the day. Undefined for anything else. */
export function litellmDay(day: Row): Row[] | undefined {
  if (!isObject(day.metrics) || typeof day.date !== 'string') return undefined
  const { date, metrics, breakdown } = day
  const models = isObject(breakdown) && isObject(breakdown.models) ? Object.entries(breakdown.models) : []
  if (models.length === 0) return [{ ...metrics, date }]
  return models.flatMap(([model, entry]): Row[] => {
    if (!isObject(entry)) return []
    const keys = isObject(entry.api_key_breakdown) ? Object.entries(entry.api_key_breakdown) : []
    const perKey = keys.flatMap(([key, part]): Row[] =>
      isObject(part) && isObject(part.metrics) ? [{ ...part.metrics, date, model, api_key: key }] : [],
    )
    if (perKey.length > 0) return perKey
    return isObject(entry.metrics) ? [{ ...entry.metrics, date, model }] : []
  })
}
