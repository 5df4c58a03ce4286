import type { Json } from '../core/span.js'
import { isObject } from './json.js'

/** A record that is well known and no trace: what it is, and the command that takes it, if there is one. */
export interface Foreign {
  /** What it is, in the plural: `eval results of promptfoo`. */
  what: string
  /** What to do with it. */
  hint: string
  detects(record: Json): boolean
}

/** Everything that people hand to `ingest` by mistake and that can be told; asked only where no format fits. */
export const foreigners: readonly Foreign[] = [
  {
    what: 'eval results of promptfoo',
    hint: 'Eval results are not traces; `pilot eval` is to come and not in this version.',
    detects: (record) =>
      isObject(record) &&
      ((record.evalId !== undefined && isObject(record.results)) ||
        ('gradingResult' in record && 'promptIdx' in record)),
  },
]

/** What a record is that no format reads; undefined if nobody knows. */
export function detectForeign(record: Json): Foreign | undefined {
  return foreigners.find(({ detects }) => detects(record))
}
