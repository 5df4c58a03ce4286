import { z } from 'zod'
import { verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { againstText, folded, ignoreCase, quoted, spaced } from './text.js'

export const equals = defineCheck({
  name: 'equals',
  summary: 'the output is the reference, or a fixed value; space around it is ignored',
  settings: z.strictObject({
    value: z.string().optional().describe("What the output has to be; the case's reference, if left out."),
    ignore_case: ignoreCase,
  }),
  prepare({ value, ignore_case }) {
    const form = (text: string) => folded(spaced(text), ignore_case)
    return againstText(value, (got, wanted) =>
      verdictOf(form(got) === form(wanted), `${quoted(got)}, expected ${quoted(wanted)}`),
    )
  },
})
