import type { Attributes, Json } from '../core/span.js'
import type { Reading } from './format.js'
import { isObject, isShallow, type JsonObject } from './json.js'

/** One row of a platform's export while it is being read: what was taken of it, and what is left. */
export interface PlatformRow {
  /** The first of `names` that says something (neither null nor ''); it then leaves the rest. */
  take(...names: string[]): Json | undefined
  /** What was not taken and says something, under `<prefix>.<key>`; keys that the format is not known to have are noted. */
  rest(): Attributes
}

/**
 * A reader over one row. `known` are the keys that the format has, beside those that are taken; any other is kept and noted in
 * `reading.unexpected` as `<prefix>.<key>`.
 */
export function openRow(row: JsonObject, prefix: string, known: ReadonlySet<string>, reading: Reading): PlatformRow {
  const taken = new Set<string>()
  const asked = new Set<string>()
  return {
    take(...names) {
      for (const name of names) asked.add(name)
      for (const name of names) {
        const value = Object.hasOwn(row, name) ? row[name] : undefined
        if (isEmpty(value)) continue
        taken.add(name)
        return value
      }
      return undefined
    },
    rest() {
      const rest: Attributes = Object.create(null)
      for (const key of Object.keys(row)) {
        if (taken.has(key)) continue
        if (!asked.has(key) && !known.has(key)) reading.unexpected.push(`${prefix}.${key}`)
        if (!isEmpty(row[key])) rest[`${prefix}.${key}`] = row[key]!
      }
      return rest
    },
  }
}

/** The record as an object that may be walked by recursion; undefined, with a problem, for anything else. */
export function rowOf(record: Json, reading: Reading): JsonObject | undefined {
  if (isObject(record) && isShallow(record)) return record
  reading.problems.push('expected an object nested within 200 levels; left out')
  return undefined
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && isBare(value))
}

function isBare(value: object): boolean {
  for (const _ in value) return false
  return true
}
