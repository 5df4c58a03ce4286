import type { Json } from '../core/span.js'
import { type JsonObject, unpack } from './json.js'

/** A row of a table as a record: empty cells say nothing, cells that hold a JSON list or object are those; numbers stay text. */
export function recordOfCells(row: Readonly<Record<string, string>>): JsonObject {
  const record: JsonObject = Object.create(null)
  for (const name of Object.keys(row)) {
    const cell = row[name]!
    if (cell !== '') record[name] = opensList.test(cell) ? unpack(cell) : (cell as Json)
  }
  return record
}

const opensList = /^\s*[[{]/
