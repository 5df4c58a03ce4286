import type { Attributes, Json } from '../core/span.js'
import { isObject, type JsonObject } from './json.js'
import { msOfIso } from './time.js'

/** Reads the keys of one object. What is absent or null is undefined; what is wrong is a note, and stays in `rest`. */
export interface Fields {
  take<T>(key: string, read: (value: Json) => T | undefined, expected: string): T | undefined
  /** Everything that was not taken. */
  rest(): Attributes
}

/** A reader over `object`; notes are `<prefix><key>: expected …`. */
export function fieldsOf(object: JsonObject, notes: string[], prefix = ''): Fields {
  const taken = new Set<string>()
  return {
    take(key, read, expected) {
      const value = Object.hasOwn(object, key) ? object[key] : undefined
      if (value === undefined || value === null) {
        taken.add(key)
        return undefined
      }
      const found = read(value)
      if (found === undefined) notes.push(`${prefix}${key}: expected ${expected}`)
      else taken.add(key)
      return found
    },
    rest() {
      const rest: Attributes = Object.create(null)
      for (const key of Object.keys(object)) if (!taken.has(key)) rest[key] = object[key]!
      return rest
    },
  }
}

export const asText = (value: Json) => (typeof value === 'string' && value !== '' ? value : undefined)
export const asNumber = (value: Json) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)
export const asCount = (value: Json) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
/** A whole number from 0. */
export const asWhole = (value: Json) => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : undefined)
export const asObject = (value: Json) => (isObject(value) ? value : undefined)
export const asList = (value: Json) => (Array.isArray(value) ? value : undefined)
/** Any value at all. */
export const asGiven = (value: Json): Json | undefined => value

/** One of a fixed list of words. */
export function asWord<T extends string>(words: readonly T[]): (value: Json) => T | undefined {
  return (value) => words.find((word) => word === value)
}

/** Text, or a number as text: versions are counted by some and named by others. */
export const asVersion = (value: Json) => (typeof value === 'number' ? String(value) : asText(value))

/** Epoch milliseconds from a number of them, between 1973 and 5138 (seconds and nanoseconds lie outside), or from ISO 8601. */
export const asTime = (value: Json) => {
  if (typeof value === 'string') return msOfIso(value)
  return typeof value === 'number' && value >= 1e11 && value < 1e14 ? value : undefined
}
