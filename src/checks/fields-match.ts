import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { type CheckResult, unscored, verdictOf } from '../core/eval/result.js'
import type { Json } from '../core/span.js'
import { defineCheck } from './check.js'
import { isWithin } from './distance.js'
import { jsonOf, notJson } from './json-of.js'
import { leavesOf, type Place, pathOf, valueAt } from './paths.js'
import { clipped, folded, ignoreCase, listed, quoted, spaced } from './text.js'

export const fieldsMatch = defineCheck({
  name: 'fields-match',
  summary: 'JSON output has the fields of the JSON reference, value by value; score: share of fields that are right',
  settings: z.strictObject({
    fields: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'Dotted paths to compare, with all below them: `total`, `items.*.price`; every field of the reference, if left out.',
      ),
    min: z.number().min(0).max(1).default(1).describe('Least share of fields that passes, from 0 to 1.'),
    tolerance: z.number().nonnegative().default(0).describe('How far off a number may be.'),
    exact: z.boolean().default(false).describe('Whether a field that the reference does not have is wrong.'),
    ignore_case: ignoreCase,
  }),
  prepare({ fields, min, tolerance, exact, ignore_case }) {
    const isChosen = choose(fields)
    const form = (text: string) => folded(spaced(text), ignore_case)

    function isRight(got: Json | undefined, wanted: Json | undefined): boolean {
      if (typeof got === 'number' && typeof wanted === 'number') return isWithin(got, wanted, tolerance)
      if (typeof got === 'string' && typeof wanted === 'string') return form(got) === form(wanted)
      if (wanted === null) return got === undefined || got === null // no value is no value
      return typeof got === typeof wanted && textOf(got) === textOf(wanted)
    }

    function compare(got: Json | undefined, wanted: Place[]): CheckResult {
      const wrong = wanted.filter(
        ({ keys, value }) => !isRight(got === undefined ? undefined : valueAt(got, keys), value),
      )
      const extra = got === undefined ? [] : beside(leavesOf(got), wanted).filter(isChosen)
      const n = wanted.length + (exact ? extra.length : 0)
      const right = wanted.length - wrong.length
      const parts = [
        `${right} of ${n} fields`,
        ...(wrong.length > 0
          ? [
              `wrong: ${listed(
                wrong.map((place) => fault(place, got)),
                '; ',
              )}`,
            ]
          : []),
        ...(extra.length > 0 ? [`extra: ${listed(extra.map((place) => clipped(pathOf(place))))}`] : []),
      ]
      return verdictOf(right / n >= min, parts.join('; '), right / n)
    }

    return ({ case: { reference }, output: { value } }) => {
      if (reference === undefined || reference === null) return unscored('the case has no reference')
      const wanted = jsonOf(reference)
      if (typeof wanted !== 'object' || wanted === null) return unscored('the reference is no JSON object or list')
      if (value === undefined || value === null) return unscored('there is no output')
      const leaves = leavesOf(wanted).filter(({ keys }) => keys.length > 0)
      const chosen = leaves.filter(isChosen)
      if (chosen.length === 0) return unscored('the reference has none of the fields')
      const got = jsonOf(value)
      return got === undefined ? verdictOf(false, notJson(value), 0) : compare(got, chosen)
    }
  },
})

/** Whether a place is one of those that the paths name, or lies below one. */
function choose(paths: string[] | undefined): (place: Place) => boolean {
  const wanted = paths?.map((path) => path.split('.'))
  return ({ keys }) =>
    !wanted ||
    wanted.some((parts) => parts.every((part, at) => at < keys.length && (part === '*' || part === keys[at])))
}

/** The places that are neither among some others, nor below or above one of them. */
function beside(places: Place[], others: Place[]): Place[] {
  const known = new Set(others.flatMap(({ keys }) => beginnings(keys)))
  const ends = new Set(others.map(({ keys }) => JSON.stringify(keys)))
  return places.filter(({ keys }) => !known.has(JSON.stringify(keys)) && !beginnings(keys).some((key) => ends.has(key)))
}

function beginnings(keys: readonly string[]): string[] {
  return keys.map((_, at) => JSON.stringify(keys.slice(0, at + 1)))
}

function fault({ keys, value }: Place, got: Json | undefined): string {
  const there = got === undefined ? undefined : valueAt(got, keys)
  return `${clipped(pathOf({ keys }))} ${there === undefined ? 'missing' : shown(there)}, expected ${shown(value)}`
}

function shown(value: Json | undefined): string {
  return typeof value === 'string' ? quoted(value) : clipped(JSON.stringify(value ?? null))
}
