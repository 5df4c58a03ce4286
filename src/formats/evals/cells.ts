import type { Outcome } from '../../core/eval/result.js'
import type { Json, RetrievedDocument } from '../../core/span.js'
import { isObject, type JsonObject, unpack } from '../json.js'
import type { Row } from '../row.js'

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i

/** A finite number, or one that is written out, as in a table. */
export function numberOf(value: Json | undefined): number | undefined {
  const isNumber = typeof value === 'number' || (typeof value === 'string' && decimal.test(value))
  const number = isNumber ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : undefined
}

const words: Readonly<Record<string, Outcome>> = {
  true: 'pass',
  '1': 'pass',
  '1.0': 'pass',
  yes: 'pass',
  pass: 'pass',
  passed: 'pass',
  false: 'fail',
  '0': 'fail',
  '0.0': 'fail',
  no: 'fail',
  fail: 'fail',
  failed: 'fail',
  error: 'error',
  unscored: 'unscored',
  skipped: 'unscored',
}

/** The outcome that a yes or no states: a boolean, 1 or 0, or a word for either; undefined for everything else. */
export function outcomeOf(value: Json | undefined): Outcome | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined
  const word = String(value).trim().toLowerCase()
  return Object.hasOwn(words, word) ? words[word] : undefined
}

/** Text that is not empty, or a number or boolean written out. */
export function wordOf(value: Json | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === 'object') return undefined
  const word = String(value).trim()
  return word === '' ? undefined : word
}

/** True for what a runner leaves where it has no value: nothing, or a program's word for it. */
export function isNothing(value: Json | undefined): boolean {
  if (value === undefined || value === null) return true
  return typeof value === 'string' && /^\s*(?:nan|none|null)?\s*$/i.test(value)
}

/** The first of these members that has a value. */
export function firstOf(row: Row, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const value = Object.hasOwn(row, name) ? row[name] : undefined
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

/** The objects of a list; none where it is no list. */
export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** Tags as a list of words, or as words between commas or semicolons. */
export function tagsOf(value: Json | undefined): string[] | undefined {
  const parts = Array.isArray(value) ? value.map(wordOf) : wordOf(value)?.split(/[,;]/)
  const tags = parts?.map((part) => part?.trim()).filter((part): part is string => part !== undefined && part !== '')
  return tags && tags.length > 0 ? tags : undefined
}

/** Retrieved texts as documents; undefined where they are no list. */
export function documentsOf(value: Json | undefined): RetrievedDocument[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.map((item) => ({ content: typeof item === 'string' ? item : JSON.stringify(item) }))
}

/** Names of which none repeats: the second `contains` is `contains 2`. */
export function distinctNames(names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.map((name) => {
    let distinct = name
    for (let times = 2; seen.has(distinct); times++) distinct = `${name} ${times}`
    seen.add(distinct)
    return distinct
  })
}

/** A record without the members that are undefined, so that one with none can be told. */
export function known<T extends object>(record: T): T | undefined {
  const members = Object.entries(record).filter(([, value]) => value !== undefined)
  return members.length === 0 ? undefined : (Object.fromEntries(members) as T) // the same members but those without a value
}

/** A row of a table: empty cells are there and hold nothing, cells that hold a JSON list or object are those; numbers stay text. */
export function recordOfTable(row: Row): { [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, cell === '' ? null : opensJson(cell) ? unpack(cell) : cell]),
  )
}

function opensJson(cell: Json): cell is string {
  return typeof cell === 'string' && /^\s*[[{]/.test(cell)
}
