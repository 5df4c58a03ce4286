import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { unscored, verdictOf } from '../core/eval/result.js'
import type { Json } from '../core/span.js'
import { defineCheck } from './check.js'
import { folded, ignoreCase, listed, quoted } from './text.js'

export const contains = defineCheck({
  name: 'contains',
  summary: 'the output contains each of some texts, or none of them; the reference (text or list) where none is set',
  settings: z.strictObject({
    value: z.string().min(1).optional().describe('A text to look for.'),
    values: z.array(z.string().min(1)).min(1).optional().describe('Texts to look for, beside `value`.'),
    all: z.boolean().default(true).describe('Whether each text has to be there (or absent); one is enough if false.'),
    absent: z.boolean().default(false).describe('Turns it round: the texts must not be there.'),
    ignore_case: ignoreCase,
  }),
  prepare({ value, values = [], all, absent, ignore_case }) {
    const set = value === undefined ? values : [value, ...values]
    return ({ case: { reference }, output }) => {
      const wanted = set.length > 0 ? set : textsOf(reference)
      const got = textOf(output.value)
      if (wanted.length === 0) return unscored('the case has no reference')
      if (got === undefined) return unscored('there is no output')
      const text = folded(got, ignore_case)
      const there = wanted.filter((part) => text.includes(folded(part, ignore_case)))
      const lacking = wanted.filter((part) => !text.includes(folded(part, ignore_case)))
      const right = absent ? lacking : there
      return verdictOf(all ? right.length === wanted.length : right.length > 0, reasonOf(there, lacking))
    }
  },
})

/** The texts of a reference; blank ones say nothing, since every output contains them. */
function textsOf(reference: Json | undefined): string[] {
  const texts = (Array.isArray(reference) ? reference : [reference]).map(textOf)
  return texts.filter((text) => text !== undefined && text.trim() !== '') as string[] // undefined is filtered out
}

function reasonOf(there: string[], lacking: string[]): string {
  return [
    ...(there.length > 0 ? [`contains ${listed(there.map(quoted))}`] : []),
    ...(lacking.length > 0 ? [`lacks ${listed(lacking.map(quoted))}`] : []),
  ].join('; ')
}
