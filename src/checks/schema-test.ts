import type { ErrorObject, Options } from 'ajv'
import { PilotError } from '../core/errors.js'
import { linearRegExp } from '../core/linear-expression.js'
import type { Json } from '../core/span.js'

/** Longest text that may be a `url`: the pattern of ajv-formats takes quadratic time. */
const longestUrl = 4_000

/** What is wrong with a value by a JSON Schema, nothing where it fits. Throws `PilotError` for a schema that does not compile. */
export async function compileSchema({
  $schema,
  ...schema
}: Record<string, unknown>): Promise<(value: Json) => ErrorObject[]> {
  const ajv = await newAjv($schema)
  try {
    const validate = ajv.compile(schema)
    if ('$async' in validate) throw new Error('$async is not supported')
    return (value) => (validate(value) ? [] : [...(validate.errors ?? [])])
  } catch (error) {
    throw refusal(error)
  }
}

async function newAjv($schema: unknown) {
  const draft = draftOf($schema)
  const { Ajv } = draft === 7 ? await import('ajv') : { Ajv: (await import('ajv/dist/2020.js')).Ajv2020 }
  const formats = (await import('ajv-formats')).default
  const ajv = new Ajv(options)
  formats.default(ajv)
  const url = formats.default.get('url')
  ajv.addFormat('url', (text: string) => text.length <= longestUrl && url instanceof RegExp && url.test(text))
  return ajv
}

const options: Options = {
  strict: false,
  allErrors: true,
  // Else an object without a field `constructor` would pass for one that has it.
  ownProperties: true,
  logger: false,
  code: { regExp: Object.assign(linearRegExp, { code: 'linearRegExp' }) },
}

function draftOf($schema: unknown): 7 | 2020 {
  if ($schema === undefined || /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(String($schema)))
    return 2020
  if (/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(String($schema))) return 7
  throw new PilotError(`json-schema: the draft ${String($schema)} is not known.`, {
    hint: 'Write the schema in draft 2020-12 (no $schema needed), or draft-07 with "$schema": "http://json-schema.org/draft-07/schema#".',
  })
}

function refusal(error: unknown): PilotError {
  if (error instanceof PilotError) return error
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && 'missingRef' in error)
    return new PilotError(`json-schema: ${String(error.missingRef)} is not in the schema.`, {
      hint: 'Nothing is fetched: put what a $ref means under $defs of the same schema.',
    })
  return new PilotError(`json-schema: the schema does not compile: ${reason}.`, {
    hint: 'Correct the schema under settings of the check.',
  })
}
