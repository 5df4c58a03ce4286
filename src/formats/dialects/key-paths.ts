import type { Attributes, Json } from '../../core/span.js'
import type { KeyPaths } from '../format.js'
import { isObject, unpack } from '../json.js'
import { type Draft, override } from './draft.js'
import { text } from './readers.js'
import { metadataHomes } from './sources.js'

/** One place to look: an attribute of the span or the resource, and the path inside it when it is an object or JSON text. */
interface Place {
  in: 'attributes' | 'resource'
  name: string
  inside?: string
}

type Field = keyof KeyPaths

/** The places of a configuration are worked out once; the same `KeyPaths` object serves every span of an ingest. */
const known = new WeakMap<KeyPaths, [Field, Place[]][]>()

/**
 * Fields from the attributes that this application says they are in; the first path with a value wins, before every convention.
 * A path is an attribute of the span or the resource (also written `resource.…`), or leads into an attribute that is an object
 * or JSON text. `metadata.x` also finds `x` in the metadata of each vocabulary.
 */
export function fillConfigured(draft: Draft, keys: KeyPaths): void {
  let places = known.get(keys)
  if (places === undefined) {
    places = (Object.keys(keys) as Field[]).map((field) => [field, (keys[field] ?? []).flatMap(placesOf)])
    known.set(keys, places)
  }
  for (const [field, candidates] of places) {
    for (const place of candidates) {
      const value = readPlace(draft.raw[place.in], place)
      if (value === undefined) continue
      override(draft, field, value, place.in === 'attributes' && place.inside === undefined ? place.name : undefined)
      break
    }
  }
}

function placesOf(path: string): Place[] {
  const inResource = path.startsWith('resource.') ? path.slice('resource.'.length) : path
  const homes = path.startsWith('metadata.') ? metadataHomes.map((home) => home + path.slice('metadata'.length)) : []
  return [
    { in: 'attributes', name: path },
    { in: 'resource', name: inResource },
    ...insides('attributes', path),
    ...insides('resource', inResource),
    ...homes.flatMap((alias): Place[] => [
      { in: 'attributes', name: alias },
      ...insides('attributes', alias),
      { in: 'resource', name: alias },
    ]),
  ]
}

/** Every way to split a path into an attribute and a path inside it, the longest attribute name first. */
function insides(where: Place['in'], path: string): Place[] {
  const names = path.split('.')
  return names.slice(1).map((_, index) => {
    const cut = names.length - 1 - index
    return { in: where, name: names.slice(0, cut).join('.'), inside: names.slice(cut).join('.') }
  })
}

function readPlace(attributes: Attributes, { name, inside }: Place): string | undefined {
  const value = attributes[name]
  if (value === undefined || !Object.hasOwn(attributes, name)) return undefined
  return inside === undefined ? identity(value) : walk(value, inside)
}

function walk(value: Json, path: string): string | undefined {
  const object = unpack(value)
  if (!isObject(object)) return undefined
  if (Object.hasOwn(object, path)) return identity(object[path]!)
  const dot = path.indexOf('.')
  const name = path.slice(0, dot)
  return dot > 0 && Object.hasOwn(object, name) ? walk(object[name]!, path.slice(dot + 1)) : undefined
}

function identity(value: Json): string | undefined {
  return typeof value === 'boolean' ? String(value) : text(value)
}
