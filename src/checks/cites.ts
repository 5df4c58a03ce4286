import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { citationReader, citationSettings } from './citations.js'
import { counted } from './counted.js'
import { idsOf } from './retrieved.js'

export const cites = defineCheck({
  name: 'cites',
  summary: 'the output cites something; score: how many different documents',
  settings: z.strictObject({
    min: z.int().min(1).default(1).describe('How many different documents have to be cited.'),
    ...citationSettings,
  }),
  prepare({ min, ...by }) {
    const read = citationReader('cites', by)
    return ({ output: { value, documents } }) => {
      if (value === undefined || value === null) return unscored('there is no output')
      const n = read(value, idsOf(documents)).length
      return verdictOf(n >= min, `${counted(n, 'citation')}, expected at least ${min}`, n)
    }
  },
})
