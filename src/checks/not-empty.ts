import { z } from 'zod'
import { unscored, verdictOf } from '../core/eval/result.js'
import type { Json } from '../core/span.js'
import { defineCheck } from './check.js'
import { jsonOf } from './json-of.js'
import { quoted } from './text.js'

export const notEmpty = defineCheck({
  name: 'not-empty',
  summary: 'the output is text that is not blank, or JSON that is not null, {} or []',
  settings: z.strictObject({}),
  prepare:
    () =>
    ({ output: { value } }) => {
      if (value === undefined) return unscored('there is no output')
      if (typeof value !== 'string') return verdictOf(!isEmpty(value), shown(value))
      // A model that is asked for JSON writes `[]` or `null` as text.
      return verdictOf(!isEmpty(value) && !isEmpty(jsonOf(value)), quoted(value))
    },
})

function isEmpty(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.trim() === ''
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0)
}

function shown(value: Json): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === 'object' && value !== null ? `an object of ${Object.keys(value).length}` : String(value)
}
