import type { Attributes, Json } from '../../core/span.js'
import { isObject, unpack } from '../json.js'
import { type Draft, fieldNumbers } from './draft.js'
import { kindReader } from './kind.js'
import { type Reader, readerOf } from './readers.js'
import { type Field, keptSources, packedMetadata, sources } from './sources.js'

/** One place in the table of sources, as the scan wants it. */
interface Candidate {
  number: number
  rank: number
  read: Reader
  /** The attribute stays with the rest even when it wins. */
  keep: boolean
}

interface Entry {
  candidates: Candidate[]
  marks: number
}

/** What a scan looks for: whole attribute names, and families of flattened attributes by their first letter. */
export interface ScanIndex {
  entries: Map<string, Entry>
  resource: [key: string, candidates: Candidate[]][]
  families: Map<number, Family[]>
}

interface Family {
  name: string
  prefix: string
  marks: number
}

/** The table of sources turned round: attribute → fields. `marks` gives a bit to each attribute or family that a dialect must see. */
export function buildIndex(keyMarks: [string, number][], familyMarks: [string, number][]): ScanIndex {
  const entries = new Map<string, Entry>()
  const resource = new Map<string, Candidate[]>()
  for (const field of Object.keys(sources) as Field[]) {
    sources[field].forEach((source, rank) => {
      const inResource = source.startsWith('resource:')
      const key = inResource ? source.slice('resource:'.length) : source
      const read = field === 'kind' ? kindReader(key) : readerOf(field, key)
      const candidate = { number: fieldNumbers[field], rank, read, keep: keptSources.has(key) }
      if (inResource) resource.set(key, [...(resource.get(key) ?? []), candidate])
      else entryOf(entries, key).candidates.push(candidate)
    })
  }
  for (const [key, marks] of keyMarks) entryOf(entries, key).marks |= marks
  const families = new Map<number, Family[]>()
  for (const [name, marks] of familyMarks) {
    const letter = name.charCodeAt(0)
    families.set(letter, [...(families.get(letter) ?? []), { name, prefix: `${name}.`, marks }])
  }
  return { entries, resource: [...resource], families }
}

function entryOf(entries: Map<string, Entry>, key: string): Entry {
  const entry = entries.get(key) ?? { candidates: [], marks: 0 }
  entries.set(key, entry)
  return entry
}

/** The one pass over a span's attributes: best source per field, flattened families, marks of dialects with structure to read. */
export function scan(draft: Draft, attributes: Attributes, keys: readonly string[], index: ScanIndex): void {
  for (const key of keys) {
    const value = attributes[key]!
    if (value === null) continue
    const entry = index.entries.get(key)
    if (entry === undefined) {
      collect(draft, key, value, index)
      continue
    }
    draft.marks |= entry.marks
    for (const candidate of entry.candidates) offer(draft, candidate, value, attributes, key)
  }
}

/** The few resource attributes that fields are read from. */
export function scanResource(draft: Draft, resource: Attributes, index: ScanIndex): void {
  for (const [key, candidates] of index.resource) {
    const value = resource[key]
    if (value === undefined || value === null) continue
    for (const candidate of candidates) offer(draft, candidate, value, resource, undefined)
  }
}

/** Metadata that is one JSON text counts as if each of its keys were an attribute `<key of the text>.<key>`. */
export function scanPackedMetadata(draft: Draft, attributes: Attributes, index: ScanIndex): void {
  for (const home of packedMetadata) {
    const packed = attributes[home]
    const values = packed === undefined ? undefined : unpack(packed)
    if (!isObject(values)) continue
    for (const key of Object.keys(values)) {
      const entry = index.entries.get(`${home}.${key}`)
      const value = values[key]!
      if (entry === undefined || value === null) continue
      for (const candidate of entry.candidates) offer(draft, candidate, value, attributes, undefined)
    }
  }
}

function offer(draft: Draft, candidate: Candidate, value: Json, attributes: Attributes, key: string | undefined): void {
  const { number, rank } = candidate
  if (rank >= draft.ranks[number]!) return
  const read = candidate.read(value, attributes)
  if (read === undefined) return
  draft.values[number] = read
  draft.ranks[number] = rank
  draft.origins[number] = candidate.keep ? undefined : key
}

function collect(draft: Draft, key: string, value: Json, index: ScanIndex): void {
  const families = index.families.get(key.charCodeAt(0))
  if (families === undefined) return
  for (const { name, prefix, marks } of families) {
    if (!key.startsWith(prefix)) continue
    draft.marks |= marks
    const leaf = [key.slice(prefix.length), key, value] as const
    draft.families ??= new Map()
    const leaves = draft.families.get(name)
    if (leaves === undefined) draft.families.set(name, [leaf])
    else leaves.push(leaf)
    return
  }
}
