import { z } from 'zod'
import { PilotError } from '../core/errors.js'
import { isObject } from '../core/json.js'
import { compileLinear } from '../core/linear-expression.js'
import type { Json } from '../core/span.js'
import { jsonOf } from './json-of.js'
import { leavesOf, valueAt } from './paths.js'

/** The settings that say how this application cites. */
export const citationSettings = {
  field: z
    .string()
    .min(1)
    .optional()
    .describe('Where an output of JSON lists what it cites: sources, answer.citations.'),
  pattern: z
    .string()
    .min(1)
    .optional()
    .describe(
      "The application's own form as a regular expression (RE2); its first group is the id. Without it: [1], [doc-12], (source: id), 【1】.",
    ),
}

/** The ids and numbers that an output cites, each once. `known` are ids of documents: such an id needs no digit to count. */
export type CitationReader = (value: Json, known: ReadonlySet<string>) => string[]

/** What reads citations by these settings. Throws `PilotError` for both at once, and for a pattern that RE2 refuses. */
export function citationReader(
  check: string,
  by: { field?: string | undefined; pattern?: string | undefined },
): CitationReader {
  const { field, pattern } = by
  if (field !== undefined && pattern !== undefined)
    throw new PilotError(`${check}: field and pattern stand side by side.`, {
      hint: 'Keep the one by which this application cites.',
    })
  if (field !== undefined) return (value) => [...new Set(listedAt(value, field.split('.')))]
  const read = pattern === undefined ? readMarks : patternReader(pattern)
  return (value, known) => [...new Set(textsIn(value).flatMap((text) => read(text, known)))]
}

/** A text without its citations: each becomes a blank. */
export function withoutCitations(text: string, known: ReadonlySet<string>): string {
  return text.replace(mark, (...match) => (idsOf(match, known).length > 0 ? ' ' : match[0]))
}

/** The texts of an output; those of JSON one by one, since a list of numbers in JSON is no citation. */
function textsIn(value: Json): string[] {
  const json = typeof value === 'string' ? value : jsonOf(value)
  return json === undefined
    ? []
    : leavesOf(json).flatMap((leaf) => (typeof leaf.value === 'string' ? [leaf.value] : []))
}

function listedAt(value: Json, keys: string[]): string[] {
  const json = jsonOf(value)
  const found = json === undefined ? undefined : valueAt(json, keys)
  return (Array.isArray(found) ? found : [found]).flatMap((entry) => {
    const id = isObject(entry) ? (entry.id ?? entry.source) : entry
    const text = typeof id === 'string' || typeof id === 'number' ? String(id).trim() : ''
    return text === '' ? [] : [text]
  })
}

function patternReader(pattern: string): (text: string) => string[] {
  const expression = compileLinear(pattern)
  return (text) => {
    const ids: string[] = []
    const matcher = expression.matcher(text)
    while (matcher.find()) ids.push((matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()) ?? '')
    return ids.map((id) => id.trim()).filter((id) => id !== '')
  }
}

// Groups: a named source, OpenAI's brackets, plain brackets, and the parenthesis of a Markdown link behind them.
const mark = /[([]sources?:([^()[\]\n]{1,300})[)\]]|【([^【】\n]{1,300})】|\[([^[\]\n]{1,300})\](?=(\()?)/gi

function readMarks(text: string, known: ReadonlySet<string>): string[] {
  return [...text.matchAll(mark)].flatMap((match) => idsOf(match, known))
}

/** The ids of one mark: [1, 2] has two; [text](link) and [words] have none. */
function idsOf(match: readonly (string | undefined)[], known: ReadonlySet<string>): string[] {
  const [, named, openAi, plain, opensLink] = match
  if (named !== undefined) return parts(named)
  if (openAi !== undefined) return parts(openAi).map((part) => part.split('†')[0]!.trim()) // 【12†source】
  const ids = parts(plain ?? '').map((part) => part.replace(/^\^/, '')) // [^1] is a footnote
  const isCitation = (id: string) => isNumber(id) || (opensLink === undefined && (known.has(id) || looksLikeId(id)))
  return ids.every(isCitation) ? ids : []
}

function parts(list: string): string[] {
  return list
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function isNumber(id: string): boolean {
  return /^\d{1,9}$/.test(id)
}

/** Letters and a digit without a blank: doc-12, but neither [sic] nor [2026-03-02]. */
function looksLikeId(id: string): boolean {
  return /^[\p{L}\p{N}][\p{L}\p{N}_.:/#-]{0,126}$/u.test(id) && /\p{L}/u.test(id) && /\d/.test(id)
}
