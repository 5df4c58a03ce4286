import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { unscored, verdictOf } from '../core/eval/result.js'
import type { Json } from '../core/span.js'
import { defineCheck } from './check.js'
import { jsonOf } from './json-of.js'
import { folded, ignoreCase, listed, quoted, spaced } from './text.js'

export const overlap = defineCheck({
  name: 'overlap',
  summary: 'the items of the output are those of the reference, in any order; score: F1 of the items',
  settings: z.strictObject({
    as: z
      .enum(['set', 'list'])
      .default('set')
      .describe('Whether the same item counts once (`set`) or as often as it stands there (`list`).'),
    separator: z
      .string()
      .min(1)
      .default(',')
      .describe('What stands between the items of a text that is no JSON list: ",", ";", or "\\n" for lines.'),
    min: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Least F1 that passes: 2 × common items / (items given + items expected).'),
    ignore_case: ignoreCase,
  }),
  prepare({ as, separator, min, ignore_case }) {
    function itemsOf(value: Json): string[] {
      const json = jsonOf(value)
      const parts = Array.isArray(json)
        ? json.map((item) => textOf(item) ?? 'null')
        : (textOf(value) ?? '').split(separator)
      const items = parts.map((part) => folded(spaced(part), ignore_case)).filter((item) => item !== '')
      return as === 'set' ? [...new Set(items)] : items
    }
    return ({ case: { reference }, output: { value } }) => {
      if (reference === undefined || reference === null) return unscored('the case has no reference')
      if (value === undefined || value === null) return unscored('there is no output')
      const wanted = itemsOf(reference)
      const got = itemsOf(value)
      const missing = without(wanted, got)
      const extra = without(got, wanted)
      const common = wanted.length - missing.length
      // None expected and none given is right, though 0 / 0 has no value.
      const f1 = wanted.length + got.length === 0 ? 1 : (2 * common) / (wanted.length + got.length)
      const parts = [
        `${common} of ${wanted.length} items`,
        ...(missing.length > 0 ? [`missing ${listed(missing.map(quoted))}`] : []),
        ...(extra.length > 0 ? [`extra ${listed(extra.map(quoted))}`] : []),
      ]
      return verdictOf(f1 >= min, parts.join('; '), f1)
    }
  },
})

/** The items that are left when each of `others` has taken one that is the same. */
function without(items: readonly string[], others: readonly string[]): string[] {
  const taken = new Map<string, number>()
  for (const item of others) taken.set(item, (taken.get(item) ?? 0) + 1)
  return items.filter((item) => {
    const left = taken.get(item) ?? 0
    taken.set(item, left - 1)
    return left <= 0
  })
}
