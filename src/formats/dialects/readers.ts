import type { Attributes, Json } from '../../core/span.js'
import { isObject, unpack } from '../json.js'
import { normaliseProvider } from './provider.js'
import type { Field } from './sources.js'

/** The value of one attribute as its field wants it; undefined when it has none, so that the next source is asked. */
export type Reader = (value: Json, attributes: Attributes) => Json | undefined

/** Text that is not empty; numbers and lists of one (HTTP headers) count. `None` is Python's null. */
export const text = (value: Json): string | undefined => {
  if (typeof value === 'string') return value === '' || value === 'None' ? undefined : value
  if (typeof value === 'number') return String(value)
  return Array.isArray(value) && value.length === 1 ? text(value[0]!) : undefined
}

/** A number from 0; digits in a string count. */
export const count = (value: Json): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined
}

/** A list of texts, from a list, JSON text, or one string with commas (LangSmith). */
export const texts = (value: Json): string[] | undefined => {
  const given = unpack(value)
  const items = Array.isArray(given) ? given : typeof given === 'string' ? given.split(/,\s*/) : []
  const read = items.filter((item): item is string => typeof item === 'string' && item !== '')
  return read.length === 0 ? undefined : read
}

/** US dollars: a number, or a map of parts with its total. */
const dollars: Reader = (value) => {
  const given = unpack(value)
  if (!isObject(given)) return count(given)
  if (given.total !== undefined) return count(given.total)
  const parts = Object.values(given).map(count)
  const known = parts.filter((part) => part !== undefined)
  return known.length === parts.length && known.length > 0 ? known.reduce((sum, part) => sum + part, 0) : undefined
}

/** A whole number from 0; digits in a string count. */
const whole: Reader = (value) => {
  const number = count(value)
  return Number.isSafeInteger(number) ? number : undefined
}

const present: Reader = (value) => (value === '' || value === null ? undefined : value)
const unpacked: Reader = (value) => present(unpack(value), {})

/** `input.value` is JSON only where its MIME type says so; `{"a":1}` may be the very text that a model answered. */
const typed =
  (mimeKey: string): Reader =>
  (value, attributes) =>
    present(attributes[mimeKey] === 'application/json' ? unpack(value) : value, attributes)

/** Gemini CLI makes up a name for each request, `<uuid>########0`: no prompt's name. */
const promptLabel: Reader = (value) => {
  const label = text(value)
  return label === undefined || /#{8}\d+$/.test(label) ? undefined : label
}

const template: Reader = (value) => (typeof value === 'object' && value !== null ? JSON.stringify(value) : text(value))

const provider: Reader = (value) => {
  const name = text(value)
  return name === undefined ? undefined : normaliseProvider(name)
}

const readers: Partial<Record<Field, Reader>> = {
  provider,
  promptName: promptLabel,
  promptTemplate: template,
  promptVariables: unpacked,
  inputTokens: count,
  outputTokens: count,
  cachedInput: count,
  cacheWrite: count,
  reasoning: count,
  costUsd: dollars,
  retries: whole,
  toolArguments: unpacked,
  toolResult: unpacked,
  input: unpacked,
  output: unpacked,
  finishReasons: texts,
  tags: texts,
}

/** `tool.parameters` is the call's arguments or the tool's JSON schema; a schema has properties of its own. */
const parameters: Reader = (value) => {
  const given = unpack(value)
  return isObject(given) && given.properties === undefined && given.$schema === undefined ? given : undefined
}

const readersByKey: Record<string, Reader> = {
  'ai.values': (value) => (Array.isArray(value) ? value.map(unpack) : present(value, {})),
  'input.value': typed('input.mime_type'),
  'output.value': typed('output.mime_type'),
  final_result: present,
  function_input: present, // Python repr, never JSON
  function_output: present,
  'tool.parameters': parameters,
}

/** How `field` reads the attribute `key`; text where nothing else is said. */
export function readerOf(field: Field, key: string): Reader {
  return readersByKey[key] ?? readers[field] ?? text
}
