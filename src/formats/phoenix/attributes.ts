import type { Attributes, Json } from '../../core/span.js'
import { isObject } from '../json.js'

/** Attributes that Phoenix takes apart although they are one value to their convention. */
const wholes = ['llm.prompt_template.variables.', 'tool.parameters.'] as const
const documentMetadata = '.document.metadata.'

/**
 * Attributes under the names that instrumentation gave them, whatever Phoenix made of them: its dataframe nests objects and lists,
 * its API flattens all of it, also what was one JSON text. The input must be nested within 200 levels.
 */
export function restoreAttributes(given: Attributes): Attributes {
  const into: Attributes = Object.create(null)
  for (const key of Object.keys(given)) spread(into, key, given[key]!)
  return into
}

function spread(into: Attributes, key: string, value: Json): void {
  const members = membersOf(value)
  if (members !== undefined && members.length > 0) {
    for (const [name, member] of members) spread(into, `${key}.${name}`, member)
    return
  }
  // An object without a prototype, since parts may be put into it under any name.
  const kept: Json = members === undefined ? value : Object.create(null)
  const end = endOfWhole(key)
  if (end < 0) into[key] = kept
  else gather(into, key.slice(0, end), key.slice(end + 1), kept)
}

/** What is taken apart: objects, and lists of nothing but objects. */
function membersOf(value: Json): [string, Json][] | undefined {
  if (isObject(value)) return Object.entries(value)
  return Array.isArray(value) && value.length > 0 && value.every(isObject) ? Object.entries(value) : undefined
}

/** Where the name of a value ends that this attribute is a part of; -1 when it stands for itself. */
function endOfWhole(key: string): number {
  for (const whole of wholes) if (key.startsWith(whole)) return whole.length - 1
  const at = key.indexOf(documentMetadata)
  return at < 0 ? -1 : at + documentMetadata.length - 1
}

/** Puts a part back at its path; where a value stands in its way, under the rest of the path as one key. */
function gather(into: Attributes, whole: string, path: string, value: Json): void {
  into[whole] ??= Object.create(null)
  const present = into[whole]
  if (!isObject(present)) {
    into[`${whole}.${path}`] = value
    return
  }
  let home = present
  let start = 0
  for (let levels = 0; levels < 20; levels++) {
    const dot = path.indexOf('.', start)
    if (dot < 0) break
    const name = path.slice(start, dot)
    home[name] ??= Object.create(null)
    const inner = home[name]
    if (!isObject(inner)) break
    home = inner
    start = dot + 1
  }
  home[path.slice(start)] = value
}
