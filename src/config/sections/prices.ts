import { z } from 'zod'
import { day, text } from './values.js'

const rate = z.number().min(0).max(1_000_000)

/** `prices`: models that the built-in price table lacks, or that cost this team something else. */
export const Prices = z.array(
  z.strictObject({
    model: text.describe('The model as the traces name it, exactly.'),
    provider: text.optional().describe('Only for this provider.'),
    from: day.optional().describe('Valid from this day on, UTC; always, if left out.'),
    input_per_million: rate.describe('US dollars per million input tokens.'),
    output_per_million: rate.describe('US dollars per million output tokens.'),
    cache_read_per_million: rate
      .optional()
      .describe('US dollars per million input tokens read from the cache; as input, if left out.'),
    cache_write_per_million: rate
      .optional()
      .describe('US dollars per million input tokens written to the cache; as input, if left out.'),
  }),
)
