import { isObject } from '../core/json.js'
import type { Json } from '../core/span.js'

/** A place inside of JSON: the keys and list indexes that lead to it, and what stands there, if anything does. */
export interface Place {
  keys: readonly string[]
  value: Json | undefined
}

/** The name of a place in a path of the settings: `items.0.name`. */
export function pathOf({ keys }: Pick<Place, 'keys'>): string {
  return keys.join('.')
}

/** The places of a dotted path, where `*` is each member of a list or object: one with no value where the path breaks off. */
export function placesAt(json: Json, path: string): Place[] {
  let places: Place[] = [{ keys: [], value: json }]
  for (const key of path.split('.')) places = places.flatMap((place) => step(place, key))
  return places
}

function step({ keys, value }: Place, key: string): Place[] {
  const names = key === '*' && typeof value === 'object' && value !== null ? Object.keys(value) : [key]
  return names.map((name) => ({ keys: [...keys, name], value: memberOf(value, name) }))
}

/** What stands where some keys lead; undefined where nothing does. Inherited names such as `constructor` are nothing. */
export function valueAt(json: Json, keys: readonly string[]): Json | undefined {
  let value: Json | undefined = json
  for (const key of keys) value = memberOf(value, key)
  return value
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** Every place that has nothing below it: plain values, and lists and objects that are empty. For JSON that is shallow. */
export function leavesOf(value: Json, keys: readonly string[] = []): Place[] {
  const isInner = typeof value === 'object' && value !== null && Object.keys(value).length > 0
  if (!isInner) return [{ keys, value }]
  return Object.entries(value).flatMap(([key, member]) => leavesOf(member, [...keys, key]))
}
