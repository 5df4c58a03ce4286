import type { Attributes, Json } from '../../core/span.js'
import type { Reading } from '../format.js'
import type { JsonObject } from '../json.js'
import { openRow } from '../platform-row.js'
import { readMoment } from '../time.js'
import { camelNames } from './columns.js'

/** One row of Langfuse while it is read: columns by the names of its API, whatever the export calls them. */
export interface LangfuseRow {
  columns: JsonObject
  /** The value of a column that says something; it then leaves the rest. */
  take(name: string): Json | undefined
  /** A column that holds text (numbers count); anything else is a problem, and stays in the rest. */
  text(name: string): string | undefined
  /** A column that holds one of a few words, in upper case, likewise. */
  word(name: string, words: { has(word: string): boolean }, expected: string): string | undefined
  /** A column that holds a date, likewise. */
  moment(name: string): { ms?: number; ns?: string }
  /** What was not taken, under `langfuse.<column>`. */
  rest(): Attributes
  /** Notes what is wrong with a column. */
  complain(message: string): void
}

/** Opens a row that has `known` columns; `at` is its place in the record (`data.3.`), for problems. */
export function openLangfuseRow(
  given: JsonObject,
  known: ReadonlySet<string>,
  reading: Reading,
  at: string,
): LangfuseRow {
  const columns = camelColumns(given)
  const row = openRow(columns, 'langfuse', known, reading)
  const complain = (message: string): void => void reading.problems.push(at + message)
  return {
    columns,
    take: (name) => row.take(name),
    text(name) {
      const value = columns[name]
      if (typeof value === 'string' || typeof value === 'number') {
        const taken = row.take(name)
        return taken === undefined ? undefined : String(taken)
      }
      if (value !== undefined && value !== null) complain(`${name}: expected text`)
      return undefined
    },
    word(name, words, expected) {
      const value = columns[name]
      if (value === undefined || value === null || value === '') return undefined
      const word = typeof value === 'string' ? value.toUpperCase() : undefined
      if (word === undefined || !words.has(word)) {
        complain(`${name}: expected ${expected}`)
        return undefined
      }
      row.take(name)
      return word
    },
    moment(name) {
      const value = columns[name]
      if (value === undefined || value === null || value === '') return {}
      const moment = readMoment(value)
      if (moment.ms === undefined) complain(`${name}: expected a date and time`)
      else row.take(name)
      return moment
    },
    rest: () => row.rest(),
    complain,
  }
}

/** Rows of the blob storage integration are those of ClickHouse (`trace_id`); every other export writes the names of the API. */
function camelColumns(given: JsonObject): JsonObject {
  if (!Object.hasOwn(given, 'project_id') && !Object.hasOwn(given, 'trace_id')) return given
  const columns: JsonObject = Object.create(null)
  for (const key of Object.keys(given)) columns[camelNames.get(key) ?? key] = given[key]!
  return columns
}
