import type { Attributes, Json } from '../../core/span.js'
import { isObject, isShallow, type JsonObject, maxDepth } from '../json.js'

/**
 * Attributes of OTLP JSON into `into`: the list of `{key, value}` that the specification writes, or the plain map of
 * hand-made exporters. Returns how many entries could not be read (no key, or nested too deep) and were left out.
 */
export function readAttributes(source: Json | undefined, into: Attributes): number {
  if (source === undefined || source === null) return 0
  if (isObject(source)) return readMap(source, into)
  if (!Array.isArray(source)) return 1
  let unreadable = 0
  for (const entry of source) {
    const value = isObject(entry) && typeof entry.key === 'string' ? readAnyValue(entry.value) : undefined
    if (value === undefined) unreadable++
    else into[(entry as JsonObject).key as string] = value // both checked on the line above
  }
  return unreadable
}

/** An OTLP AnyValue as plain JSON: `{}` is null, integers beyond 2^53 stay decimal strings. Undefined when nested too deep. */
export function readAnyValue(value: Json | undefined, depth = 0): Json | undefined {
  if (value === undefined) return null
  if (!isObject(value)) return isShallow(value) ? value : undefined
  const text = value.stringValue ?? value.string_value
  if (text !== undefined) return scalar(text)
  const integer = value.intValue ?? value.int_value
  if (integer !== undefined) return readInteger(integer)
  const double = value.doubleValue ?? value.double_value
  if (double !== undefined) return readDouble(double)
  const truth = value.boolValue ?? value.bool_value
  if (truth !== undefined) return truth === 'true' ? true : truth === 'false' ? false : scalar(truth)
  const list = value.arrayValue ?? value.array_value
  if (list !== undefined) return readList(list, depth)
  const map = value.kvlistValue ?? value.kvlist_value
  if (map !== undefined) return readKeyValues(map, depth)
  const bytes = value.bytesValue ?? value.bytes_value
  if (bytes !== undefined) return scalar(bytes)
  for (const _ in value) return isShallow(value) ? value : undefined // a plain object of a hand-made exporter
  return null
}

function readMap(source: JsonObject, into: Attributes): number {
  let unreadable = 0
  for (const key of Object.keys(source)) {
    const value = readAnyValue(source[key])
    if (value === undefined) unreadable++
    else into[key] = value
  }
  return unreadable
}

/** A wrong type under a right name is kept as it is: it is data, only not what the name says. */
function scalar(value: Json): Json | undefined {
  return isShallow(value) ? value : undefined
}

function readInteger(value: Json): Json | undefined {
  if (typeof value !== 'string') return scalar(value)
  const number = Number(value)
  return value !== '' && Number.isSafeInteger(number) ? number : value
}

/** `NaN` and `Infinity` are strings in OTLP JSON, and stay so: JSON has no number for them. */
function readDouble(value: Json): Json | undefined {
  if (typeof value !== 'string') return scalar(value)
  const number = Number(value)
  return value.trim() !== '' && Number.isFinite(number) ? number : value
}

function readList(list: Json, depth: number): Json | undefined {
  const values = isObject(list) ? (list.values ?? []) : list
  if (!Array.isArray(values)) return scalar(values)
  if (depth >= maxDepth) return undefined
  const items: Json[] = []
  for (const value of values) {
    const item = readAnyValue(value, depth + 1)
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}

function readKeyValues(map: Json, depth: number): Json | undefined {
  const values = isObject(map) ? (map.values ?? []) : map
  if (!Array.isArray(values)) return scalar(values)
  if (depth >= maxDepth) return undefined
  const object: JsonObject = Object.create(null)
  for (const entry of values) {
    if (!isObject(entry) || typeof entry.key !== 'string') continue
    const value = readAnyValue(entry.value, depth + 1)
    if (value === undefined) return undefined
    object[entry.key] = value
  }
  return object
}
