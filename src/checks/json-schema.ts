import type { ErrorObject } from 'ajv'
import { z } from 'zod'
import { type CheckResult, failedCheck, unscored, verdictOf } from '../core/eval/result.js'
import type { Json } from '../core/span.js'
import { defineCheck } from './check.js'
import { isJsonText, notJsonText, unfenced } from './json-of.js'
import { clipped, listed } from './text.js'

export const jsonSchema = defineCheck({
  name: 'json-schema',
  summary: 'JSON output fits a JSON Schema',
  settings: z.strictObject({
    schema: z
      .record(z.string(), z.unknown())
      .describe(
        'JSON Schema: draft 2020-12, or draft-07 where its `$schema` says so. Patterns run in linear time (RE2).',
      ),
    fences: z.boolean().default(false).describe('Whether one code fence (```json) may stand around the JSON.'),
  }),
  async prepare({ schema, fences }) {
    // ajv takes a while to load: only a suite with this check waits for it.
    const { compileSchema } = await import('./schema-test.js')
    const faultsOf = await compileSchema(schema)
    return ({ output: { value } }) => {
      if (value === undefined || value === null) return unscored('there is no output')
      if (typeof value !== 'string') return judge(value, faultsOf)
      const text = fences ? unfenced(value) : value
      // Not `jsonOf`: there a long integer becomes text, which no schema expects.
      return isJsonText(text) ? judge(JSON.parse(text), faultsOf) : verdictOf(false, notJsonText(value))
    }
  },
})

function judge(value: Json, faultsOf: (value: Json) => ErrorObject[]): CheckResult {
  try {
    const faults = faultsOf(value)
    return verdictOf(faults.length === 0, listed(faults.map(faultText), '; ') || 'it fits the schema')
  } catch (error) {
    if (error instanceof RangeError) return failedCheck('nested too deep for the schema to be tried')
    throw error
  }
}

function faultText({ instancePath, message, params }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
  // ajv names the key that is too much in the parameters only.
  const key: unknown = params.additionalProperty ?? params.unevaluatedProperty
  const what = `${message ?? 'does not fit'}${typeof key === 'string' ? ` (${clipped(key)})` : ''}`
  return path === '' ? what : `${clipped(path)} ${what}`
}
