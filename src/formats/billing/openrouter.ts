import { usageOf } from './cells.js'
import { hasAll, type Shape } from './shape.js'

const dayMs = 86_400_000

/**
 * OpenRouter's activity: one call a row (`generation_id`), or one model a day by the API or the page's CSV. What a key of the
 * team's own paid its provider (`byok_…`) is on that provider's bill and is left out here.
 */
export const openrouter: Shape = {
  name: 'openrouter',
  fits: (row) =>
    hasAll(row, 'generation_id', 'cost_total') ||
    hasAll(row, 'model_permaslug', 'usage', 'requests') ||
    hasAll(row, 'Slug', 'Usage', 'Requests'),
  read: (cells) => {
    const id = cells.text('generation_id')
    const dayStartMs = cells.timeMs('date', 'Date')
    const createdMs = cells.timeMs('created_at')
    const isDay = id === undefined && createdMs === undefined && dayStartMs !== undefined
    return {
      id,
      startMs: createdMs ?? dayStartMs,
      endMs: isDay ? dayStartMs + dayMs : undefined,
      provider: 'openrouter',
      model: cells.text('model_permaslug', 'model', 'Slug'),
      costUsd: cells.usd('cost_total', 'usage', 'Usage'),
      calls: id === undefined ? cells.count('requests', 'Requests') : 1,
      usage: usageOf({
        input: cells.count('tokens_prompt', 'prompt_tokens', 'Prompt Tokens'),
        output: cells.count('tokens_completion', 'completion_tokens', 'Completion Tokens'),
        cachedInput: cells.count('tokens_cached'),
        reasoning: cells.count('tokens_reasoning', 'reasoning_tokens', 'Reasoning Tokens'),
      }),
    }
  },
}
