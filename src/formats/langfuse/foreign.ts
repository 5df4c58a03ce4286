import type { Json } from '../../core/span.js'
import type { Foreign } from '../format.js'
import { isObject, type JsonObject } from '../json.js'

/** What Langfuse also exports, and what is no trace: one row, or a page of the API. */
export const langfuseForeigners: readonly Foreign[] = [
  {
    what: 'datasets of Langfuse, their items or their runs',
    hint: 'Datasets are not traces: export the traces, observations and scores of the runs.',
    detects: (record) => isOne(record, isOfDataset),
  },
  {
    what: 'audit logs of Langfuse',
    hint: 'They tell who changed what in Langfuse: export traces, observations and scores.',
    detects: (record) => isOne(record, (row) => has(row, 'resourceType', 'resourceId', 'action', 'userProjectRole')),
  },
]

function isOfDataset(row: JsonObject): boolean {
  if (has(row, 'datasetItemId')) return true
  if (has(row, 'dataset_run_id', 'dataset_item_id')) return true
  if (has(row, 'datasetId'))
    return ['expectedOutput', 'sourceTraceId', 'status', 'datasetName'].some((key) => has(row, key))
  return has(row, 'inputSchema', 'expectedOutputSchema')
}

function isOne(record: Json, fits: (row: JsonObject) => boolean): boolean {
  if (!isObject(record)) return false
  const first = Array.isArray(record.data) ? record.data[0] : record
  return isObject(first) && fits(first)
}

function has(row: JsonObject, ...keys: string[]): boolean {
  return keys.every((key) => Object.hasOwn(row, key))
}
