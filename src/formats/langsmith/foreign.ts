import type { Foreign } from '../format.js'
import { isObject } from '../json.js'

/** What LangSmith also exports, and is no trace. */
export const langsmithForeigners: readonly Foreign[] = [
  {
    what: 'examples of a LangSmith dataset',
    hint: 'Examples are test cases, not traces: export the runs of the project, or of the experiment, instead.',
    detects: (record) =>
      isObject(record) &&
      typeof record.dataset_id === 'string' &&
      'inputs' in record &&
      !('run_type' in record) &&
      !(Array.isArray(record.runs) && record.runs.length > 0),
  },
]
