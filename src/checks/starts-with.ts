import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { againstText, folded, ignoreCase, quoted } from './text.js'

export const startsWith = defineCheck({
  name: 'starts-with',
  summary: 'the output starts with the reference, or a fixed value; space before it is ignored',
  settings: z.strictObject({
    value: z
      .string()
      .min(1)
      .optional()
      .describe("What the output has to start with; the case's reference, if left out."),
    ignore_case: ignoreCase,
  }),
  prepare({ value, ignore_case }) {
    const form = (text: string) => folded(text.trimStart(), ignore_case)
    return againstText(value, (got, wanted) => {
      if (form(wanted) === '') return unscored('the text to start with is blank')
      return verdictOf(form(got).startsWith(form(wanted)), `${quoted(got)}, expected ${quoted(wanted)} at its start`)
    })
  },
})
