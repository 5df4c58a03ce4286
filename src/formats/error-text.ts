import type { Json } from '../core/span.js'
import { isObject } from './json.js'

/**
 * The message of an error, in one line, out of what platforms keep of it: a text, a message with a Python traceback before or
 * behind it, an object with its message. Undefined where nothing is said.
 */
export function errorMessage(error: Json | undefined): string | undefined {
  if (typeof error === 'number' || typeof error === 'boolean') return String(error)
  if (isObject(error)) return errorMessage(error.message ?? error.error ?? error.detail ?? error.name ?? error.type)
  if (typeof error !== 'string') return undefined
  const text = error.trim()
  const at = text.indexOf(traceback)
  // Python ends a traceback with the exception; wrappers put the exception before it.
  const line = at === 0 ? text.slice(text.lastIndexOf('\n') + 1) : firstLine(at > 0 ? text.slice(0, at) : text)
  return line.trim() === '' ? undefined : line.trim()
}

const traceback = 'Traceback (most recent call last)'

function firstLine(text: string): string {
  const end = text.indexOf('\n')
  return end < 0 ? text : text.slice(0, end)
}
