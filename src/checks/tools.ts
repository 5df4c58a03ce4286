import { isObject, type JsonObject } from '../core/json.js'
import type { Json } from '../core/span.js'
import { jsonOf } from './json-of.js'

/** A call that a reference asks for. */
export interface WantedCall {
  name: string
  /** Empty where any will do. */
  arguments: JsonObject
}

/** The calls of a reference: a list, `{tools: list}`, or one; each a name or `{name, arguments}`, `tool` for `name` too. */
export function wantedCalls(reference: Json): WantedCall[] | undefined {
  const json = jsonOf(reference)
  const list = isObject(json) ? (json.tools ?? [json]) : json
  if (!Array.isArray(list)) return undefined
  const calls = list.map(wantedCall).filter((call) => call !== undefined)
  return calls.length === list.length ? calls : undefined
}

function wantedCall(entry: Json): WantedCall | undefined {
  if (typeof entry === 'string') return { name: entry, arguments: {} }
  if (!isObject(entry)) return undefined
  const name = entry.name ?? entry.tool
  const given = jsonOf(entry.arguments ?? {})
  return typeof name === 'string' && isObject(given) ? { name, arguments: given } : undefined
}
