import { z } from 'zod'
import { textOf } from '../core/eval/case.js'
import { unscored, verdictOf } from '../core/eval/result.js'
import type { Json } from '../core/span.js'
import { defineCheck } from './check.js'
import { isWithin } from './distance.js'
import { jsonOf } from './json-of.js'
import { numberReader } from './numbers-in.js'
import { valueAt } from './paths.js'
import { quoted } from './text.js'

export const number = defineCheck({
  name: 'number',
  summary:
    'the number in the output is that of the reference, or a fixed one, within a tolerance; score: how far it is off',
  settings: z.strictObject({
    value: z.number().optional().describe("The number that is right; that of the case's reference, if left out."),
    field: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Dotted path of the number in JSON output, and in a reference that is JSON. Else the output is read as text.',
      ),
    last: z.boolean().default(false).describe('Whether the last number of the text counts, not the first.'),
    tolerance: z.number().nonnegative().default(0).describe('How far off still passes: 0.5 is half of one.'),
    relative: z
      .union([
        z.number().nonnegative(),
        z.string().regex(/^\d{1,9}(\.\d{1,9})?\s*%$/, 'expected a share such as "1%" or 0.01'),
      ])
      .default(0)
      .describe('How far off still passes, as a share of the right number: "1%" or 0.01. The wider of both counts.'),
    decimal: z.enum(['.', ',']).default('.').describe('The decimal sign: "." reads 1,234.5 and "," reads 1.234,5.'),
    unit: z.string().min(1).optional().describe('Only a number with this text beside it counts: EUR, kg, %.'),
    units: z
      .record(z.string().min(1), z.number())
      .default({})
      .describe('What one of each unit is worth: `{ g: 1, kg: 1000 }`, `{ k: 1000, M: 1000000 }`, `{ "%": 0.01 }`.'),
  }),
  prepare({ value, field, last, tolerance, relative, decimal, unit, units }) {
    const share = typeof relative === 'number' ? relative : Number.parseFloat(relative) / 100
    const notation = { decimal, units: new Map(Object.entries(units)) }
    const [withUnit, anyUnit] = [numberReader({ ...notation, unit }), numberReader(notation)]

    function numberOf(from: Json | undefined, reader: (text: string) => number[]): number | undefined {
      // A number of JSON has a point, and no unit.
      if (typeof from === 'number' && (unit === undefined || reader === anyUnit))
        return Number.isFinite(from) ? from : undefined
      return reader(textOf(from) ?? '').at(last ? -1 : 0)
    }

    function wantedOf(reference: Json | undefined): number | undefined {
      const from = placed(reference, field) ?? reference
      return numberOf(from, withUnit) ?? numberOf(from, anyUnit)
    }

    return ({ case: { reference }, output }) => {
      const wanted = value ?? wantedOf(reference)
      if (value === undefined && (reference === undefined || reference === null))
        return unscored('the case has no reference')
      if (wanted === undefined) return unscored('there is no number in the reference')
      if (output.value === undefined || output.value === null) return unscored('there is no output')
      const got = numberOf(field === undefined ? output.value : placed(output.value, field), withUnit)
      const where = field === undefined ? `in ${quoted(textOf(output.value) ?? '')}` : `at ${field}`
      if (got === undefined)
        return verdictOf(false, `there is no number${unit ? ` with the unit ${unit}` : ''} ${where}`)
      const allowed = Math.max(tolerance, share * Math.abs(wanted))
      const reason = `${plain(got)}, expected ${plain(wanted)}${allowed > 0 ? ` ± ${plain(allowed)}` : ''}`
      const apart = Math.abs(got - wanted)
      return verdictOf(isWithin(got, wanted, allowed), reason, Number.isFinite(apart) ? apart : undefined)
    }
  },
})

/** What stands at a field of JSON, or text that holds JSON; undefined without a field. */
function placed(value: Json | undefined, field: string | undefined): Json | undefined {
  const json = value === undefined || field === undefined ? undefined : jsonOf(value)
  return json === undefined || field === undefined ? undefined : valueAt(json, field.split('.'))
}

/** A number for a reason, without the noise of the last binary digits. */
function plain(value: number): string {
  return String(Number(value.toPrecision(15)))
}
