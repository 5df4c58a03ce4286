import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { againstText, folded, ignoreCase, quotedEnd } from './text.js'

export const endsWith = defineCheck({
  name: 'ends-with',
  summary: 'the output ends with the reference, or a fixed value; space after it is ignored',
  settings: z.strictObject({
    value: z.string().min(1).optional().describe("What the output has to end with; the case's reference, if left out."),
    ignore_case: ignoreCase,
  }),
  prepare({ value, ignore_case }) {
    const form = (text: string) => folded(text.trimEnd(), ignore_case)
    return againstText(value, (got, wanted) => {
      if (form(wanted) === '') return unscored('the text to end with is blank')
      return verdictOf(form(got).endsWith(form(wanted)), `${quotedEnd(got)}, expected ${quotedEnd(wanted)} at its end`)
    })
  },
})
