import type { Json } from '../span.js'

/** Edits one value: the same value when nothing had to change, undefined when it has to go. */
export type Edit<T> = (value: T) => T | undefined

/** An edit for every field of a type, so that a field that is added to it cannot pass by unseen. */
export type Edits<T> = { readonly [K in keyof T]-?: (value: NonNullable<T[K]>) => T[K] | undefined }

/** For ids, numbers and words of our own. */
export const keep = <T>(value: T): T => value

/** Edits the fields of an object; the same object when none changed. */
export function record<T extends object>(edits: Edits<T>): Edit<T> {
  const keys = Object.keys(edits) as (keyof T)[] // a literal of exactly these keys
  const edited = keys.filter((key) => edits[key] !== keep)
  return (value) => {
    let changes: Partial<T> | undefined
    for (const key of edited) {
      const before = value[key]
      if (before === undefined || before === null) continue
      const after = edits[key](before)
      if (after === before) continue
      changes ??= {}
      changes[key] = after
    }
    return changes === undefined ? value : withoutUndefined({ ...value, ...changes })
  }
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T // only optional fields go
}

/** Edits the items of a list; the same list when none changed. */
export function list<T>(edit: Edit<T>): Edit<T[]> {
  return (values) => {
    let copy: T[] | undefined
    for (let i = 0; i < values.length; i++) {
      const before = values[i]!
      const after = edit(before)
      if (after !== before) copy ??= values.slice(0, i)
      if (copy && after !== undefined) copy.push(after)
    }
    return copy ?? values
  }
}

type JsonObject = { [key: string]: Json }

/** Edits keys and values of a JSON object; the same object when none changed. Keys that become equal are numbered. */
export function entries(
  object: JsonObject,
  editKey: Edit<string>,
  edit: (value: Json, key: string) => Json | undefined,
): JsonObject {
  const keys = Object.keys(object)
  let copy: Map<string, Json> | undefined
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const before = object[key]!
    const name = editKey(key)
    const after = edit(before, key)
    if (copy === undefined && (name !== key || after !== before))
      copy = new Map(keys.slice(0, i).map((earlier) => [earlier, object[earlier]!]))
    if (copy && name !== undefined && after !== undefined) copy.set(copy.has(name) ? `${name} ${i + 1}` : name, after)
  }
  return copy === undefined ? object : Object.fromEntries(copy) // defines properties, so `__proto__` is one like any other
}

/** Edits every string of a JSON value, keys by an edit of their own. The key under which a text stands is given along, through lists too. */
export function jsonEdit(
  editKey: Edit<string>,
  text: (text: string, key?: string) => string | undefined,
): (value: Json, key?: string) => Json | undefined {
  const edit = (value: Json, key?: string): Json | undefined => {
    if (typeof value === 'string') return text(value, key)
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return list<Json>((item) => edit(item, key))(value)
    return entries(value, editKey, edit)
  }
  return edit
}

/** The same edit, with the keys remembered that it leaves alone: a few names stand on every span. */
export function remembering(edit: Edit<string>): Edit<string> {
  const clean = new Set<string>()
  return (key) => {
    if (clean.has(key)) return key
    const after = edit(key)
    if (after === key && clean.size < mostRemembered && key.length <= longestRemembered) clean.add(key)
    return after
  }
}
// Bounds, since keys are the export's.
const mostRemembered = 10_000
const longestRemembered = 100
