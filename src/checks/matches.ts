import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { clipped, quoted } from './text.js'

export const matches = defineCheck({
  name: 'matches',
  summary: 'the output matches a regular expression, or does not',
  settings: z.strictObject({
    pattern: z
      .string()
      .min(1)
      .describe('Regular expression in RE2 syntax: no look-around, no back-references; `(?i)` in front ignores case.'),
    whole: z
      .boolean()
      .default(false)
      .describe('Whether the whole output has to match; space at its ends is ignored. A part is enough if false.'),
    absent: z.boolean().default(false).describe('Turns it round: the output must not match.'),
  }),
  async prepare({ pattern, whole, absent }) {
    // re2js takes a while to load: only a suite with this check waits for it.
    const { linearTest } = await import('../core/linear-expression.js')
    const test = linearTest(pattern, { whole })
    return ({ output }) => {
      const got = textOf(output.value)
      if (got === undefined) return unscored('there is no output')
      const isMatch = test(whole ? got.trim() : got)
      return verdictOf(
        isMatch !== absent,
        `${quoted(got)} ${isMatch ? 'matches' : 'does not match'} ${clipped(pattern)}`,
      )
    }
  },
})
