import type { Json } from '../../core/span.js'
import type { Foreign } from '../format.js'
import { isObject, type JsonObject } from '../json.js'

/** What Phoenix exports beside traces: its datasets and the runs of its experiments. */
export const phoenixForeigners: readonly Foreign[] = [
  {
    what: 'runs of a Phoenix experiment',
    hint: 'Runs of an experiment are eval results; export the spans of their project instead.',
    detects: (record) => isObject(record) && isExample(record) && record.repetition_number !== undefined,
  },
  {
    what: 'examples of a Phoenix dataset',
    hint: 'Examples are inputs and expected outputs; export the spans of a project instead: Download in its Spans tab.',
    detects: (record) => isObject(record) && isExample(record) && record.repetition_number === undefined,
  },
]

/** An example has an id and an input and output, which a table spreads over columns. */
function isExample(record: JsonObject): boolean {
  if (record.example_id === undefined && record.node_id === undefined) return false
  return hasSide(record, 'input') && (hasSide(record, 'output') || record.error !== undefined)
}

function hasSide(record: JsonObject, side: string): boolean {
  const value: Json | undefined = record[side]
  return value !== undefined || Object.keys(record).some((key) => key.startsWith(`${side}_`))
}
