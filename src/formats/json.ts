import { parseJson } from '../core/json.js'
import type { Json } from '../core/span.js'

export { isObject, isShallow, type JsonObject, maxDepth, parseJson } from '../core/json.js'

/** A value that may be JSON text, parsed; twice where it was encoded twice. Text that is not JSON comes back as it is. */
export function unpack(value: Json): Json {
  if (typeof value !== 'string' || !opensJson.test(value)) return value
  const once = parseJson(value)
  if (once === undefined) return value
  if (typeof once !== 'string' || !opensJson.test(once)) return once
  return parseJson(once) ?? once
}

const opensJson = /^\s*[[{"]/
