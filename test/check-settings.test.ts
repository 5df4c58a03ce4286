import { describe, expect, it } from 'vitest'
import { checks } from '../src/checks/index.js'
import { PilotError } from '../src/core/errors.js'

async function refusalOf(name: string, settings: unknown): Promise<[string, string | undefined]> {
  const check = checks.find((one) => one.name === name)!
  try {
    await check.prepare(check.settings.parse(settings), { judges: new Map() })
  } catch (error) {
    if (error instanceof PilotError) return [error.message, error.hint]
    throw error
  }
  throw new Error('it was not refused')
}

describe('settings that cannot work', () => {
  it('are told for a regular expression with look-ahead', async () => {
    expect(await refusalOf('matches', { pattern: '(?=a)' })).toEqual([
      'The regular expression (?=a) is refused: invalid or unsupported Perl syntax: `(?=`.',
      'Use RE2 syntax: no look-around, no back-references, at most 1000 repeats. They would make some texts take hours.',
    ])
  })

  it('are told for such a pattern inside of a schema', async () => {
    const [message] = await refusalOf('json-schema', { schema: { properties: { a: { pattern: '(?=a)' } } } })
    expect(message).toBe('The regular expression (?=a) is refused: invalid or unsupported Perl syntax: `(?=`.')
  })

  it('are told for a schema that means another document', async () => {
    expect(await refusalOf('json-schema', { schema: { $ref: 'https://example.com/a.json' } })).toEqual([
      'json-schema: https://example.com/a.json is not in the schema.',
      'Nothing is fetched: put what a $ref means under $defs of the same schema.',
    ])
  })

  it('are told for a schema that is wrong', async () => {
    expect(await refusalOf('json-schema', { schema: { type: 'text' } })).toEqual([
      'json-schema: the schema does not compile: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf.',
      'Correct the schema under settings of the check.',
    ])
  })

  it('are told for a schema of another draft', async () => {
    const [message] = await refusalOf('json-schema', { schema: { $schema: 'http://json-schema.org/draft-04/schema#' } })
    expect(message).toBe('json-schema: the draft http://json-schema.org/draft-04/schema# is not known.')
  })
})
