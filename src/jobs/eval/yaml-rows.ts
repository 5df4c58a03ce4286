import { isNode, isSeq, type Node, visit } from 'yaml'
import { refusal } from '../../config/load.js'
import { type Fault, readYaml, type YamlReading } from '../../config/yaml.js'
import type { Json } from '../../core/span.js'
import { isRow, type Row } from '../../formats/row.js'
import type { NumberedRow } from '../read-rows.js'

/**
 * The rows of a YAML text at their lines: of a list, or of the list that `rowsOf` finds in a mapping. Throws `PilotError` (exit 2)
 * with the place of what is no YAML, too large, or no data.
 */
export function readYamlRows(text: string, label: string, rowsOf: (record: Row) => readonly Json[]): NumberedRow[] {
  const reading = readYaml(text)
  if ('faults' in reading) throw refusal(reading.faults, { label, hint })
  const faults = keepData(reading)
  if (faults.length > 0) throw refusal(faults, { label, hint })
  const value = reading.document.toJS({ maxAliasCount: -1 }) as Json // keepData has seen every scalar; keys are texts
  const rows = Array.isArray(value) ? value : isRow(value) ? rowsOf(value) : [value]
  const key = isRow(value) ? Object.keys(value).find((name) => value[name] === rows) : undefined
  const list = key === undefined ? reading.document.contents : reading.document.get(key, true)
  return rows.map((row, index): NumberedRow => {
    const node = isSeq<Node>(list) ? list.items[index] : list
    const { line } = reading.place(isNode(node) ? (node.range?.[0] ?? 0) : 0)
    return isRow(row) ? { line, row } : { line, problem: 'expected an object with columns' }
  })
}

const hint = 'Cases of more than 1 MiB, or with odd values, are better kept as JSON lines.'

/** What JSON cannot hold, as faults; integers that a double would round become text, as in JSON. */
function keepData({ document, place }: Extract<YamlReading, { value: unknown }>): Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Scalar(key, node) {
      const fault = (message: string) => faults.push({ ...place(node.range?.[0] ?? 0), message })
      if (key === 'key' && node.value === '__proto__') fault('a key that would change what objects are')
      if (typeof node.value !== 'number') return
      if (!Number.isFinite(node.value)) fault('a number that JSON does not have')
      else if (Number.isInteger(node.value) && !Number.isSafeInteger(node.value))
        node.value = node.source ?? String(node.value)
    },
  })
  return faults
}
