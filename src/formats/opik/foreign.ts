import type { Foreign } from '../format.js'
import { isObject } from '../json.js'

/** What `opik export` writes beside traces. */
export const opikForeigners: readonly Foreign[] = [
  {
    what: 'experiments or datasets of Opik',
    hint: 'The traces of an experiment are in the export of its project: opik export WORKSPACE project NAME.',
    detects: (record) => isObject(record) && Object.hasOwn(record, 'downloaded_at') && Array.isArray(record.items),
  },
]
