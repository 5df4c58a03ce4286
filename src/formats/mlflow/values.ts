import type { Attributes, Json } from '../../core/span.js'
import { isObject, type JsonObject, parseJson, unpack } from '../json.js'
import { readPlainAttributes } from '../plain-parts.js'

const marks = ['mlflow.traceRequestId', 'mlflow.spanType', 'mlflow.spanInputs', 'mlflow.experimentId']

/** True for the attributes of a span that MLflow wrote. */
export function hasMlflowAttributes(attributes: Json | undefined): boolean {
  return isObject(attributes) && marks.some((key) => Object.hasOwn(attributes, key))
}

/** An attribute's value: MLflow writes each as JSON text, `"\"LLM\""` and `"0.5"` too. Text that is no JSON comes back as it is. */
export function plainOf(value: Json): Json {
  if (typeof value !== 'string') return value
  if (!simple.test(value)) return unpack(value)
  const parsed = parseJson(value)
  return parsed === undefined ? value : parsed
}

/** Long digits stay text: an id is no number. */
const simple = /^(?:true|false|null|-?\d{1,15}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?)$/

/** All attributes of a span (a map, or OTLP's list) with their plain values; null says nothing. */
export function plainAttributes(source: Json | undefined, notes: string[]): Attributes {
  const given: Attributes = Object.create(null)
  const unreadable = readPlainAttributes(source, given)
  if (unreadable > 0) notes.push(`attributes: ${unreadable} not readable; left out`)
  const plain: Attributes = Object.create(null)
  for (const key of Object.keys(given)) {
    const value = plainOf(given[key]!)
    if (value !== null) plain[key] = value
  }
  return plain
}

/** Metadata or tags: a map, or the `[{key, value}]` of the older REST API. Empty for anything else. */
export function mapOf(value: Json | undefined): JsonObject {
  if (isObject(value)) return value
  const map: JsonObject = Object.create(null)
  for (const entry of Array.isArray(value) ? value : [])
    if (isObject(entry) && typeof entry.key === 'string' && entry.value !== undefined) map[entry.key] = entry.value
  return map
}

/** The attribute under `key`, which then leaves the rest. */
export function takeFrom(attributes: Attributes, key: string): Json | undefined {
  const value = attributes[key]
  delete attributes[key]
  return value
}

/** Text that is not empty; undefined for anything else. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
