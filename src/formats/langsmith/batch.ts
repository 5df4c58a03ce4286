import type { Json } from '../../core/span.js'
import type { Reading } from '../format.js'
import { isObject, type JsonObject } from '../json.js'
import { readRunIds } from './ids.js'

/**
 * The runs of one ingest body: what was posted, with what was patched later laid over it, as the platform does. Halves belong
 * together by the run's id, which a patch may carry in its `dotted_order` alone. A patch without its post stands for itself.
 */
export function mergeHalves(post: Json | undefined, patch: Json | undefined, reading: Reading): Json[] {
  const runs: Json[] = []
  const places = new Map<string, number>()
  for (const [key, list] of [
    ['post', post],
    ['patch', patch],
  ] as const) {
    if (list === undefined || list === null) continue
    if (!Array.isArray(list)) {
      reading.problems.push(`${key}: expected a list`)
      continue
    }
    for (const run of list) {
      const ids = isObject(run) ? readRunIds(run, undefined) : undefined
      const id = typeof ids === 'object' ? ids.spanId : undefined
      const place = id === undefined ? undefined : places.get(id)
      if (place !== undefined && isObject(run)) runs[place] = laidOver(runs[place], run)
      else {
        if (id !== undefined) places.set(id, runs.length)
        runs.push(run)
      }
    }
  }
  return runs
}

/** Per column the later wins where it says something. */
function laidOver(earlier: Json | undefined, later: JsonObject): JsonObject {
  const merged: JsonObject = isObject(earlier) ? { ...earlier } : {}
  for (const key of Object.keys(later))
    if (key !== '__proto__' && (merged[key] === undefined || says(later[key]!))) merged[key] = later[key]!
  return merged
}

function says(value: Json): boolean {
  if (value === null || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  return !isObject(value) || Object.keys(value).length > 0
}
