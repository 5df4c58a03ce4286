import type { Json } from '../../core/span.js'
import { isObject, type JsonObject } from '../json.js'

/** The fields of a call whose members tables spread over columns of their own, `inputs.messages`, `summary.weave.status` …. */
const nested = new Set(['inputs', 'output', 'summary', 'attributes'])

/** A call whose columns are put back into objects; the same object where it has none. */
export function nestWeaveColumns(row: JsonObject): JsonObject {
  const keys = Object.keys(row)
  if (!keys.some(isColumn)) return row
  const call: JsonObject = Object.create(null)
  for (const key of keys) if (!isColumn(key)) call[key] = row[key]!
  for (const key of keys) if (isColumn(key)) put(call, pathOf(key), row[key]!, key)
  return call
}

function isColumn(key: string): boolean {
  const dot = key.indexOf('.')
  return dot > 0 && nested.has(key.slice(0, dot))
}

/** The names on the way to a value. A model's name has dots of its own (`gpt-4.1`), and so has a type of feedback. */
function pathOf(column: string): string[] {
  const names = column.split('.')
  const start = column.startsWith('summary.usage.') ? 2 : column.startsWith('summary.weave.costs.') ? 3 : undefined
  if (start !== undefined) {
    const end = names.findIndex((name, index) => index > start && isCount(name))
    if (end > 0) return [...names.slice(0, start), names.slice(start, end).join('.'), ...names.slice(end)]
  }
  const payload = column.startsWith('summary.weave.feedback.') ? names.indexOf('payload', 4) : -1
  if (payload > 0) return [...names.slice(0, 3), names.slice(3, payload).join('.'), ...names.slice(payload)]
  return names
}

function isCount(name: string): boolean {
  return name === 'requests' || name.includes('token') || name === 'effective_date' || name.startsWith('pr') // provider_id …
}

const deepest = 20

function put(target: JsonObject, path: string[], value: Json, column: string): void {
  let inside = target
  for (const name of path.slice(0, -1)) {
    const next = Object.hasOwn(inside, name) ? inside[name] : undefined
    if (path.length > deepest || (next !== undefined && !isObject(next))) {
      target[column] = value // kept as it is, where two columns contradict each other
      return
    }
    const child: JsonObject = next ?? Object.create(null)
    inside[name] = child
    inside = child
  }
  inside[path.at(-1)!] = value
}
