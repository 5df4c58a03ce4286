import type { Json } from '../core/span.js'
import { type JsonFault, locateFault } from './json-fault.js'

/** Deeper values are refused before anything walks them: every later walk may then be a plain recursion. */
const maxDepth = 200

/**
 * The value of a JSON text with every digit kept: an unquoted integer beyond 2^53 comes back as a decimal string, since a
 * double would round it. Of a repeated key the last value wins. Lone surrogates become U+FFFD.
 */
export function parseExact(text: string): { value: Json } | { fault: JsonFault } {
  let value: Json
  try {
    value = JSON.parse(text)
    const sort = inspect(value, maxDepth)
    if (sort === 'too deep')
      return { fault: { offset: 0, endsEarly: false, reason: `nested deeper than ${maxDepth} levels` } }
    if (sort === 'infinite') return { fault: { offset: 0, endsEarly: false, reason: 'number out of range' } }
    if (sort === 'long') value = JSON.parse(quoteLongIntegers(text))
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: locateFault(text) }
    throw error
  }
  return { value: text.includes('\\u') && mayHoldSurrogate.test(text) ? wellFormed(value) : value }
}

const mayHoldSurrogate = /\\u[dD][89a-fA-F]/

type Sort = 'plain' | 'long' | 'infinite' | 'too deep'

/** One walk over a value for all that JSON.parse lets pass: depth, infinity, integers that a double has rounded. */
function inspect(value: Json, levels: number): Sort {
  if (typeof value === 'number')
    return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? 'plain' : Number.isFinite(value) ? 'long' : 'infinite'
  if (typeof value !== 'object' || value === null) return 'plain'
  if (levels === 0) return 'too deep'
  let sort: Sort = 'plain'
  // Not Object.values: this runs over every value of every line.
  for (const key in value) {
    const member = (value as { [key: string]: Json })[key]!
    if (typeof member === 'string') continue
    const found = inspect(member, levels - 1)
    if (found === 'plain') continue
    if (found !== 'long') return found
    sort = 'long'
  }
  return sort
}

/** Puts quotes around integers that a double cannot hold, outside of strings. */
function quoteLongIntegers(text: string): string {
  const parts: string[] = []
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at)
    const end = quote === -1 ? text.length : quote
    parts.push(text.slice(at, end).replace(number, (digits) => (isLong(digits) ? `"${digits}"` : digits)))
    at = quote === -1 ? end : stringEnd(text, quote)
    parts.push(text.slice(end, at))
  }
  return parts.join('')
}

const number = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

function isLong(digits: string): boolean {
  // A leading zero is no JSON: quoting would make it some.
  return /^-?[1-9]\d{15,}$/.test(digits) && !Number.isSafeInteger(Number(digits))
}

/** The index behind the string that begins at `quote`. */
function stringEnd(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0
    while (text[end - 1 - backslashes] === '\\') backslashes += 1
    if (backslashes % 2 === 0) return end + 1
  }
  return text.length
}

function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(wellFormed)
  // fromEntries defines properties, so that a key `__proto__` stays data.
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)]))
}
