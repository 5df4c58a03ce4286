import type { Json } from '../core/span.js'
import { maxDepth, unpack } from './json.js'

/** A cell that holds JSON or, as CSV writers of Python leave it, the `repr` of a dict or list; other text comes back as it is. */
export function unpackRepr(value: Json): Json {
  const given = unpack(value)
  return typeof given === 'string' && /^\s*[[{(]/.test(given) ? (readPythonRepr(given) ?? given) : given
}

/**
 * The value of a `repr` in Python: dicts, lists, tuples, texts, numbers, None, True, False; a `datetime` in UTC becomes ISO 8601.
 * Undefined for everything else, and for what is nested too deep. Linear.
 */
function readPythonRepr(text: string): Json | undefined {
  let at = 0
  const skip = (mark: string): boolean => {
    while (at < text.length && text.charCodeAt(at) <= 32) at++
    if (!text.startsWith(mark, at)) return false
    at += mark.length
    return true
  }
  const match = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }

  function value(depth: number): Json | undefined {
    if (depth === 0) return undefined
    if (skip('{')) return dict(depth - 1)
    if (skip('[')) return list(depth - 1, ']')
    if (skip('(')) return list(depth - 1, ')')
    if (skip("'")) return quoted("'")
    if (skip('"')) return quoted('"')
    const digits = match(/[+-]?\d[\d.eE+-]*/y)
    return digits === '' ? named(depth - 1) : numberOf(digits)
  }

  /** What stands before `end`, between commas; the last may have one too (a tuple of one has). */
  function list(depth: number, end: string): Json[] | undefined {
    const items: Json[] = []
    while (!skip(end)) {
      if (items.length > 0 && !skip(',')) return undefined
      if (skip(end)) break
      match(/\w+=/y) // the keyword of an argument
      const item = value(depth)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  function dict(depth: number): Json | undefined {
    const members: { [key: string]: Json } = Object.create(null)
    for (let isFirst = true; !skip('}'); isFirst = false) {
      if (!isFirst && !skip(',')) return undefined
      const key = value(depth)
      if (key === undefined || typeof key === 'object' || !skip(':')) return undefined
      const member = value(depth)
      if (member === undefined) return undefined
      members[String(key)] = member
    }
    return members
  }

  function quoted(quote: string): string | undefined {
    const parts: string[] = []
    let from = at
    for (; at < text.length; at++) {
      if (text[at] === quote) {
        parts.push(text.slice(from, at++))
        return parts.join('')
      }
      if (text[at] !== '\\') continue
      parts.push(text.slice(from, at), escaped())
      from = at + 1
    }
    return undefined
  }

  /** The letter of an escape; leaves `at` on its last character. */
  function escaped(): string {
    const mark = text[++at] ?? ''
    const length = mark === 'x' ? 2 : mark === 'u' ? 4 : mark === 'U' ? 8 : 0
    if (length === 0) return mark === 'n' ? '\n' : mark === 't' ? '\t' : mark === 'r' ? '\r' : mark
    const code = Number.parseInt(text.slice(at + 1, at + 1 + length), 16)
    at += length
    return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  }

  /** `None`, `datetime.datetime(2025, 1, 2, tzinfo=…)`, `UUID('…')`. */
  function named(depth: number): Json | undefined {
    const name = match(/[A-Za-z_][\w.]*/y)
    if (name === 'True' || name === 'False') return name === 'True'
    if (name === 'None' || name === 'nan' || name === 'UTC' || name.endsWith('timezone.utc')) return null
    const given = name !== '' && depth > 0 && skip('(') ? list(depth, ')') : undefined
    if (given === undefined) return undefined
    if (name.endsWith('datetime')) return dateOf(given)
    if (name === 'TzInfo') return given[0] === 0 || given[0] === null ? null : undefined // any other zone is not read
    return given.length === 1 && typeof given[0] === 'string' ? given[0] : undefined
  }

  const found = value(maxDepth)
  skip('')
  return at === text.length ? found : undefined
}

function numberOf(digits: string): Json | undefined {
  const number = Number(digits)
  if (!Number.isFinite(number)) return undefined
  return Number.isInteger(number) && !Number.isSafeInteger(number) && /^[+-]?\d+$/.test(digits) ? digits : number
}

function dateOf(values: readonly Json[]): string | undefined {
  const parts = values.filter((part) => part !== null) // a zone of UTC
  if (parts.length < 3 || parts.length > 7 || !parts.every((part) => typeof part === 'number')) return undefined
  const [year, month, day, hour = 0, minute = 0, second = 0, micros = 0] = parts.map(String)
  const two = (part: string | number | undefined) => String(part).padStart(2, '0')
  const clock = [hour, minute, second].map(two).join(':')
  return `${year}-${two(month)}-${two(day)}T${clock}.${String(micros).padStart(6, '0')}Z`
}
