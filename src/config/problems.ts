import { type Document, isAlias, isMap, isPair, isSeq, type Node } from 'yaml'
import { z } from 'zod'
import { nearest } from './suggest.js'
import type { Fault, YamlReading } from './yaml.js'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** What zod found, as faults with their place in the file: a missing key stands at its parent, an unknown key at itself. */
export function faultsOf(
  issues: readonly Issue[],
  schema: z.ZodType,
  reading: Extract<YamlReading, { value: unknown }>,
): Fault[] {
  const { document, place, value } = reading
  return issues
    .flatMap((issue) => {
      if (issue.code !== 'unrecognized_keys')
        return [{ ...place(offsetOf(document, issue.path)), message: withPath(issue.path, messageOf(issue)) }]
      const known = keysAt(schema, issue.path, value)
      return issue.keys.map((key) => ({
        ...place(keyOffset(document, issue.path, key)),
        message: withPath(issue.path, `unknown key${quoted(key)}${didYouMean(key, known)}`),
      }))
    })
    .sort((a, b) => a.line - b.line || a.column - b.column)
}

/** Values are never quoted: a key pasted into the wrong line must not reach a log. */
function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return `missing; expected ${typeNames[issue.expected] ?? issue.expected}`
      return `expected ${typeNames[issue.expected] ?? issue.expected}${issue.expected === 'string' && isBare(issue.input) ? '; put it in quotes' : ''}`
    case 'invalid_union':
      if ('options' in issue && issue.discriminator !== undefined)
        return nameMessage(fieldOf(issue.input, issue.discriminator), issue.options ?? [])
      return issue.input === undefined ? 'missing; expected text or a number' : 'expected text or a number'
    case 'invalid_value':
      return nameMessage(issue.input, issue.values)
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int') return `is less than ${issue.minimum}`
      return issue.origin === 'array' ? 'is empty; expected at least one' : 'is empty'
    case 'too_big':
      return issue.origin === 'string' ? `is longer than ${issue.maximum} characters` : `is more than ${issue.maximum}`
    default:
      // Formats and checks of our own: their messages are written in the schema.
      return issue.message
  }
}

const typeNames: Partial<Record<string, string>> = {
  string: 'text',
  object: 'a mapping of keys to values',
  record: 'a mapping of keys to values',
  array: 'a list',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function nameMessage(typed: unknown, names: readonly unknown[]): string {
  if (typed === undefined) return `missing; expected ${oneOf(names)}`
  return `expected ${oneOf(names)}${didYouMean(typed, names.map(String))}`
}

function isBare(input: unknown): boolean {
  return typeof input === 'number' || typeof input === 'boolean'
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`
}

function withPath(path: Path, message: string): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}

/** A key as it may be printed: names only, since anything may stand where a key stands. */
function quoted(key: string): string {
  return /^[\w.$-]{1,60}$/.test(key) ? ` "${key}"` : ''
}

function didYouMean(typed: unknown, names: readonly string[]): string {
  const name = typeof typed === 'string' ? nearest(typed, names) : undefined
  return name === undefined ? '' : `; did you mean "${name}"?`
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>
  propertyNames?: { enum?: string[] }
  items?: JsonSchema
  oneOf?: JsonSchema[]
  const?: unknown
}

/** The keys that the schema knows at a path, read from its JSON Schema; where several kinds may stand, those of the kind that is named. */
function keysAt(schema: z.ZodType, path: Path, value: unknown): string[] {
  let at: JsonSchema | undefined = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema // no more than the keywords above are read
  let here = value
  for (const part of path) {
    at = typeof part === 'number' ? at?.items : at?.properties?.[String(part)]
    here = fieldOf(here, part)
    at = at?.oneOf?.find((kind) => isOfKind(kind, here)) ?? at
  }
  return at?.propertyNames?.enum ?? Object.keys(at?.properties ?? {})
}

/** Whether a value names this kind: `check: cites` stands where the schema wants exactly that. */
function isOfKind({ properties = {} }: JsonSchema, value: unknown): boolean {
  return Object.entries(properties).some(([key, { const: name }]) => name !== undefined && fieldOf(value, key) === name)
}

function fieldOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key] // hasOwn has just told
    : undefined
}

/** Where the value at a path begins; where there is none, its nearest parent. */
function offsetOf(document: Document, path: Path): number {
  let node = document.contents as Node | null
  let offset = node?.range?.[0] ?? 0
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document) ?? null
    const child = isMap(node) || isSeq(node) ? node.get(part, true) : undefined
    if (!child?.range) break
    node = child
    offset = child.range[0]
  }
  return offset
}

/** Where an unknown key itself stands. */
function keyOffset(document: Document, path: Path, key: string): number {
  const parent = path.length === 0 ? document.contents : document.getIn(path, true)
  const pair = isMap(parent) ? parent.items.find((item) => isPair(item) && String(item.key) === key) : undefined
  const node = pair?.key as Node | undefined // with `stringKeys` every key is a scalar
  return node?.range?.[0] ?? offsetOf(document, path)
}
