import { isShallow, maxDepth, parseJson } from '../core/json.js'
import type { Json } from '../core/span.js'
import { quoted, quotedEnd } from './text.js'

/**
 * The JSON of an output or a reference: text is parsed, through a code fence where one stands around it. Undefined where it
 * is not JSON or nested too deep to walk. Integers beyond 2^53 are decimal strings, as in all that was read from files.
 */
export function jsonOf(value: Json): Json | undefined {
  if (typeof value === 'string') return parseJson(unfenced(value))
  return isShallow(value) ? value : undefined
}

/** What stands inside of a fence of Markdown, plain or of `json`, around a whole text; the text itself without one. */
export function unfenced(text: string): string {
  const trimmed = text.trim()
  const firstLine = trimmed.indexOf('\n')
  if (!trimmed.startsWith('```') || !trimmed.endsWith('```') || firstLine === -1) return text
  const language = trimmed.slice(3, firstLine).trim().toLowerCase()
  return language === '' || language === 'json' ? trimmed.slice(firstLine + 1, -3) : text
}

/** Whether a text is JSON, however deep. */
export function isJsonText(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false // that it does not parse is the answer
  }
}

/** Why there is no JSON to look into, where `jsonOf` has found none. */
export function notJson(value: Json): string {
  const isDeep = typeof value !== 'string' || isJsonText(unfenced(value))
  return isDeep ? `nested deeper than ${maxDepth} levels` : notJsonText(value)
}

/** Says that a text is not JSON. Its end is shown too: most broken JSON is cut off. */
export function notJsonText(text: string): string {
  return `not JSON: ${quoted(text)}${text.length > 60 ? `, which ends in ${quotedEnd(text)}` : ''}`
}
