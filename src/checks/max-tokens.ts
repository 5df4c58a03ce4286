import { z } from 'zod'
import { PilotError } from '../core/errors.js'
import type { Output } from '../core/eval/case.js'
import { defineCheck } from './check.js'
import { judgeLimits, type Limit } from './limit.js'

const most = z.int().min(0).optional()

export const maxTokens = defineCheck({
  name: 'max-tokens',
  summary: 'the output used no more tokens than its limits; score: tokens of the first of total, input, output',
  settings: z.strictObject({
    total: most.describe('The most tokens of input and output together.'),
    input: most.describe('The most tokens of input, those read from a cache included.'),
    output: most.describe('The most tokens of output.'),
  }),
  prepare({ total, input, output }) {
    const limits = [
      { what: 'total tokens', max: total, read: totalTokens },
      { what: 'input tokens', max: input, read: ({ inputTokens }: Output) => inputTokens },
      { what: 'output tokens', max: output, read: ({ outputTokens }: Output) => outputTokens },
    ]
    if (limits.every(({ max }) => max === undefined))
      throw new PilotError('max-tokens: there is no limit.', { hint: 'Set total, input or output.' })
    return (item) =>
      judgeLimits(
        limits.flatMap(({ what, max, read }): Limit[] =>
          max === undefined ? [] : [{ what, max, value: read(item.output), show: String }],
        ),
      )
  },
})

function totalTokens({ inputTokens, outputTokens }: Output): number | undefined {
  return inputTokens === undefined || outputTokens === undefined ? undefined : inputTokens + outputTokens
}
