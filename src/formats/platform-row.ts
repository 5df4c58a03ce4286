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

/** The keys that a format has been seen to ask for: written down in its code, so there are few; learnt once, not for each row. */
/** A table may name its columns by what users made up. */
const mostNames = 1000
const askedBy = new WeakMap<ReadonlySet<string>, Set<string>>()

/**
 * A reader over one row. `known` (one set for each format and sort of row) are the keys that the format has, beside those that
 * are asked for; any other is kept and noted in `reading.unexpected` as `<prefix>.<key>`.
 */
export function openRow(row: JsonObject, prefix: string, known: ReadonlySet<string>, reading: Reading): PlatformRow {
  let asked = askedBy.get(known)
  if (asked === undefined) {
    asked = new Set()
    askedBy.set(known, asked)
  }
  const names = asked
  const taken: string[] = []
  return {
    take(...wanted) {
      for (const name of wanted) if (!names.has(name) && names.size < mostNames) names.add(name)
      for (const name of wanted) {
        const value = row[name]
        if (value === undefined || isEmpty(value) || !Object.hasOwn(row, name)) continue
        taken.push(name)
        return value
      }
      return undefined
    },
    rest() {
      const isTaken = new Set(taken)
      const rest: Attributes = Object.create(null)
      for (const key of Object.keys(row)) {
        if (isTaken.has(key)) continue
        if (!known.has(key) && !names.has(key)) reading.unexpected.push(`${prefix}.${key}`)
        const value = row[key]!
        if (!isEmpty(value)) rest[`${prefix}.${key}`] = value
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
