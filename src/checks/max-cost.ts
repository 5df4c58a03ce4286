import { z } from 'zod'
import { defineCheck } from './check.js'
import { judgeLimits } from './limit.js'

export const maxCost = defineCheck({
  name: 'max-cost',
  summary: 'the output cost no more than a limit; score: US dollars',
  settings: z.strictObject({ usd: z.number().min(0).describe('The most that passes, in US dollars.') }),
  prepare({ usd }) {
    return ({ output }) =>
      judgeLimits([{ what: 'cost', value: exact(output.costUsd), max: usd, show: (dollars) => `$${dollars}` }])
  },
})

/** In binary a cost of 0.1 + 0.2 is a hair above 0.3, and would miss a limit that it meets. */
function exact(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Number(usd.toPrecision(12))
}
