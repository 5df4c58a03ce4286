import { z } from 'zod'
import { defineCheck } from './check.js'
import { duration } from './duration.js'
import { judgeLimits } from './limit.js'

export const maxLatency = defineCheck({
  name: 'max-latency',
  summary: 'the output took no longer than a limit; score: milliseconds',
  settings: z.strictObject({ max: duration.describe('The longest time that passes: 800ms, 2s, 1m.') }),
  prepare({ max }) {
    return ({ output }) =>
      judgeLimits([{ what: 'latency', value: output.latencyMs, max, show: (milliseconds) => `${milliseconds} ms` }])
  },
})
