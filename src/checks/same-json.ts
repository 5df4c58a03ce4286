import { isObject } from '../core/json.js'
import type { Json } from '../core/span.js'

/** Whether two values are the same JSON, in whatever order their keys stand. For JSON that is shallow. */
export function isSameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((member, at) => isSameJson(member, b[at]!))
  if (!isObject(a) || !isObject(b)) return a === b
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSameJson(a[key]!, b[key]!))
  )
}
