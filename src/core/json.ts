import type { Json } from './span.js'

export type JsonObject = { [key: string]: Json }

/** Deepest nesting that is kept; what is deeper would overflow the stack of whoever walks or writes it. */
export const maxDepth = 200

/** True for a JSON object: neither null nor a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True when no list or object inside `value` lies deeper than `levels`. Recursion is bounded by `levels`. */
export function isShallow(value: Json, levels = maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (levels === 0) return false
  if (Array.isArray(value)) return value.every((child) => isShallow(child, levels - 1))
  for (const key in value) if (!isShallow(value[key]!, levels - 1)) return false
  return true
}

/** The value of JSON text; undefined where it is not JSON or nested too deep. Integers beyond 2^53 become decimal strings. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text)
    if (!isShallow(value)) return undefined
    // Only text that is known to be JSON: on a truncated one the pattern below would take quadratic time.
    return longDigits.test(text) ? JSON.parse(quoteLongIntegers(text)) : value
  } catch {
    return undefined // truncated by an attribute limit, Python repr, …: expected, the caller keeps the text
  }
}

const longDigits = /\d{16}/
const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

function quoteLongIntegers(text: string): string {
  return text.replace(stringOrNumber, (token) =>
    token.length > 15 && /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  )
}
