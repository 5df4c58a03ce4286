import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import { defineCheck } from './check.js'
import { jsonOf, notJson } from './json-of.js'
import { type Place, pathOf, placesAt } from './paths.js'
import { clipped, listed } from './text.js'

export const requiredFields = defineCheck({
  name: 'required-fields',
  summary: 'JSON output has each of some fields, neither null nor blank',
  settings: z.strictObject({
    fields: z
      .array(z.string().min(1))
      .min(1)
      .describe(
        'Dotted paths such as `total` or `items.0.name`; `items.*.name` asks for the name of each item (an empty list has none to ask for).',
      ),
  }),
  prepare:
    ({ fields }) =>
    ({ output: { value } }) => {
      if (value === undefined || value === null) return unscored('there is no output')
      const json = jsonOf(value)
      if (json === undefined) return verdictOf(false, notJson(value))
      const places = fields.flatMap((field) => placesAt(json, field))
      const faults = places.flatMap(faultOf)
      return verdictOf(faults.length === 0, listed(faults) || `${places.length} of ${places.length} are there`)
    },
})

function faultOf({ keys, value }: Place): string[] {
  const name = clipped(pathOf({ keys }))
  if (value === undefined) return [`${name} is missing`]
  if (value === null) return [`${name} is null`]
  return typeof value === 'string' && value.trim() === '' ? [`${name} is blank`] : []
}
