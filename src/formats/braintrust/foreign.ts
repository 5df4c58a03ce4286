import type { Json } from '../../core/span.js'
import type { Foreign } from '../format.js'
import { isObject } from '../json.js'
import { isDatasetRow } from './rows.js'

/** What Braintrust also exports, and is no trace. */
export const braintrustForeigners: readonly Foreign[] = [
  {
    what: 'rows of a Braintrust dataset',
    hint: 'A dataset holds test cases, not traces: fetch the rows of a project’s logs or of an experiment instead.',
    detects: (record) =>
      isObject(record) &&
      (isRow(record) || [record.events, record.data].some((list) => Array.isArray(list) && isRow(list[0]))),
  },
]

function isRow(row: Json | undefined): boolean {
  return (
    isObject(row) &&
    isDatasetRow(row) &&
    ('root_span_id' in row || '_xact_id' in row || '_is_merge' in row || 'expected' in row)
  )
}
