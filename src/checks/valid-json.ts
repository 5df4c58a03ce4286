import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { isJsonText, notJsonText, unfenced } from './json-of.js'
import { quoted } from './text.js'

export const validJson = defineCheck({
  name: 'valid-json',
  summary: 'the output is JSON, or text that parses as JSON',
  settings: z.strictObject({
    fences: z.boolean().default(false).describe('Whether one code fence (```json) may stand around it.'),
  }),
  prepare:
    ({ fences }) =>
    ({ output: { value } }) => {
      if (value === undefined || value === null) return unscored('there is no output')
      if (typeof value !== 'string') return verdictOf(true, 'it was read as JSON')
      const text = fences ? unfenced(value) : value
      return isJsonText(text) ? verdictOf(true, `${quoted(value)} is JSON`) : verdictOf(false, notJsonText(text))
    },
})
